"""A parsed Python file as its counters read it: rows of code, heads of definitions, arguments of calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

from ...types import ParsedFile, Reference, Symbol
from ..lines import Lines

_BRACKET = re.compile(r"[()\[\]{}]")
_HEADS = ("def ", "async def ", "class ")
_IDENTIFIER = re.compile(r"\w").match
_NEAR = 3  # rows; a chain of calls may be broken before the name that is called


class Source:
    """One file. `code` has strings and comments blanked out, `text` has not; offsets are the same."""

    def __init__(self, parsed: ParsedFile, lines: Lines) -> None:
        self.parsed = parsed
        self.path = parsed.file.path
        self.text = parsed.file.text
        self.lines = lines
        self.code = lines.code

    @cached_property
    def rows(self) -> list[str]:
        return self.code.split("\n")

    @cached_property
    def starts(self) -> list[int]:
        """The offset at which each row begins."""
        return list(accumulate((len(row) + 1 for row in self.rows), initial=0))

    @cached_property
    def imports(self) -> list[Reference]:
        return [reference for reference in self.parsed.references if reference.kind == "import"]

    @cached_property
    def calls(self) -> dict[str, list[Reference]]:
        """By the last name of what is called; a decorator is a call."""
        found: dict[str, list[Reference]] = {}
        for reference in self.parsed.references:
            if reference.kind == "call":
                found.setdefault(reference.name, []).append(reference)
        return found

    @cached_property
    def functions(self) -> list[Symbol]:
        return [symbol for symbol in self.parsed.symbols if symbol.kind in ("function", "method")]

    @cached_property
    def classes(self) -> list[Symbol]:
        return [symbol for symbol in self.parsed.symbols if symbol.kind == "class"]

    def places(self, *words: str) -> Iterator[tuple[int, str]]:
        """Where a word of the code begins, all places of the first word first; `s[` isn't found in `xs[`.

        By `str.find`, since a pattern of several words that may begin anywhere is ten times as slow.
        """
        for word in words:
            at = self.code.find(word)
            while at >= 0:
                before = self.code[at - 1 : at]
                if not (before.isalnum() or before == "_"):
                    yield at, word
                at = self.code.find(word, at + len(word))

    def uses(self, name: str) -> Iterator[int]:
        """Where a name stands in the code, whole."""
        for at, _ in self.places(name):
            if not _IDENTIFIER(self.code[at + len(name) : at + len(name) + 1]):
                yield at

    def row(self, line: int) -> str:
        return self.rows[line - 1] if 0 < line <= len(self.rows) else ""

    def head(self, symbol: Symbol) -> int:
        """The line of `def` or `class`, below the decorators."""
        for line in range(symbol.span.start, symbol.span.end + 1):
            if self.rows[line - 1].lstrip().startswith(_HEADS):
                return line
        return symbol.span.start

    def handed(self, call: Reference) -> str | None:
        """The code between the brackets of a call, None where it has none (a bare decorator)."""
        opening = self.opening(call)
        return None if opening < 0 else self.code[opening + 1 : self.closing(opening)]

    def opening(self, call: Reference) -> int:
        """The offset of the bracket that opens a call, -1 where there is none."""
        rows = 1 if self.row(call.line).lstrip().startswith("@") else _NEAR
        last = self.starts[min(call.line - 1 + rows, len(self.starts) - 1)]
        at = self.code.find(f"{call.name}(", self.starts[call.line - 1], last)
        while at > 0 and _IDENTIFIER(self.code[at - 1]):  # `run(` in `rerun(`
            at = self.code.find(f"{call.name}(", at + 1, last)
        return at + len(call.name) if at >= 0 else -1

    def closing(self, opening: int) -> int:
        """The offset of the partner of the bracket at `opening`, or the end of the text."""
        depth = 0
        for match in _BRACKET.finditer(self.code, opening):
            depth += 1 if match[0] in "([{" else -1
            if not depth:
                return match.start()
        return len(self.code)
