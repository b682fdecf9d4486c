"""Count how a Python file raises and catches: what, in which words, and what becomes of it."""

from __future__ import annotations

import re

from ..tally import Tally
from .handlers import Handler, handlers_of
from .source import Source, begins


def count_errors(source: Source, tally: Tally) -> None:
    """Errors of a file that is no test."""
    handlers = handlers_of(source)
    _count_handlers(source, handlers, tally)
    _count_raises(source, handlers, tally)
    _count_asserts(source, tally)


def _count_handlers(source: Source, handlers: list[Handler], tally: Tally) -> None:
    for handler in handlers:
        body = source.rows[handler.body[0] - 1 : handler.body[1]]
        tally.add("except.bare", "yes" if handler.width == "bare" else "no", handler.line)
        if handler.name and len(handler.name) <= _LONGEST:
            tally.add("except.name", handler.name, handler.line)
        raises = any(row.strip() == "raise" for row in body)
        if handler.width == "named" or (handler.width == "broad" and not raises):
            tally.add("except", handler.width, handler.line)
        if handler.alone and handler.width == "named" and [row.strip() for row in body] == ["pass"]:
            tally.add("ignored", "pass", handler.line)
        if not any("raise" in row for row in body):
            _count_report(body, handler, tally)
    for call in source.calls.get("suppress", ()):
        tally.add("ignored", "suppress", call.line)


_LONGEST = 9  # letters of `exception`: longer names say what happened, not which word is used for it
_REPORT = re.compile(r"\.(exception|error|critical)\(")


def _count_report(body: list[str], handler: Handler, tally: Tally) -> None:
    """What is logged as an error by a handler that goes on: with the traceback or without."""
    for nth, row in enumerate(body):
        match = _REPORT.search(row)
        if match:
            traced = match[1] == "exception" or any("exc_info" in later for later in body[nth : nth + 6])
            tally.add("log.traceback", "yes" if traced else "no", handler.body[0] + nth)


# What is looked behind stands last: see `begins`.
_RAISE = re.compile(r"raise (?<!\wraise )([A-Za-z_][\w.]*)(\(|[ \t]+from[ \t]+(\w+)|[ \t]*(?=\n|\Z))")
_FROM = re.compile(r"[ \t]*from[ \t]+\w")


def _count_raises(source: Source, handlers: list[Handler], tally: Tally) -> None:
    for match in _RAISE.finditer(source.code):
        name = match[1].rpartition(".")[2]
        line = source.lines.line(match.start())
        if name[:1].isupper():
            tally.add("raise", name, line)
        end = source.closing(match.end() - 1) if match[2] == "(" else -1
        if end > 0:
            _count_message(source, match.end(), end, line, tally)
        if any(handler.body[0] <= line <= handler.body[1] for handler in handlers):
            if match[3] or (end > 0 and _FROM.match(source.code, end + 1)):
                tally.add("raise.from", "yes", line)
            elif end > 0 or name[:1].isupper():
                tally.add("raise.from", "no", line)


_STRINGS = re.compile(r"(?:[fFrR]*(?:\" *\"|' *')\s*)+,?\s*")  # one or several that are joined
_VARIABLE = frozenset({"msg", "message", "text", "error_message", "err_msg", "error_msg", "errmsg"})
_SENTENCE = 4  # words: fewer are a label, not a sentence that could end


def _count_message(source: Source, start: int, end: int, line: int, tally: Tally) -> None:
    """How the words of an error are written, where they are all that it is given."""
    handed = source.text[start:end].strip().rstrip(",")
    inline = _STRINGS.fullmatch(source.code[start:end].strip()) is not None
    if inline or handed in _VARIABLE:
        tally.add("error.text", "inline" if inline else "variable", line)
    said = handed.lstrip("fFrR").strip("\"'")
    if not inline or said.count(" ") + 1 < _SENTENCE:
        return
    first, last = said[0], said[-1]
    if first.isalpha():
        tally.add("error.start", "upper" if first.isupper() else "lower", line)
    if last.isalnum() or last in ".!'\"`)}":
        tally.add("error.end", "period" if last == "." else "open", line)


_ASSERT = begins("assert ")
_NARROWS = re.compile(r"\(?(?:isinstance|issubclass|callable|TYPE_CHECKING)\b|[\w.\[\]() ]+ is not None\b")


def _count_asserts(source: Source, tally: Tally) -> None:
    """But not those that tell a type checker something; a file that raises had the choice."""
    found = False
    for match in _ASSERT.finditer(source.code):
        if not _NARROWS.match(source.code, match.end()):
            found = True
            tally.add_at("assert", "yes", source.lines, match.start())
    if not found and "raise" in tally.facts:
        tally.add("assert", "no", min(lines[1] for lines in tally.facts["raise"].values()))
