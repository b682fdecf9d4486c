"""A dependency and a version -> manifest and lock that both say so, without a network."""

from __future__ import annotations

import re
import shlex
from collections.abc import Generator

from agent.model.scripted import Heard, Say, Script, call
from tests.agent.bots import two_stages
from tests.agent.bots.reading import Lost, code_of, hand_in, paths_in, task_in, wanted


def _asked(prompt: str) -> tuple[str, str, str]:
    match = wanted(r"Raise `([\w.-]+)` from ([\d.]+\d) to ([\d.]+\d)", task_in(prompt), "dependency")
    return match[1], match[2], match[3]


def _naming(name: str) -> Generator[Say, Heard, dict[str, str]]:
    """The manifests that name it, with their text; what a person writes before what a program writes."""
    (listed,) = yield call("list_files", "Which manifests are there?", pattern="*")
    found = {}
    for path in (path for path in paths_in(listed) if path.endswith((".in", ".txt", ".json"))):
        (shown,) = yield call("read_file", f"Does {path} name {name}?", path=path)
        if re.search(rf"(?:^|\"|/){re.escape(name)}(?:[\"=><~]|$)", code_of(shown), re.M):
            found[path] = code_of(shown)
    if not found:
        raise Lost(f"nothing names {name}")
    return dict(sorted(found.items(), key=lambda item: (_locks(*item), item[0])))


def _locks(path: str, text: str) -> bool:
    return "lock" in path or "pinned from" in text


def _planning(prompt: str) -> Script:
    name, old, new = _asked(prompt)
    paths = list((yield from _naming(name)))
    yield call(
        "propose_plan",
        f"{len(paths)} files name it.",
        plan={
            "summary": f"{name} goes from {old} to {new}, in the manifest and in what is locked.",
            "kind": "dependencies",
            "steps": [{"text": f"Raise {name} in {path}", "files": [path]} for path in paths],
            "files": [{"path": path, "action": "change", "why": f"names {name}"} for path in paths],
            "risks": [f"what {name} {new} does differently"],
            "verification": "The tests that compare both files pass.",
        },
    )


def _work(prompt: str) -> Script:
    name, old, new = _asked(prompt)
    yield call("update_plan", "The manifest first.", step=1, status="doing")
    files = yield from _naming(name)
    (manifest, text), *_ = files.items()
    before = next(line for line in text.split("\n") if re.search(rf"\b{re.escape(name)}\b.*\d", line))
    after = before.replace(old, new)
    yield call("str_replace", f"{name} {new}.", path=manifest, old=before, new=after)
    (report,) = yield call("run_tests", "Is that all?")
    if report.startswith("green"):
        raise Lost("the tests do not compare the manifest with what is locked")
    lock = next((path for path in files if path != manifest and path in report), None)
    if lock is None:
        raise Lost(f"the tests fail for another reason: {report}")
    yield call("update_plan", f"{lock} does not agree.", step=2, status="doing")
    yield from _lock(lock, files[lock], name, new)
    (report,) = yield call("run_tests", "Do they agree now?")
    if not report.startswith("green"):
        raise Lost(f"not green: {report}")
    yield call("update_plan", "They do.", step=2, status="done")
    yield from hand_in(prompt, f"{name} is at {new}", f"It was at {old}.", lock)


def _lock(path: str, text: str, name: str, new: str) -> Generator[Say, Heard, None]:
    """By an edit, or by a command where edits of files that a program writes are refused."""
    line = next(line for line in text.split("\n") if re.search(rf"{re.escape(name)}\W.*\d", line))
    locked = wanted(r"(\d[\d.]*\d)\W*$", line, "version")[1]
    (said,) = yield call("str_replace", "And here.", path=path, old=line, new=line.replace(locked, new))
    if "GENERATED" not in said:
        return
    swap = f's/"{locked.replace(".", "[.]")}"/"{new}"/'
    why = "A program writes it; without a network I do what that would."
    yield call("run", why, command=f"sed -i {shlex.quote(swap)} {shlex.quote(path)}")


begin = two_stages(_planning, _work)
