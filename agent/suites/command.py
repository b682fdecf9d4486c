"""A runner, its arguments and where its report will be: how the tests of a tree are run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.sandbox import REPORTS
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

    @property
    def shown(self) -> str:
        """The command as a person would type it at the root of the tree."""
        return shown(self.argv, self.cwd)

    def selecting(self, tests: Sequence[str]) -> tuple[str, ...]:
        """The command for some files or ids only, as the runner wants them.

        Raises BadInput for what looks like an option, and where the runner cannot select.
        """
        return select(self.name, self.argv, tests, self.cwd) if tests else self.argv

    @property
    def line(self) -> tuple[str, ...]:
        """`argv` as it runs from the root of the tree."""
        return within(self.cwd, self.argv)


# What is added so that a report is written and read; nobody who runs the tests by hand needs it.
_ADDED = frozenset(
    ("-q", "--tb=short", "--continue-on-collection-errors", "--rootdir=.", "--ci", "--json", "-json")
) | frozenset(
    ("--offline", "--no-fail-fast", "-B", "-o", "-fae", "--no-daemon", "--continue", "-v", "--noinput")
)
_ADDED_PAIRS = frozenset(
    (("-p", "no:cacheprovider"), ("-v", "2"), ("-o", "junit_family=xunit1"), ("--format", "json"))
)
_PREPARED = 'PATH="$PWD/node_modules/.bin:$PATH"; export PATH; '
_REPORTED = re.compile(rf" --?[\w-]+(?:[= ]\w+=|[= ]){REPORTS}\S*| --(?:ci|json|reporter[= ]\w+|run)(?= |$)")


def shown(argv: Sequence[str], cwd: str = "") -> str:
    """A command as a person would type it: `pytest tests`, `go test ./...`.

    Left out are the way to the interpreter and where the report goes.
    """
    words = list(argv)
    if words[:2] == ["/bin/sh", "-c"] and len(words) > 2:
        script = words[2].removeprefix(_PREPARED).removesuffix(' "$@"')
        words = [_REPORTED.sub("", script).strip(), *words[4:]]
    else:
        words = _plain(words)
    line = " ".join(words)
    return f"cd {cwd} && {line}" if cwd else line


def _plain(argv: Sequence[str]) -> list[str]:
    kept: list[str] = []
    place = 0
    while place < len(argv):
        word = argv[place]
        following = argv[place + 1] if place + 1 < len(argv) else ""
        if (word, following) in _ADDED_PAIRS or (word.startswith("-") and following.startswith(REPORTS)):
            place += 2
            continue
        if word.startswith("/"):
            word = word.rpartition("/")[2]
        if not (word in _ADDED or REPORTS in word or word.startswith("--test-reporter")):
            kept.append(word)
        place += 1
    at = next((n for n, word in enumerate(kept) if word.startswith("python")), None)
    if at is not None and kept[at + 1 : at + 3] == ["-m", "pytest"]:
        return [*kept[:at], *kept[at + 2 :]]
    return kept if at is None else [*kept[:at], "python", *kept[at + 1 :]]


def within(cwd: str, argv: Sequence[str]) -> tuple[str, ...]:
    """`argv`, run in the folder `cwd` of the tree."""
    return ("/bin/sh", "-c", 'cd -- "$1" && shift && exec "$@"', "sh", cwd, *argv) if cwd else tuple(argv)
