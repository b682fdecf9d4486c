"""A finished working copy -> the tree to commit and a verdict, from runs on clean copies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from agent.kinds import Kind
from agent.log.runs import Recorder
from agent.rooms import Rooms
from agent.suites.baseline import Baseline
from agent.suites.changes import FileChange, changes_between
from agent.suites.clean import CleanRuns
from agent.suites.integrity import inspect
from agent.suites.reports import Results
from agent.suites.suite import SuiteRun, find_suites, is_test
from agent.suites.trial import Trial
from agent.suites.verdict import Diagnosed, Verdict
from agent.workspace import Workspace

_NAMED = 10  # files in a note


@dataclass(frozen=True, slots=True)
class Review:
    """What would be committed and what the tests say. `left_out` are new files nobody declared.

    `needs_person`: no test run speaks for the change, so somebody must look before anything leaves
    the machine, whatever the mode.
    """

    tree: str
    paths: tuple[str, ...]
    left_out: tuple[str, ...]
    verdict: Verdict
    after: SuiteRun | None
    needs_person: bool = False


class Reviewer:
    """Judges the changes of one run.

    `diagnose` reads a clean copy of the change and gives what compilers, type checkers and linters
    say about it now and did not before.
    """

    def __init__(
        self,
        workspace: Workspace,
        rooms: Rooms,
        baseline: Baseline | None,
        record: Recorder,
        diagnose: Callable[[Path], Sequence[Diagnosed]] = lambda _: (),
    ) -> None:
        self._workspace = workspace
        self._rooms = rooms
        self._record = record
        self._diagnose = diagnose
        self._trial = Trial(workspace, rooms, baseline, record) if baseline else None

    def review(self, created: Iterable[str], kind: Kind, *, tests_may_change: bool = False) -> Review:
        """Stage what changed, run the suite on it, and run its tests on the old code.

        `tests_may_change`: the task asks to remove or to skip tests, so their loss is shown and no
        objection.
        """
        workspace = self._workspace
        paths = sorted({*workspace.changed(), *created})
        left_out = tuple(sorted(set(workspace.untracked()) - set(paths)))
        tree = workspace.stage(paths)
        changes = changes_between(workspace.git, workspace.base, tree)
        if not changes:
            verdict = Verdict(objections=("Nothing was changed, so there is nothing to commit.",))
            return self._finished(Review(tree, (), left_out, verdict, None))
        trial = self._trial or self._first_tests(tree, changes)
        if trial is None:
            verdict, after = _unseen(changes), None
        else:
            verdict, after = trial.verdict(tree, changes, kind, self._diagnose, tests_may_change)
        needs_person = self._trial is None or after is None or not (after.green or after.results.passed)
        notes = (*verdict.notes, *_notes(left_out, self._trial is None and after is not None))
        verdict = replace(verdict, notes=notes)
        return self._finished(Review(tree, tuple(paths), left_out, verdict, after, needs_person))

    def _first_tests(self, tree: str, changes: Sequence[FileChange]) -> Trial | None:
        """A repository without tests may have got some: then there is a command, with nothing before it."""
        if not any(is_test(change.path) and change.after for change in changes):
            return None
        tracked = self._workspace.tracked()
        for command in find_suites(self._workspace.files, tracked, self._rooms.toolchain.python):
            run = CleanRuns(self._workspace, self._rooms, command, self._record).whole(tree, "first tests")
            if run.results.counted:
                nothing = SuiteRun(run.command, None, Results(), "", 0.0)
                return Trial(self._workspace, self._rooms, Baseline(command, nothing), self._record)
        return None

    def _finished(self, review: Review) -> Review:
        verdict = review.verdict
        self._record(
            "review.finished",
            accepted=verdict.accepted,
            objections=list(verdict.objections),
            notes=list(verdict.notes),
            proof=sorted(verdict.proof),
            flaky=sorted(verdict.flaky),
            findings=[str(finding) for finding in verdict.findings],
            risky=len(verdict.risk_findings),
            needs_person=review.needs_person,
        )
        return review


def _unseen(changes: Sequence[FileChange]) -> Verdict:
    """The verdict on what no test looks at."""
    missing = "No tests could be run in this repository, so nothing but reading speaks for the change."
    return Verdict(notes=(missing,), findings=inspect(changes))


def _notes(left_out: Sequence[str], first: bool) -> Iterable[str]:
    if first:
        yield "This repository had no tests that could be run; these are its first."
    if left_out:
        yield f"New files that are not part of the change: {', '.join(left_out[:_NAMED])}."
