"""A known fix -> a model that makes it again, call by call, through the tools of the agent.

No model thinks here: what is proven is that the tools, the sandbox and the tests carry real changes of
real repositories. It reads what the tools really said, and stops where that is not what the fix leads to.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Sequence

from agent.model.scripted import Heard, Say, Script, Scripted, call
from benchmarks.history.change import FileChange, Fix
from benchmarks.history.moves import (
    edits,
    hand_in,
    plan,
    reads,
    runnable,
    sources_of,
    symbol,
    tests_of,
)

NAME = "replay of a known fix"
_LABEL = "[replay of a known fix]"
_REFUSED = re.compile(r"([A-Z_]+): ")
_LEFT_OUT = "left out to save space"  # an old result; the run went on after it, so it was as it should be
_MISFITS = "Not finished. This does not fit"
_RED = re.compile(r"red: (?:\d+ failed|no test ran, \d+ not collected)")  # a run that was stopped is no proof
_CRITERION = re.compile(r"- (C\d+): ")


class _Unexpected(Exception):
    """A tool said something that the fix does not lead to."""


def replay(fix: Fix) -> Scripted:
    """Plays `fix` through the seam of the model: a plan, tests first, red, the source, green."""
    return Scripted(NAME, lambda prompt, tools: _begin(fix, prompt, tools), _LABEL)


def _begin(fix: Fix, prompt: str, tools: frozenset[str]) -> Script:
    try:
        yield from _planning(fix, prompt) if "propose_plan" in tools else _work(fix, prompt)
    except _Unexpected as unexpected:
        reason = f"This is not what the fix leads to. {unexpected}"
        yield call(
            "escalate", "I stop here.", reason=reason, question="Is it the change, the tests or the tools?"
        )


def _planning(fix: Fix, prompt: str) -> Script:
    yield call("search_code", "Where is this in the code?", query=symbol(fix))
    (said,) = yield call("propose_plan", "What the fix changes.", plan=plan(fix, _criteria(prompt)))
    raise _Unexpected(f"The plan was refused: {said}")


def _work(fix: Fix, prompt: str) -> Script:
    selected = {"tests": runnable(fix)} if runnable(fix) else {}
    yield call("update_plan", "First the tests.", step=1, status="doing")
    yield from _make(tests_of(fix))
    (said,) = yield call("run_tests", "The tests are there. They must fail on this code.", **selected)
    if not (_RED.match(said) or _LEFT_OUT in said):
        raise _Unexpected(f"The new tests do not fail on the old code: {said}")
    done, doing = {"step": 1, "status": "done"}, {"step": 2, "status": "doing"}
    yield Say("Red.", (("update_plan", done), ("update_plan", doing)))
    yield from _make(sources_of(fix))
    (said,) = yield call("run_tests", "The fix is there. Now they must pass.", **selected)
    if not (said.startswith("green") or _LEFT_OUT in said):
        raise _Unexpected(f"The tests do not pass with the fix: {said}")
    finish = call("finish", "Green.", **hand_in(fix, _criteria(prompt)))
    (said,) = yield finish
    if said.startswith(_MISFITS):  # each is told once; what the fix did is what is handed in
        (said,) = yield finish
    raise _Unexpected(f"The change was not accepted: {said}")


def _criteria(prompt: str) -> list[str]:
    """The ids of the acceptance criteria, where the task has a list of them."""
    listed = prompt.partition("\n# Acceptance criteria\n")[2].partition("\n# ")[0]
    return [found[1] for line in listed.split("\n") if (found := _CRITERION.match(line))]


def _make(files: Sequence[FileChange]) -> Generator[Say, Heard, None]:
    """Look at the places, then change them."""
    for calls in reads(files):
        yield Say("These lines change.", calls)
    for forms in edits(files):
        yield from _edit(forms)


def _edit(forms: Sequence[Sequence[tuple[str, dict[str, str]]]]) -> Generator[Say, Heard, None]:
    """Send the edits of one message; again with more lines around them, or after another look."""
    again = False
    tries = iter(forms)
    calls = next(tries)
    while True:
        heard = yield Say(f"The change in {', '.join(_paths(calls))}.", tuple(calls))
        codes = {found[1] for said in heard if (found := _REFUSED.match(said))}
        if not codes and all(_applied(said, calls) for said in heard):
            return
        wider = next(tries, None) if codes == {"AMBIGUOUS"} else None
        if codes == {"STALE_READ"} and not again:
            again = True
            yield Say("They changed; again.", tuple(("read_file", {"path": path}) for path in _paths(calls)))
        elif wider is not None:
            calls = wider
        else:
            raise _Unexpected(f"The edits were refused: {_told(heard)}")


def _applied(said: str, calls: Iterable[tuple[str, dict[str, str]]]) -> bool:
    return _LEFT_OUT in said or any(said.startswith(f"{path} ") for path in _paths(calls))


def _paths(calls: Iterable[tuple[str, dict[str, str]]]) -> list[str]:
    return list(dict.fromkeys(arguments["path"] for _, arguments in calls))


def _told(heard: Heard) -> str:
    """The reasons first; that the other edits of the message were not applied explains nothing."""
    reasons = [said for said in heard if _REFUSED.match(said)]
    return "\n".join(reasons or heard)
