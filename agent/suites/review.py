"""A finished working copy -> the tree to commit and a verdict, from runs on clean copies.

The suite is not run where the agent worked: what a command left behind there, or a file that will
not be committed, must not make it green.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.rooms import Rooms
from agent.runs import Recorder
from agent.suites.suite import SuiteCommand, SuiteRun, find_suites, is_test
from agent.suites.verdict import Kind, Verdict, judge
from agent.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Baseline:
    """The command that tests this repository, and its run on the unchanged code."""

    command: SuiteCommand
    run: SuiteRun


@dataclass(frozen=True, slots=True)
class Review:
    """What would be committed and what the tests say. `left_out` are new files nobody declared."""

    tree: str
    paths: tuple[str, ...]
    left_out: tuple[str, ...]
    verdict: Verdict
    after: SuiteRun | None


class Reviewer:
    """Judges the changes of one run."""

    def __init__(
        self, workspace: Workspace, rooms: Rooms, baseline: Baseline | None, record: Recorder
    ) -> None:
        self._workspace = workspace
        self._rooms = rooms
        self._baseline = baseline
        self._record = record

    def review(self, created: Iterable[str], kind: Kind) -> Review:
        """Stage what changed, run the suite on it, and run its tests on the old code."""
        workspace = self._workspace
        paths = sorted({*workspace.changed(), *created})
        left_out = tuple(sorted(set(workspace.untracked()) - set(paths)))
        tree = workspace.stage(paths)
        if not workspace.diff(tree):
            verdict = Verdict(objections=("Nothing was changed, so there is nothing to commit.",))
            return Review(tree, (), left_out, verdict, None)
        notes = tuple(self._notes(paths, left_out))
        if self._baseline is None:
            missing = (
                "No tests could be run in this repository, so nothing but reading speaks for the change."
            )
            return Review(tree, tuple(paths), left_out, Verdict(notes=(missing, *notes)), None)
        after = self._suite(tree, "after")
        falsified = self._falsify(tree, paths) if after.results.counted else None
        verdict = judge(kind, self._baseline.run, after, falsified)
        verdict = Verdict(verdict.objections, (*verdict.notes, *notes), verdict.proof)
        return Review(tree, tuple(paths), left_out, verdict, after)

    def _falsify(self, tree: str, paths: Sequence[str]) -> SuiteRun | None:
        """Run the changed tests on the old code; None where no file holds tests only."""
        tests = [path for path in paths if is_test(path)]
        if not tests:
            return None
        old = self._workspace.with_files_of(tree, tests)
        return self._suite(old, "old code, new tests")

    def _suite(self, tree: str, stage: str) -> SuiteRun:
        assert self._baseline is not None
        with self._workspace.exported(tree) as folder:
            run = self._rooms.run_suite(folder, self._baseline.command)
        record_suite(self._record, stage, run)
        return run

    def _notes(self, paths: Sequence[str], left_out: Sequence[str]) -> Iterable[str]:
        weakened = [path for path in paths if is_test(path) and self._loses_lines(path)]
        if weakened:
            yield f"Existing tests were changed: {', '.join(weakened)}."
        if left_out:
            yield f"New files that are not part of the change: {', '.join(left_out[:10])}."

    def _loses_lines(self, path: str) -> bool:
        rows = self._workspace.git.run("diff", "--numstat", "--cached", self._workspace.base, "--", path)
        return any(row.split("\t")[1] not in ("0", "-") for row in rows.splitlines())


def find_baseline(
    workspace: Workspace, rooms: Rooms, record: Recorder, given: SuiteCommand | None = None
) -> Baseline | None:
    """Run the commands that may test this repository until one collects tests."""
    candidates = (
        [given] if given else find_suites(workspace.files, workspace.tracked(), rooms.toolchain.python)
    )
    with workspace.exported(workspace.git.run("rev-parse", f"{workspace.base}^{{tree}}")) as folder:
        for command in candidates:
            run = rooms.run_suite(Path(folder), command)
            record_suite(record, "before", run)
            if run.results.counted:
                return Baseline(command, run)
    return None


def record_suite(record: Recorder, stage: str, run: SuiteRun) -> None:
    record(
        "tests.finished",
        stage=stage,
        command=list(run.command),
        summary=run.summary,
        green=run.green,
        passed=len(run.results.passed),
        failed=sorted(run.results.failed),
        seconds=round(run.seconds, 2),
        output="" if run.green else run.report(),
    )
