"""A change -> what else than its tests speaks for or against it: compilers and linters, what must not leave,
and how much of it the tests execute.

Each is compared with the code before the change: what was wrong before is not held against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.forge.scan import Finding, scan
from agent.log.runs import Recorder
from agent.rooms import Rooms
from agent.suites.baseline import Baseline
from agent.suites.changes import changes_between
from agent.suites.checks import CheckCommand, Checked, find_checks, run_checks
from agent.suites.coverage import changed_line_coverage, covered_lines
from agent.suites.diagnostics import Diagnostic, new_diagnostics
from agent.suites.suite import is_test
from agent.workspace import Workspace


class Inspection:
    """Looks at the changes of one run. Tools that the repository does not configure are not run."""

    def __init__(
        self, workspace: Workspace, rooms: Rooms, baseline: Baseline | None, record: Recorder
    ) -> None:
        self._workspace = workspace
        self._rooms = rooms
        self._baseline = baseline
        self._record = record
        self._checks: list[CheckCommand] | None = None
        self._before: tuple[Diagnostic, ...] = ()

    def diagnose(self, folder: Path) -> Sequence[Diagnostic]:
        """What compilers, type checkers and linters say of a clean copy and did not say before."""
        if self._checks is None:
            workspace = self._workspace
            self._checks = find_checks(workspace.files, workspace.tracked(), self._rooms.python)
            if self._checks:
                with workspace.exported(f"{workspace.base}^{{tree}}") as before:
                    checked = self._run(before)
                # a tool that is not installed here has nothing to say about the change either
                self._checks = [check for check in self._checks if check.tool not in checked.missing]
                self._before = checked.diagnostics
                self._record("checks.found", ran=list(checked.ran), missing=list(checked.missing))
        if not self._checks:
            return []
        return new_diagnostics(self._before, self._run(folder).diagnostics)

    def leaks(self, tree: str) -> tuple[list[Finding], list[Finding]]:
        """What must not leave this machine, and what a reviewer should see."""
        found = [*self._withheld(tree), *scan(self._workspace.git.gitdir, self._workspace.base, tree)]
        return [one for one in found if one.blocks], [one for one in found if not one.blocks]

    def _withheld(self, tree: str) -> Iterator[Finding]:
        """Live keys and values of secret files, letter by letter: they need no shape to be known."""
        for change in changes_between(self._workspace.git, self._workspace.base, tree):
            for number, line in change.added_lines():
                if any(value in line for value in self._record.hidden if value):
                    yield Finding("secret", change.path, number, "holds a secret of this run", True)

    def coverage(self, tree: str) -> dict[str, Any]:
        """Covered and total changed lines of code, or why that is not known."""
        if self._baseline is None:
            return {"missing": "no tests could be run"}
        changes = changes_between(self._workspace.git, self._workspace.base, tree)
        lines: Mapping[str, set[int]] = {
            change.path: {number for number, _ in change.added_lines()}
            for change in changes
            if not is_test(change.path)
        }
        with self._workspace.exported(tree) as folder:
            session = self._rooms.open(folder)
            try:
                measured = covered_lines(self._baseline.command, session, self._rooms.reports)
            finally:
                session.close()
        found = changed_line_coverage(lines, measured)
        if found is None:
            reason = (
                "no tool that measures it is installed here"
                if measured is None
                else "no line of code changed"
            )
            return {"missing": reason}
        self._record("coverage.measured", covered=found[0], total=found[1])
        return {"covered": found[0], "total": found[1]}

    def _run(self, folder: Path) -> Checked:
        session = self._rooms.open(folder)
        try:
            return run_checks(self._checks or [], session)
        finally:
            session.close()
