"""Rename a function everywhere: where it is called, and where the tests say that it is named otherwise."""

from __future__ import annotations

import re
from collections.abc import Generator

from agent.model.scripted import Heard, Say, Script, call
from tests.agent.bots import two_stages
from tests.agent.bots.reading import Lost, code_of, hand_in, paths_in, renamed, symbol_in, task_in, wanted

_ROUNDS = 3


def _names(prompt: str) -> tuple[str, str]:
    match = wanted(r"Rename `(\w+)` to `(\w+)`", task_in(prompt), "two names")
    return match[1], match[2]


def _known(old: str) -> Generator[Say, Heard, list[str]]:
    """The file that defines it and those that call it."""
    (shown,) = yield call("get_symbol", f"Where is {old} defined?", name=old)
    (uses,) = yield call("find_references", "Who uses it?", name=old)
    return list(dict.fromkeys([symbol_in(shown).path, *paths_in(uses)]))


def _planning(prompt: str) -> Script:
    old, new = _names(prompt)
    paths = yield from _known(old)
    yield call(
        "propose_plan",
        f"It stands in {len(paths)} files.",
        plan={
            "summary": f"{old} becomes {new} in every file that names it; nothing else changes.",
            "kind": "refactoring",
            "steps": [{"text": f"Rename {old} to {new}", "files": paths}],
            "files": [{"path": path, "action": "change", "why": f"names {old}"} for path in paths],
            "risks": [f"places that know {old} as a text"],
            "verification": "All tests pass as before.",
        },
    )


def _work(prompt: str) -> Script:
    old, new = _names(prompt)
    yield call("update_plan", "Let us begin.", step=1, status="doing")
    paths = yield from _known(old)
    for path in paths:
        yield from _rename(path, old, new)
    (report,) = yield call("run_tests", "Does it all still hold?")
    for _ in range(_ROUNDS):
        if report.startswith("green"):
            break
        if not re.search(rf"\b{old}\b", report):
            raise Lost(f"the tests fail for another reason: {report}")
        why = f"Somebody still asks for {old}. Where does the word stand?"
        (left,) = yield call("run", why, command=f"grep -rnw --exclude-dir=.git -- {old} .")
        for path in paths_in(left.replace("\n./", "\n")):
            added = [{"path": path, "action": "change", "why": f"knows {old} as a text"}]
            yield call("update_plan", f"{path} was not planned.", add_files=added)
            yield from _rename(path, old, new)
        (report,) = yield call("run_tests", "And now?")
    if not report.startswith("green"):
        raise Lost(f"not green: {report}")
    yield call("update_plan", "Green.", step=1, status="done")
    yield from hand_in(prompt, f"{old} is called {new}", "The same function under a clearer name.", "tests")


def _rename(path: str, old: str, new: str) -> Generator[Say, Heard, None]:
    (shown,) = yield call("read_file", f"How does {path} use it?", path=path)
    before, after = renamed(code_of(shown), old, new)
    yield call("str_replace", f"{new} it is.", path=path, old=before, new=after)


begin = two_stages(_planning, _work)
