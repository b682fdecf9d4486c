"""Count how the text of a Python file is laid out: its length, its quotes, its notes of what is to do."""

from __future__ import annotations

import re

from ..tally import Tally
from .source import Source

_TODO = re.compile(r"#[ \t]*TODO\b(\([^)\n]+\))?(:)?")


def count_layout(source: Source, tally: Tally) -> None:
    """In tests as elsewhere."""
    _count_quotes(source, tally)
    for match in _TODO.finditer(source.text):
        form = "owner" if match[1] else "colon" if match[2] else "bare"
        tally.add_at("todo", form, source.lines, match.start())


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
_SINGLE_ROW = re.compile(r"'[^\n]*")
_DOUBLE_ROW = re.compile(r'" [^\n]*')


def _count_quotes(source: Source, tally: Tally) -> None:
    """One per line; in single quotes of those strings that hold no double one: they had the choice."""
    code, mixed = source.code, set[int]()
    for match in _SINGLE_ROW.finditer(code) if "'" in code else ():
        start = match.start()
        mixed.add(code.find('" ', code.rfind("\n", 0, start) + 1, match.end()))
        said = _SINGLE.search(code, start, match.end())
        if said and '"' not in source.text[said.start() : said.end()]:
            tally.add_at("quotes", "single", source.lines, start)
    double = [at for match in _DOUBLE_ROW.finditer(code) if (at := match.start()) not in mixed]
    tally.add_each("quotes", "double", source.lines, double)
