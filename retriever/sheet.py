"""A file as a pack sees it: its lines, its definitions, and which lines make up a head or an outline."""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexer.store.catalog import Catalog, FileRow, RepoRow, SymbolRow
from indexer.types import Span

_LONGEST_HEAD = 12  # lines; a longer parameter list is shown as far as this
READ_WHOLE = frozenset({"function", "method", "macro"})
_NESTED = frozenset({"class", "interface", "struct", "enum", "trait", "module", "type"})

_TELLS = re.compile(r"\w")  # a line that begins with brackets alone closes what stands before


class Sheet:
    """One file. Lines count from 1; `symbols` come outer before inner, `outlined` are those that are not
    local to a function, `leaves` those of them that hold no function of their own and are not mere values."""

    def __init__(self, file: FileRow, text: str, symbols: list[SymbolRow]) -> None:
        self.file = file
        self.path = file.path
        self.lines = text.split("\n")
        if len(self.lines) > 1 and not self.lines[-1]:
            self.lines.pop()
        self.symbols = symbols
        functions = {s.qualname for s in symbols if s.kind in ("function", "method")}
        self.outlined = [s for s in symbols if not _inside(s.qualname, functions)]
        owners = {s.qualname.rpartition(".")[0] for s in symbols if s.kind in READ_WHOLE}
        self.leaves = [
            s
            for s in self.outlined
            if s.kind in READ_WHOLE or (s.kind in _NESTED and s.qualname not in owners)
        ]

    def text(self, lines: Iterable[int]) -> str:
        return "\n".join(self.lines[line - 1] for line in lines)

    def symbol_at(self, start: int, qualname: str | None) -> SymbolRow | None:
        """The definition that begins on a line, by its name where several do."""
        found = [symbol for symbol in self.symbols if symbol.start == start]
        named = [symbol for symbol in found if symbol.qualname == qualname]
        return next(iter(named or found), None)

    def named(self, qualname: str, line: int = 0) -> SymbolRow | None:
        """The definition of that name around `line`, else the first of that name."""
        found = [symbol for symbol in self.symbols if symbol.qualname == qualname]
        around = [symbol for symbol in found if symbol.start <= line <= symbol.end]
        return next(iter(around or found), None)

    def whole(self, symbol: SymbolRow) -> Span:
        """A definition with the comment above it."""
        return Span(max(1, symbol.doc_start), min(symbol.end, len(self.lines)))

    def head(self, symbol: SymbolRow) -> Span:
        """Its decorators and its signature: up to the line on which the signature ends."""
        wanted = _squeezed(symbol.signature)
        seen = ""
        last = min(symbol.end, symbol.start + _LONGEST_HEAD - 1, len(self.lines))
        for line in range(symbol.start, last + 1):
            seen += _squeezed(self.lines[line - 1])
            if wanted in seen:
                return Span(symbol.start, line)
        return Span(symbol.start, last)

    def heads_around(self, line: int) -> list[int]:
        """The lines of the heads of the types that a line stands in, if it begins none of them."""
        lines: list[int] = []
        for outer in self.symbols:
            if outer.kind in _NESTED and outer.start < line <= outer.end:
                lines += _range(self.head(outer))
        return lines

    def between(self) -> list[Span]:
        """What stands between the leaves, from the first definition on: fields, tables, registrations."""
        types = [symbol for symbol in self.outlined if symbol.kind in _NESTED]
        known = {line for symbol in types for line in _range(self.head(symbol))}
        first = min((symbol.doc_start for symbol in self.symbols), default=len(self.lines) + 1)
        spans, start = [], max(1, first)
        for leaf in sorted((self.whole(leaf) for leaf in self.leaves), key=lambda span: span.start):
            spans.append(range(start, leaf.start))
            start = max(start, leaf.end + 1)
        spans.append(range(start, len(self.lines) + 1))
        found = []
        for span in spans:
            telling = [n for n in span if n not in known and _TELLS.search(self.lines[n - 1])]
            if telling:
                found.append(Span(telling[0], max(n for n in span if self.lines[n - 1].strip())))
        return found

    def outline(self, symbol: SymbolRow | None = None) -> list[int]:
        """The lines of the heads of everything in a definition, or in the file; not of locals."""
        span = self.whole(symbol) if symbol else Span(1, len(self.lines))
        lines: set[int] = set()
        for inner in self.outlined:
            if span.start <= inner.start <= span.end:
                lines.update(_range(self.head(inner)))
        return sorted(lines)

    def block(self, line: int) -> Span:
        """The statement that begins on a line, to the line that closes it at the same indentation."""
        indent = _indent(self.lines[line - 1])
        for last in range(line + 1, len(self.lines) + 1):
            text = self.lines[last - 1]
            if text.strip() and _indent(text) <= indent:
                closes = _indent(text) == indent and text.lstrip()[0] in ")}]"
                return Span(line, last if closes else last - 1)
        return Span(line, len(self.lines))

    def indent(self, line: int) -> int:
        return _indent(self.lines[line - 1])

    def opening(self, longest: int) -> Span | None:
        """What stands above the first definition, imports mostly, where that is short."""
        ends = [symbol.doc_start for symbol in self.symbols]
        last = min(ends) - 1 if ends else 0
        while last > 0 and not self.lines[last - 1].strip():
            last -= 1
        return Span(1, last) if 0 < last <= longest else None


class Sheets:
    """The files of a repository, read when first asked for."""

    def __init__(self, catalog: Catalog, repo: RepoRow) -> None:
        self.catalog = catalog
        self.repo = repo
        self._sheets: dict[str, Sheet | None] = {}

    def get(self, path: str) -> Sheet | None:
        if path not in self._sheets:
            file = self.catalog.file(self.repo, path)
            self._sheets[path] = (
                Sheet(file, self.catalog.text_of(file.id), self.catalog.symbols_in([file.id]))
                if file
                else None
            )
        return self._sheets[path]

    def pieces(self, sheet: Sheet, span: Span) -> list[Span]:
        """Lines of a file by the chunks they are in: statements that fit together."""
        return [
            Span(max(chunk.start, span.start), min(chunk.end, span.end))
            for chunk in self.catalog.chunks_of(sheet.file.id)
            if chunk.start <= span.end and span.start <= chunk.end
        ]


def _range(span: Span) -> range:
    return range(span.start, span.end + 1)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _inside(qualname: str, functions: set[str]) -> bool:
    parts = qualname.split(".")
    return any(".".join(parts[:n]) in functions for n in range(1, len(parts)))
