"""A command that tests a tree -> a verdict by test ids.

A command is believed only after it has really collected tests on the unchanged code. An exit code
alone is no verdict: zero tests end with 0 in many runners.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from agent.beneath import Beneath
from agent.sandbox import REPORTS, ExecResult, Session
from agent.suites.command import SuiteCommand, shown, within
from agent.suites.condense import condensed, signature_of
from agent.suites.diagnostics import Diagnostic, read_diagnostics
from agent.suites.find import find_suites
from agent.suites.reports import Results, read_report, read_reports
from agent.suites.reports.javascript import NODE_REPORTER
from agent.suites.runners import NODE_REPORTER as NODE_REPORTER_FILE
from agent.suites.runners import pytest_command
from indexer.errors import CairnError, NotFound

__all__ = ["SuiteCommand", "SuiteRun", "find_suites", "is_test", "pytest_command", "run_suite"]

_REPORT_BYTES = 20 << 20  # 50,000 test cases of pytest have about 10 MB
_REPORT_FILES = 2000  # surefire writes one for each class
_SUITE_SECONDS = 900.0
_SWEEP_SECONDS = 60.0
_TEST_FOLDERS = frozenset(
    {"test", "tests", "Tests", "__tests__", "__snapshots__", "__mocks__", "spec", "testdata", "e2e"}
)
_SHOWN_DIAGNOSTICS = 20
_NO_PROGRAM = 127  # of shells, env and prlimit
_NOT_FOUND = re.compile(r"failed to execute ([^\s:]+)|([^\s:']+)'?: (?:command )?(?:not found|No such file)")
_MISSING_LETTERS = 2000  # from the end of the output: the last line says it
_SHOWN_TAIL = 30  # lines of output where no report says more


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """One run of a suite. `green` needs tests that ran, none that failed, and an exit code of 0.

    `diagnostics` are what compilers said when no test ran. `cwd` is the folder of the tree it ran in.
    """

    command: tuple[str, ...]
    code: int | None
    results: Results
    output: str
    seconds: float
    killed_by: str | None = None
    problem: str = ""
    selected: tuple[str, ...] = field(default=())
    cwd: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def green(self) -> bool:
        return self.code == 0 and not self.results.failed and self.results.counted > 0

    @property
    def shown(self) -> str:
        """The command as a person would type it at the root of the tree."""
        return shown(self.command, self.cwd)

    @property
    def build_failed(self) -> bool:
        """Whether no test could run because the code does not build or load: the command may be right."""
        if self.green or self.results.passed or self.killed_by:
            return False
        if self.results.failed:
            return self.results.failed == self.results.broken
        return not self.results.counted and bool(self.code) and bool(self.diagnostics)

    @property
    def signature(self) -> str:
        """The same letters for the same failures, whatever their order, times and lines; "" if green."""
        if self.green:
            return ""
        said = self.output if not self.results.failures and not self.diagnostics else ""
        further = [f"{found.path} {found.code} {found.message}" for found in self.diagnostics]
        ended = f"{self.killed_by or self.code}"
        return signature_of(self.results.failed, self.results.failures, [ended, *further, said[-4000:]])

    @property
    def _missing(self) -> str:
        """The program that could not be started, "" where one was."""
        found = _NOT_FOUND.search(self.output[-_MISSING_LETTERS:]) if self.code == _NO_PROGRAM else None
        return found[1] or found[2] if found else ""

    @property
    def summary(self) -> str:
        """One line: `red: 1 failed, 29 passed`."""
        results = self.results
        if self.killed_by:
            return f"red: the tests were stopped ({self.killed_by}) after {self.seconds:.0f} s"
        if self.build_failed:
            what = f"{len(results.broken)} not collected" if results.broken else "it does not build"
            return f"red: no test ran, {what} (exit code {self.code})"
        if not results.counted and (missing := self._missing):
            return f"no test ran: {missing} was not found (exit code {self.code})"
        if not results.counted:
            return f"no test ran (exit code {self.code}{'; ' + self.problem if self.problem else ''})"
        if not results.passed and not results.failed:
            colour = "green" if self.green else "red"
            return f"{colour}: {results.counted} tests, by printed sums and exit code {self.code} only"
        parts = [f"{len(results.failed)} failed"] if results.failed else []
        parts += [f"{len(results.passed)} passed"]
        parts += [f"{len(results.skipped)} skipped"] if results.skipped else []
        ended = f", but exit code {self.code}" if self.code and not results.failed else ""
        return f"{'green' if self.green else 'red'}: {', '.join(parts)}{ended}"

    def report(self) -> str:
        """The summary and, of what failed, as much as helps to mend it."""
        lines = [self.summary]
        if self.results.failures:
            lines += ["", condensed(self.results)]
        elif self.diagnostics:
            lines += ["", *map(str, self.diagnostics[:_SHOWN_DIAGNOSTICS])]
            rest = len(self.diagnostics) - _SHOWN_DIAGNOSTICS
            lines += [f"and {rest} more"] if rest > 0 else []
        if not self.green and not self.results.failures and not self.diagnostics:
            lines += ["", *(line[:500] for line in self.output.splitlines()[-_SHOWN_TAIL:])]
        return "\n".join(lines)


def run_suite(
    command: SuiteCommand, session: Session, reports: Path, selected: Sequence[str] = ()
) -> SuiteRun:
    """Run the tests and read their report. An unreadable report counts as none."""
    argv = command.selecting(selected)
    _fresh(reports)
    if command.format == "node":
        (reports / NODE_REPORTER_FILE).write_text(NODE_REPORTER)
    if command.left:
        session.exec(_sweep(command), seconds=_SWEEP_SECONDS)
    done = session.exec(within(command.cwd, argv), seconds=_SUITE_SECONDS)
    results, problem = Results(), ""
    try:
        results = _read(command, done, session, reports)
    except CairnError as error:
        problem = str(error)
    silent = results.failed == results.broken and not results.passed and done.code
    diagnostics = tuple(read_diagnostics(command.name, done.output)) if silent else ()
    return SuiteRun(
        *(argv, done.code, results, done.output, done.seconds, done.killed_by, problem),
        tuple(selected),
        command.cwd,
        diagnostics,
    )


def _fresh(folder: Path) -> None:
    """Empty a folder that earlier commands could write to; moving it away always works."""
    if folder.exists():
        old = folder.with_name(f"{folder.name}-{secrets.token_hex(4)}")
        folder.rename(old)
        shutil.rmtree(old, ignore_errors=True)
    folder.mkdir()


def _sweep(command: SuiteCommand) -> tuple[str, ...]:
    """Remove the reports of earlier runs from the tree: green ones may never be read again."""
    find = ("find", ".", "-type", "f", "-path", f"*/{command.left}", "-delete")
    return within(command.cwd, find)


# Copied inside the sandbox, where a link can lead to nothing of the host.
_GATHER = (
    'n=0; find . -type f -path "*/$1" | sort | head -n "$2" | '
    'while IFS= read -r file; do n=$((n + 1)); cp -- "$file" "$3/left-$n"; done'
)


def _read(command: SuiteCommand, done: ExecResult, session: Session, reports: Path) -> Results:
    folder = Beneath(reports)
    if command.report:
        text = folder.read(command.report, _REPORT_BYTES).decode("utf-8", "replace")
        return read_report(command.format, text)
    if not command.left:
        return read_report(command.format, done.output)
    argv = ("/bin/sh", "-c", _GATHER, "sh", command.left, str(_REPORT_FILES), REPORTS)
    session.exec(within(command.cwd, argv), seconds=_SWEEP_SECONDS)
    texts: list[str] = []
    room = _REPORT_BYTES
    for number in range(1, _REPORT_FILES + 1):
        try:
            data = folder.read(f"left-{number}", room)
        except NotFound:
            break
        room -= len(data)
        texts.append(data.decode("utf-8", "replace"))
    if not texts:
        raise NotFound(f"the run left no report at {command.left}")
    return read_reports(command.format, texts)


def is_test(path: str) -> bool:
    """Whether a file holds tests or what only tests use, by the customs of the common languages."""
    pure = PurePosixPath(path)
    if any(part in _TEST_FOLDERS for part in pure.parts[:-1]):
        return True
    return (
        re.search(
            r"^(test_.+|tests?|conftest)\.py$|_test\.\w+$|[.-](test|spec)\.\w+$|Tests?\.\w+$", pure.name
        )
        is not None
    )
