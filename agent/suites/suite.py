"""A work tree -> the command that tests it, and the command -> a verdict by test ids.

A command is believed only after it has really collected tests on the unchanged code. An exit code
alone is no verdict: zero tests end with 0 in many runners.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from agent.beneath import Beneath
from agent.sandbox import REPORTS, ExecResult, Session
from agent.suites.reports import Failure, Format, Results, read_report
from indexer.errors import BadInput, CairnError

_REPORT_BYTES = 20 << 20  # 50,000 test cases of pytest have about 10 MB
_MANIFEST_BYTES = 1 << 20
_SUITE_SECONDS = 900.0
_SHOWN_FAILURES = 5
_SHOWN_LINES = 25  # of one failure: the assertion and where it stands
_SHOWN_TAIL = 30  # lines of output where no report says more


@dataclass(frozen=True, slots=True)
class SuiteCommand:
    """How to run the tests. `report` is the file a runner writes into /reports, "" for its output."""

    argv: tuple[str, ...]
    format: Format
    report: str = ""
    evidence: str = ""

    def selecting(self, tests: Sequence[str]) -> tuple[str, ...]:
        """The command for some files or ids only. Raises BadInput for what looks like an option."""
        for test in tests:
            if test.startswith("-"):
                raise BadInput(f"{test!r} is no test; give paths or test ids")
        return (*self.argv, *tests)


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """One run of a suite. `green` needs tests that ran, none that failed, and an exit code of 0."""

    command: tuple[str, ...]
    code: int | None
    results: Results
    output: str
    seconds: float
    killed_by: str | None = None
    problem: str = ""
    selected: tuple[str, ...] = field(default=())

    @property
    def green(self) -> bool:
        return self.code == 0 and not self.results.failed and self.results.counted > 0

    @property
    def summary(self) -> str:
        """One line: `red: 1 failed, 29 passed`."""
        results = self.results
        if self.killed_by:
            return f"red: the tests were stopped ({self.killed_by}) after {self.seconds:.0f} s"
        if not results.counted:
            return f"no test ran (exit code {self.code}{'; ' + self.problem if self.problem else ''})"
        if not results.passed and not results.failed:
            return f"{'green' if self.green else 'red'}: {results.counted} tests, exit code {self.code}"
        parts = [f"{len(results.failed)} failed"] if results.failed else []
        parts += [f"{len(results.passed)} passed"]
        parts += [f"{len(results.skipped)} skipped"] if results.skipped else []
        ended = f", but exit code {self.code}" if self.code and not results.failed else ""
        return f"{'green' if self.green else 'red'}: {', '.join(parts)}{ended}"

    def report(self) -> str:
        """The summary and, of what failed, as much as helps to mend it."""
        lines = [self.summary]
        for failure in self.results.failures[:_SHOWN_FAILURES]:
            lines += ["", f"FAILED {failure.test}", _condensed(failure)]
        rest = self.results.failures[_SHOWN_FAILURES:]
        if rest:
            lines += ["", f"and {len(rest)} more: {', '.join(failure.test for failure in rest[:20])}"]
        if not self.green and not self.results.failures:
            lines += ["", *self.output.splitlines()[-_SHOWN_TAIL:]]
        return "\n".join(lines)


def find_suites(tree: Beneath, tracked: Collection[str], python: str) -> Iterator[SuiteCommand]:
    """Commands that may test this tree, the likeliest first."""
    if any(_looks_like_pytest(path) for path in tracked):
        yield pytest_command(python, "test files of Python")
        yield pytest_command(python, "test files of Python", "-o", "addopts=")  # options of a missing plugin
    if "package.json" in tracked and (script := _npm_script(tree)):
        yield _npm_command(script)
    if "go.mod" in tracked:
        yield SuiteCommand(("go", "test", "-json", "./..."), "go", evidence="go.mod")
    if "Cargo.toml" in tracked:
        argv = ("cargo", "test", "--offline", "--no-fail-fast")
        yield SuiteCommand(argv, "text", evidence="Cargo.toml")
    if "Makefile" in tracked and re.search(r"^test\s*:", _text_of(tree, "Makefile"), re.M):
        yield SuiteCommand(("make", "test"), "text", evidence="the target test of the Makefile")


def pytest_command(python: str, evidence: str, *options: str) -> SuiteCommand:
    argv = (
        *(python, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider"),
        *("--continue-on-collection-errors", "-o", "junit_family=xunit1", f"--junitxml={REPORTS}/report.xml"),
        *options,
    )
    return SuiteCommand(argv, "junit", "report.xml", evidence)


def run_suite(
    command: SuiteCommand, session: Session, reports: Path, selected: Sequence[str] = ()
) -> SuiteRun:
    """Run the tests and read their report. An unreadable report counts as none."""
    argv = command.selecting(selected)
    _fresh(reports)
    done = session.exec(argv, seconds=_SUITE_SECONDS)
    results, problem = Results(), ""
    try:
        results = read_report(command.format, _report_text(command, done, reports))
    except CairnError as error:
        problem = str(error)
    return SuiteRun(
        argv, done.code, results, done.output, done.seconds, done.killed_by, problem, tuple(selected)
    )


def _fresh(folder: Path) -> None:
    """Empty a folder that earlier commands could write to; moving it away always works."""
    if folder.exists():
        old = folder.with_name(f"{folder.name}-{secrets.token_hex(4)}")
        folder.rename(old)
        shutil.rmtree(old, ignore_errors=True)
    folder.mkdir()


def is_test(path: str) -> bool:
    """Whether a file holds tests or what only tests use, by the customs of the common languages."""
    pure = PurePosixPath(path)
    if any(part in ("test", "tests", "__tests__", "spec", "testdata") for part in pure.parts[:-1]):
        return True
    return (
        re.search(r"^(test_.+|conftest)\.py$|_test\.\w+$|[.-](test|spec)\.\w+$|Tests?\.\w+$", pure.name)
        is not None
    )


def _looks_like_pytest(path: str) -> bool:
    name = PurePosixPath(path).name
    return name == "conftest.py" or bool(re.fullmatch(r"test_.+\.py|.+_test\.py", name))


def _npm_script(tree: Beneath) -> str:
    try:
        script = json.loads(_text_of(tree, "package.json"))["scripts"]["test"]
    except (ValueError, KeyError, TypeError):
        return ""
    return "" if "no test specified" in str(script) else str(script)


def _npm_command(script: str) -> SuiteCommand:
    """Ask the runner behind `npm test` for a report; others are read by what they print."""
    base, evidence = ("npm", "test", "--silent", "--"), "scripts.test of package.json"
    if re.search(r"\bnode\b.*--test\b", script):
        options: tuple[str, ...] = (
            "--test-reporter=junit",
            f"--test-reporter-destination={REPORTS}/report.xml",
        )
        return SuiteCommand((*base, *options), "junit", "report.xml", evidence)
    if "vitest" in script:
        options = ("--run", "--reporter=junit", f"--outputFile={REPORTS}/report.xml")
        return SuiteCommand((*base, *options), "junit", "report.xml", evidence)
    if "jest" in script:
        options = ("--ci", "--json", f"--outputFile={REPORTS}/report.json")
        return SuiteCommand((*base, *options), "jest", "report.json", evidence)
    return SuiteCommand(base[:-1], "text", evidence=evidence)


def _text_of(tree: Beneath, path: str) -> str:
    try:
        return tree.read(path, _MANIFEST_BYTES).decode("utf-8", "replace")
    except CairnError:
        return ""


def _report_text(command: SuiteCommand, done: ExecResult, reports: Path) -> str:
    if not command.report:
        return done.output
    return Beneath(reports).read(command.report, _REPORT_BYTES).decode("utf-8", "replace")


def _condensed(failure: Failure) -> str:
    """The end of a message is where the assertion stands."""
    lines = failure.message.splitlines()
    if len(lines) <= _SHOWN_LINES:
        return failure.message
    return "\n".join(["[...]", *lines[-_SHOWN_LINES:]])
