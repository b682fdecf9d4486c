"""Count how the text of a Python file is laid out: its length, its quotes, its notes of what is to do."""

from __future__ import annotations

import re

from ..tally import Tally
from .source import Source

_TODO = re.compile(r"#[ \t]*TODO\b(\([^)\n]+\))?(:)?")


def count_layout(source: Source, tally: Tally) -> None:
    """In tests as elsewhere."""
    _count_quotes(source, tally)
    if "TODO" in source.text:
        for match in _TODO.finditer(source.text):
            form = "owner" if match[1] else "colon" if match[2] else "bare"
            tally.add("todo", form, source.lines.line(match.start()))


_LONG = 200  # lines: where teams that bound their modules draw the line, give or take
_SHORT = 40  # below, nobody thought of a bound


def count_size(source: Source, tally: Tally) -> None:
    """Once for a module within the bound; else once for each time it is passed, where it is passed."""
    length = len(source.rows) - 1
    if _SHORT <= length <= _LONG:
        tally.add("module.size", "short", 1)
    for line in range(_LONG + 1, length + 1, _LONG):
        tally.add("module.size", "long", line)


_SINGLE = re.compile(r"' +'")


def _count_quotes(source: Source, tally: Tally) -> None:
    """One per line; in single quotes of those strings that hold no double one: they had the choice."""
    double: list[int] = []
    for line, row in enumerate(source.rows, 1):
        if "'" in row:
            match = _SINGLE.search(row)
            start = source.starts[line - 1]
            if match and '"' not in source.text[start + match.start() : start + match.end()]:
                tally.add("quotes", "single", line)
        elif '" ' in row:
            double.append(line)
    tally.add_each("quotes", "double", double)
