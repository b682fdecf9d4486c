"""A configuration file -> what it sets for which tool, as facts `tool.NAME: {"key=value": [1, line]}`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ...types import ParsedFile
from ..tally import Tally
from .known_files import Pick, reader_of
from .setting import Setting

FACT = "tool."  # every question about a tool begins so; none of them is a convention by itself
_READ = 200_000  # characters of a file; nobody writes more settings than that
_LONGEST = 120  # characters of a value; what tells comes first, as in a command with its options

# Steps of a CI that tell how the code is tested, formatted and checked; the rest is about the machine.
_TELLING = re.compile(
    r"\b(?:pytest|tox|nox|unittest|(?:go|cargo|dotnet|mix|swift|deno|bun|stack|cabal) test|nextest|ctest"
    r"|phpunit|rspec|rake|npm|pnpm|yarn|bun run|make|just|mvnw?|gradlew?|ruff|black|mypy|pyright|eslint|biome"
    r"|prettier|golangci-lint|golangci/\S+|gofumpt|cargo (?:fmt|clippy)|pre-commit|lefthook|hatch|poe)\b"
)


def count_tooling(parsed: ParsedFile, tally: Tally) -> None:
    """Nothing for the many files that configure no tool."""
    file = parsed.file
    known = reader_of(file.path)
    if known is None:
        return
    read, picks = known
    for tool, key, value, line in _picked(read(file.text[:_READ]), picks):
        if tool != "ci" or _TELLING.search(value):
            tally.add(FACT + tool, f"{key}={value[:_LONGEST]}", line)


def _picked(settings: Iterable[Setting], picks: tuple[Pick, ...]) -> Iterator[tuple[str, str, str, int]]:
    for keys, value, line in settings:
        dotted = ".".join(keys)
        for tool, above, wanted in picks:
            if above and not dotted.startswith(above):
                continue
            key = dotted[len(above) :].lstrip(".")
            if re.match(wanted, key):
                yield tool, key, value, line
