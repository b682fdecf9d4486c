"""A runner, its arguments and where its report will be: how the tests of a tree are run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from agent.suites.reports import Format
from agent.suites.selection import select


@dataclass(frozen=True, slots=True)
class SuiteCommand:
    """How to run the tests.

    `report` is the file the runner writes into /reports, "" for what it prints; `left` is the end of a
    path (`target/surefire-reports/*.xml`) where the runner leaves reports in the tree itself. `cwd` is a
    folder of the tree. `name` is the runner (`pytest`, `go`), "" for one that is not known. `evidence`
    says where the command was found.
    """

    argv: tuple[str, ...]
    format: Format
    report: str = ""
    evidence: str = ""
    name: str = ""
    cwd: str = ""
    left: str = ""

    def selecting(self, tests: Sequence[str]) -> tuple[str, ...]:
        """The command for some files or ids only, as the runner wants them.

        Raises BadInput for what looks like an option, and where the runner cannot select.
        """
        return select(self.name, self.argv, tests, self.cwd) if tests else self.argv

    @property
    def line(self) -> tuple[str, ...]:
        """`argv` as it runs from the root of the tree."""
        return within(self.cwd, self.argv)


def within(cwd: str, argv: Sequence[str]) -> tuple[str, ...]:
    """`argv`, run in the folder `cwd` of the tree."""
    return ("/bin/sh", "-c", 'cd -- "$1" && shift && exec "$@"', "sh", cwd, *argv) if cwd else tuple(argv)
