"""A staged change -> its verdict, from as many runs on clean copies as that kind of change needs.

the change                      nothing that passed may fail; what fails is run again
the old code, the new tests     shows that the tests ask for the change
the new code, the lost tests    only where tests are gone or skipped: shows what they hid
the change, with a mistake      only for tests of existing code: shows that they notice
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from agent.kinds import Kind
from agent.log.runs import Recorder
from agent.rooms import Rooms
from agent.suites.baseline import Baseline
from agent.suites.changes import FileChange, put_blob, with_files
from agent.suites.clean import CleanRuns, Selection
from agent.suites.flaky import find_flaky
from agent.suites.inline import holds_examples, holds_new_tests, old_code_new_tests
from agent.suites.integrity import inspect
from agent.suites.losses import Losses, find_losses
from agent.suites.mutation import mutate
from agent.suites.prose import changed_code
from agent.suites.suite import SuiteRun, is_test
from agent.suites.verdict import Diagnosed, Evidence, Verdict, all_tests, by_id, judge, new_failures
from agent.workspace import Workspace

_MOST_AGAIN = 20  # failures; more at once are no matter of chance, and running them again shows nothing
_SLOW = 30.0  # seconds of a whole suite; below that there is no need to choose files

Entry = tuple[str, str] | None  # mode and blob, None for a file that is to go


class Trial:
    """Judges the changes of one working copy against its baseline, again and again as they grow."""

    def __init__(self, workspace: Workspace, rooms: Rooms, baseline: Baseline, record: Recorder) -> None:
        self._workspace = workspace
        self._baseline = baseline
        self._runs = CleanRuns(workspace, rooms, baseline.command, record)
        # By the new tests: where only the code changed since, what they said of the old still holds
        self._on_old_code: dict[frozenset[tuple[str, Entry]], SuiteRun] = {}

    def verdict(
        self,
        tree: str,
        changes: Sequence[FileChange],
        kind: Kind,
        diagnose: Callable[[Path], Sequence[Diagnosed]],
        tests_may_change: bool,
    ) -> tuple[Verdict, SuiteRun]:
        """Judge the tree `tree`, which differs from the commit the run started from by `changes`."""
        before, broken = self._baseline.run, self._baseline.broken
        diagnostics: list[Diagnosed] = []
        after = self._runs.whole(tree, "after", lambda folder: diagnostics.extend(diagnose(folder)))
        flaky = self._flaky(tree, after)
        sound = after.results.counted > 0 and not new_failures(before, after, flaky)
        evidence = Evidence(
            kind,
            before,
            after,
            self._falsified(tree, changes, after) if sound and not broken else None,
            broken,
            flaky,
            inspect(changes),
            self._losses(tree, changes, after, tests_may_change or kind == "tests"),
            None,
            tuple(change.path for change in changes if _mixed(change)),
            changed_code(changes) if kind == "docs" else (),
            diagnostics,
        )
        verdict = judge(evidence)
        if kind == "tests" and sound and verdict.accepted and (tests := self._new_tests(changes, after)):
            mutation = mutate(self._workspace, self._runs, tree, changes, tests)
            verdict = judge(replace(evidence, mutation=mutation))
        return verdict, after

    def _flaky(self, tree: str, after: SuiteRun) -> frozenset[str]:
        """What is known to be flaky, and of what fails now that which passes when it is run again."""
        known = self._baseline.flaky
        failed = new_failures(self._baseline.run, after, known)
        if after.killed_by or len(failed) > _MOST_AGAIN:
            return known
        return known | find_flaky(failed, lambda tests: self._runs.some(tree, "again", self._where(tests)))

    def _where(self, tests: frozenset[str]) -> Selection:
        tracked = set(self._workspace.tracked())
        return Selection(tests, sorted({test.partition("::")[0] for test in tests} & tracked))

    def _falsified(self, tree: str, changes: Sequence[FileChange], after: SuiteRun) -> SuiteRun | None:
        """Run the new tests on the old code; None where there are none that could be."""
        files = self._new_test_files(changes)
        if not files:
            # New files of code bring their tests along; before, neither was there
            new = any(change.before is None and holds_new_tests(change) for change in changes)
            return self._baseline.run if new else None
        key = frozenset(files.items())
        if key not in self._on_old_code:
            old = with_files(self._workspace, self._workspace.base, files)
            if old == tree:
                return after  # the code is as it was
            chosen = [path for path, entry in files.items() if entry and _collects(path)]
            narrow = self._baseline.run.seconds > _SLOW and "pytest" in self._baseline.command.argv
            self._on_old_code[key] = (
                self._runs.only(old, "old code, new tests", chosen)
                if narrow and chosen
                else self._runs.whole(old, "old code, new tests")
            )
        return self._on_old_code[key]

    def _new_test_files(self, changes: Sequence[FileChange]) -> dict[str, Entry]:
        files: dict[str, Entry] = {}
        for change in changes:
            if change.was and is_test(change.was) and (change.deleted or change.moved):
                files[change.was] = None
            if change.after is None:
                continue
            if is_test(change.path):
                files[change.path] = (change.mode, change.blob)
            elif text := old_code_new_tests(change):
                files[change.path] = (change.old_mode, put_blob(self._workspace.git, text))
        return files

    def _losses(
        self, tree: str, changes: Sequence[FileChange], after: SuiteRun, tests_may_change: bool
    ) -> Losses:
        """Tests that are gone or skipped; unless they are meant to change, they are put back and run."""
        files: dict[str, Entry] = {
            change.was: (change.old_mode, change.old_blob)
            for change in changes
            if change.was and is_test(change.was)
        }

        def put_back(tests: frozenset[str]) -> SuiteRun:
            mixed = with_files(self._workspace, tree, files)
            chosen = [path for path in files if _collects(path)]
            return self._runs.some(mixed, "new code, old tests", Selection(tests, chosen))

        return find_losses(self._baseline.run, after, put_back if files and not tests_may_change else None)

    def _new_tests(self, changes: Sequence[FileChange], after: SuiteRun) -> Selection | None:
        new = after.results.passed - all_tests(self._baseline.run)
        files = [change.path for change in changes if is_test(change.path) and change.after]
        if not new and by_id(after):
            return None
        return Selection(new, [path for path in files if _collects(path)])


def _mixed(change: FileChange) -> bool:
    """Whether a file of code got tests that cannot be run without that code."""
    if is_test(change.path) or change.before is None:
        return False
    return holds_examples(change) or (holds_new_tests(change) and old_code_new_tests(change) is None)


def _collects(path: str) -> bool:
    """Whether a file among the tests holds tests itself, and no data or set-up for them."""
    name = path.rpartition("/")[2]
    return name.endswith((".py", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx")) and name not in (
        "conftest.py",
        "__init__.py",
    )
