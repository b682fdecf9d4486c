"""Code that does not build -> code that does: unknown names become those that are meant.

What a compiler suggests is tried first, then the names that come closest. When a guess is refused, the
next one takes its place.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import dataclass
from difflib import get_close_matches

from agent.model.scripted import Heard, Say, Script, call
from tests.agent.bots import two_stages
from tests.agent.bots.reading import Lost, code_of, hand_in, renamed, task_in, wanted

_ROUNDS = 6
_UNKNOWN = (
    r"implicit declaration of function [‘'`](\w+)",
    r"undefined: (\w+)",
    r"cannot find (?:function|value) [‘'`](\w+)",
    r"cannot import name '(\w+)'",
    r"use of undeclared identifier '(\w+)'",
)
_MEANT = r"did you mean [‘'`:\s]*(\w+)|similar name exists: [‘'`](\w+)"


@dataclass(frozen=True)
class Guess:
    """A name that does not exist, the lines that held it, what stands there now, what else may be meant."""

    name: str
    block: str
    standing: str
    others: list[str]


def _path(prompt: str) -> str:
    return wanted(r"in `([^`]+\.\w+)`", task_in(prompt), "file that does not build")[1]


def _planning(prompt: str) -> Script:
    path = _path(prompt)
    (shown,) = yield call("read_file", "What is there?", path=path)
    yield call(
        "propose_plan",
        "The tests will say what is wrong.",
        plan={
            "summary": f"{path} names what does not exist; what is meant is found from what the build says.",
            "kind": "build",
            "steps": [{"text": f"Mend {path}", "files": [path]}],
            "files": [{"path": path, "action": "change", "why": shown.splitlines()[0]}],
            "verification": "It builds again and the tests that are there pass.",
        },
    )


def _work(prompt: str) -> Script:
    path = _path(prompt)
    yield call("update_plan", "What does the build say?", step=1, status="doing")
    (report,) = yield call("run_tests", "What does the build say?")
    first = report
    guesses: dict[str, Guess] = {}  # by the name that was put in
    for _ in range(_ROUNDS):
        if report.startswith("green"):
            break
        name = _unknown(report)
        if name in guesses:
            guess = guesses.pop(name)
        else:
            near = yield from _meant(name, path, report)
            (shown,) = yield call("read_file", f"Where does {name} stand?", path=path)
            block, _ = renamed(code_of(shown), name, name)
            guess = Guess(name, block, block, near)
        if not guess.others:
            raise Lost(f"nothing comes close to {guess.name}: {report}")
        chosen, *others = guess.others
        _, new = renamed(guess.block, guess.name, chosen)
        yield call("str_replace", f"Is {chosen} meant?", path=path, old=guess.standing, new=new)
        guesses[chosen] = Guess(guess.name, guess.block, new, others)
        (report,) = yield call("run_tests", "Does it build?")
    if not report.startswith("green"):
        raise Lost(f"it still does not build: {report}")
    yield call("update_plan", "It does.", step=1, status="done")
    summary = f"{path} named what does not exist ({_unknown(first)})."
    yield from hand_in(prompt, f"{path} builds again", summary, "the tests that are there")


def _unknown(report: str) -> str:
    for pattern in _UNKNOWN:
        if found := re.search(pattern, report):
            return found[1]
    raise Lost(f"the build says nothing of an unknown name: {report}")


def _meant(name: str, path: str, report: str) -> Generator[Say, Heard, list[str]]:
    """Names that may be meant, the likeliest first."""
    told = re.search(rf"\b{name}\b.*(?:\n.*)?(?:{_MEANT})", report)
    (hits,) = yield call("search_code", f"What may {name} be?", query=name)
    (shown,) = yield call("read_file", f"And what does {path} name?", path=path)
    words = set(re.findall(r"\b[A-Za-z_]\w{2,}\b", hits + code_of(shown))) - {name}
    near = get_close_matches(name, sorted(words), n=3, cutoff=0.6)
    return list(dict.fromkeys([*([told[1] or told[2]] if told else []), *near]))


begin = two_stages(_planning, _work)
