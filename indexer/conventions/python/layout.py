"""Count how the text of a Python file is laid out: its header, its quotes, its notes of what is to do."""

from __future__ import annotations

import re

from ..tally import Tally
from .source import Source

_LICENCE = re.compile(r"copyright|licen[sc]e|SPDX", re.IGNORECASE)
_TODO = re.compile(r"#[ \t]*TODO\b(\([^)\n]+\))?")


def count_layout(source: Source, tally: Tally) -> None:
    """In tests as elsewhere."""
    _count_header(source, tally)
    _count_quotes(source, tally)
    if "TODO" in source.text:
        for match in _TODO.finditer(source.text):
            tally.add("todo", "named" if match[1] else "plain", source.lines.line(match.start()))


def _count_header(source: Source, tally: Tally) -> None:
    """A file without any code needs none."""
    if not source.parsed.symbols:
        return
    head = source.text[:600]
    comment = head[: head.find("\n\n")] if "\n\n" in head else head
    licensed = comment.startswith("#") and _LICENCE.search(comment) is not None
    tally.add("header", "licence" if licensed else "none", 1)


_QUOTED = re.compile(r"\" +\"|' +'")


def _count_quotes(source: Source, tally: Tally) -> None:
    """Of strings that hold no quote themselves: those had the choice."""
    code, text = source.code, source.text
    if "'" not in code:  # as formatters leave it: nothing to tell apart
        for line, row in enumerate(source.rows, 1):
            if '" ' in row:
                tally.add("quotes", "double", line)
        return
    last = 0
    for match in _QUOTED.finditer(code):
        start, end = match.span()
        if start < last or text.find('"', start + 1, end - 1) >= 0 or text.find("'", start + 1, end - 1) >= 0:
            continue
        tally.add("quotes", "double" if code[start] == '"' else "single", source.lines.line(start))
        last = code.find("\n", end)  # one per line says enough
