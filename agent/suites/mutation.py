"""Tests for existing code -> how many small mistakes in that code they notice."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from agent.suites.changes import FileChange
from agent.suites.clean import CleanRuns, Selection
from agent.suites.exercised import Exercised, exercised_by
from agent.suites.mutants import LANGUAGES, Mutant, mutants
from agent.suites.suite import SuiteRun
from agent.workspace import Workspace

_MOST = 12  # enough to tell tests that look from tests that only run; more costs more than it says
_SECONDS = 120.0  # for all of them together
_LONGEST = 60.0  # for one; a mistake that loops is noticed by the clock
_PATIENCE = 5.0  # times the length of the run without a mistake


@dataclass(frozen=True, slots=True)
class Mutation:
    """`killed` of `tried` mistakes made a new test fail. `survivors` are the others, `path:line: how`.

    `reason` says why nothing was tried, where that is so.
    """

    killed: int = 0
    tried: int = 0
    survivors: tuple[str, ...] = ()
    reason: str = ""


def mutate(
    workspace: Workspace,
    runs: CleanRuns,
    tree: str,
    changes: Iterable[FileChange],
    selection: Selection,
) -> Mutation:
    """Make mistakes in what the new tests call and run those tests on each.

    `selection` are the new tests; empty where the runner names none, then the exit code decides.
    """
    chosen = _chosen(exercised_by(workspace, tree, changes, LANGUAGES))
    if not chosen:
        return Mutation(reason="no function that they call was found in a language mistakes are known for")
    sound = runs.some(tree, "new tests only", selection)
    steady = selection.tests & sound.results.passed
    if (selection.tests and not steady) or not sound.results.counted:
        return Mutation(reason="the new tests do not pass when they are run on their own")
    selection = Selection(steady, selection.files)
    longest = min(_LONGEST, max(sound.seconds * _PATIENCE, 10.0))
    ends = time.monotonic() + _SECONDS
    killed, survivors = 0, []
    for code, mutant in chosen:
        if time.monotonic() > ends:
            break
        edits = {code.path: mutant.text}
        run = runs.some(tree, f"mistake in {code.path}", selection, edits=edits, seconds=longest)
        if _noticed(run, selection, sound):
            killed += 1
        elif _ran(run):
            survivors.append(f"{code.path}:{mutant.line}: {mutant.change}")
    tried = killed + len(survivors)
    reason = "" if tried else "every mistake kept the code from being built"
    runs.record("mutants.finished", killed=killed, tried=tried, survivors=survivors, reason=reason)
    return Mutation(killed, tried, tuple(survivors), reason)


def _chosen(codes: Iterable[Exercised]) -> list[tuple[Exercised, Mutant]]:
    """From each file in turn, at most `_MOST` in all."""
    made = [(code, mutants(code.path, code.text, code.spans, _MOST)) for code in codes]
    in_turn = [(code, some[place]) for place in range(_MOST) for code, some in made if place < len(some)]
    return in_turn[:_MOST]


def _noticed(run: SuiteRun, selection: Selection, sound: SuiteRun) -> bool:
    """Whether a new test failed; code that cannot even be built is noticed by anything."""
    if run.killed_by == "timeout":
        return True
    if selection.tests:
        return bool(selection.tests & run.results.failed)
    return run.results.counted >= sound.results.counted > 0 and run.code != sound.code


def _ran(run: SuiteRun) -> bool:
    return run.results.counted > 0 and not run.killed_by and bool(run.results.passed or run.code == 0)
