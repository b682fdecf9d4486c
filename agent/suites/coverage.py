"""A test command -> the lines its tests executed, and of a change, how many of its lines are among them.

Where it cannot be measured the answer is None, never zero: nobody knows is not the same as nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

from agent.beneath import Beneath
from agent.sandbox import REPORTS, Session
from agent.suites.command import SuiteCommand, within
from agent.suites.reports.cases import inside
from indexer.errors import CairnError

_SECONDS = 1200.0  # tracing takes up to twice the time of the tests
_PROBE_SECONDS = 60.0
_BYTES = 50 << 20  # of the JSON of coverage.py for a million lines


@dataclass(frozen=True, slots=True)
class Covered:
    """Numbers of lines of one file, those that hold no code left out."""

    executed: frozenset[int]
    missing: frozenset[int]


def covered_lines(
    command: SuiteCommand, session: Session, reports: Path, selected: Sequence[str] = ()
) -> Mapping[str, Covered] | None:
    """Run the tests once more, measured; paths are the repository's. None where it can't be measured.

    Measured are pytest with the package coverage installed, Go, node's own runner from 20, and jest. The
    code must be the one that is imported: an installed copy of a package is not the tree.
    """
    try:
        measured = _measure(command, session, Beneath(reports), selected)
    except (CairnError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not measured:
        return None
    prefix = f"{command.cwd}/" if command.cwd else ""
    return {prefix + path: lines for path, lines in measured.items() if not path.startswith(("/", "../"))}


def changed_line_coverage(
    diff_lines: Mapping[str, AbstractSet[int]], covered: Mapping[str, Covered] | None
) -> tuple[int, int] | None:
    """Of the changed lines that hold code: how many were executed, and how many there are.

    `diff_lines` are line numbers of the new files. None if nothing was measured, or no changed file was.
    """
    if covered is None or not any(path in covered for path in diff_lines):
        return None
    executed = sum(
        len(lines & covered[path].executed) for path, lines in diff_lines.items() if path in covered
    )
    missing = sum(len(lines & covered[path].missing) for path, lines in diff_lines.items() if path in covered)
    return executed, executed + missing


def _measure(
    command: SuiteCommand, session: Session, reports: Beneath, selected: Sequence[str]
) -> dict[str, Covered] | None:
    if command.name == "pytest":
        return _of_pytest(command, session, reports, selected)
    if command.name == "go":
        return _of_go(command, session, reports, selected)
    if command.name in ("node", "jest"):
        return _of_javascript(command, session, reports, selected)
    return None


def _of_pytest(
    command: SuiteCommand, session: Session, reports: Beneath, selected: Sequence[str]
) -> dict[str, Covered] | None:
    argv = command.selecting(selected)
    at = argv.index("-m")
    python = argv[at - 1]
    if session.exec((python, "-c", "import coverage"), seconds=_PROBE_SECONDS).code != 0:
        return None
    data = f"--data-file={REPORTS}/coverage.data"
    run = (*argv[:at], "-m", "coverage", "run", data, "--source=.", *argv[at:])
    session.exec(within(command.cwd, run), seconds=_SECONDS)
    to_json = (python, "-m", "coverage", "json", data, "-o", f"{REPORTS}/coverage.json", "-q", "-i")
    session.exec(within(command.cwd, to_json), seconds=_PROBE_SECONDS)
    files = json.loads(reports.read("coverage.json", _BYTES))["files"]
    return {
        inside(path): Covered(frozenset(file["executed_lines"]), frozenset(file["missing_lines"]))
        for path, file in files.items()
    }


def _of_go(
    command: SuiteCommand, session: Session, reports: Beneath, selected: Sequence[str]
) -> dict[str, Covered] | None:
    argv = command.selecting(selected)
    at = argv.index("test") + 1
    run = (*argv[:at], f"-coverprofile={REPORTS}/cover.out", "-coverpkg=./...", *argv[at:])
    session.exec(within(command.cwd, run), seconds=_SECONDS)
    module = session.exec(within(command.cwd, ("go", "list", "-m")), seconds=_PROBE_SECONDS).output.strip()
    profile = reports.read("cover.out", _BYTES).decode("utf-8", "replace")
    return go_profile(profile, module.splitlines()[0])


_BLOCK = re.compile(r"^(.+?):(\d+)\.\d+,(\d+)\.(\d+) \d+ (\d+)$", re.M)
_BLOCK_LINES = 20_000  # a block longer than this is a forged line of the profile


def go_profile(text: str, module: str) -> dict[str, Covered]:
    """`-coverprofile` -> lines. A line in several blocks is executed if one of them is.

    https://pkg.go.dev/golang.org/x/tools/cover; a block may be told once for each package that tested it.
    """
    executed: dict[str, set[int]] = {}
    missing: dict[str, set[int]] = {}
    for path, first, last, column, count in _BLOCK.findall(text):
        own = path.removeprefix(f"{module}/")
        end = int(last) + (0 if column == "1" else 1)
        if own == path or end - int(first) > _BLOCK_LINES:
            continue
        (executed if count.strip("0") else missing).setdefault(own, set()).update(range(int(first), end))
    return _sorted_out(executed, missing)


def _of_javascript(
    command: SuiteCommand, session: Session, reports: Beneath, selected: Sequence[str]
) -> dict[str, Covered] | None:
    if command.name == "jest":
        options = ("--coverage", "--coverageReporters=lcovonly", f"--coverageDirectory={REPORTS}")
        run = (*command.selecting(selected), *options)
    elif command.argv[0] == "node":
        lcov = ("--test-reporter=lcov", f"--test-reporter-destination={REPORTS}/lcov.info")
        kept = tuple(part for part in command.argv[1:] if not part.startswith("--test-reporter"))
        plain = replace(command, argv=("node", "--experimental-test-coverage", *lcov, *kept))
        run = plain.selecting(selected)
    else:
        return None
    session.exec(within(command.cwd, run), seconds=_SECONDS)
    return lcov_lines(reports.read("lcov.info", _BYTES).decode("utf-8", "replace"))


def lcov_lines(text: str) -> dict[str, Covered]:
    """lcov's tracefile -> lines. https://manpages.debian.org/bookworm/lcov/geninfo.1.en.html#FILES"""
    executed: dict[str, set[int]] = {}
    missing: dict[str, set[int]] = {}
    path = ""
    for line in text.splitlines():
        if line.startswith("SF:"):
            path = inside(line[3:].strip())
        elif path and (match := re.match(r"DA:(\d{1,7}),(\d+)", line)):
            (executed if match[2].strip("0") else missing).setdefault(path, set()).add(int(match[1]))
    return _sorted_out(executed, missing)


def _sorted_out(executed: dict[str, set[int]], missing: dict[str, set[int]]) -> dict[str, Covered]:
    """A line that was told twice is executed if it once was."""
    found = {}
    for path in {*executed, *missing}:
        ran = executed.get(path, set())
        found[path] = Covered(frozenset(ran), frozenset(missing.get(path, set()) - ran))
    return found
