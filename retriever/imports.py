"""The imports that shown code uses, so that a reader knows where its names come from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .graph import Graph
from .page import Claim
from .sheet import Sheet

_FILES = 4  # the first that are shown: they are what the task is about
_MOST_LINES = 12  # of one import statement; a longer one is a table of contents
_NAME = re.compile(r"[^\W\d]\w*")


class Imports(NamedTuple):
    sheet: Sheet
    lines: tuple[int, ...]


def imports(claims: Sequence[Claim], graph: Graph) -> Iterator[Imports]:
    """For each of the first files its import statements that bind a name used in the lines shown."""
    sheets = {claim.sheet.path: claim.sheet for claim in claims if claim.role == "code"}
    for path, sheet in list(sheets.items())[:_FILES]:
        shown = {n for claim in claims if claim.sheet.path == path for n in claim.lines}
        used = set(_NAME.findall(sheet.text(sorted(shown))))
        lines: set[int] = set()
        for row in graph.references(sheet.file.id):
            if row.kind == "import" and row.name in used and not row.scope and row.line not in lines:
                lines.update(_statement(sheet, row.line))
        if lines - shown:
            yield Imports(sheet, tuple(sorted(lines)))


def _statement(sheet: Sheet, line: int) -> Sequence[int]:
    """The whole statement that an imported name stands in: its brackets are closed where it ends."""
    first = line
    while first > 1 and sheet.indent(first) > 0 and line - first < _MOST_LINES:
        first -= 1
    last, open_ = first, _open(sheet.lines[first - 1])
    while (open_ > 0 or sheet.lines[last - 1].endswith("\\")) and last < len(sheet.lines):
        last += 1
        open_ += _open(sheet.lines[last - 1])
        if last - first >= _MOST_LINES:
            return ()
    return range(first, last + 1) if first <= line <= last else ()


def _open(line: str) -> int:
    return sum(line.count(mark) for mark in "([{") - sum(line.count(mark) for mark in ")]}")
