"""Count how a Rust file defines types, builders and functions, and what their docs have sections for."""

from __future__ import annotations

import re

from ...types import ParsedFile, Symbol
from ..lines import Lines
from ..tally import Tally


def count_definitions(parsed: ParsedFile, lines: Lines, end: int, tally: Tally) -> None:
    """Of the code before `end`, where the file's tests begin."""
    code = lines.code
    last = code.count("\n", 0, end) + 1
    by_hand = {r.scope for r in parsed.references if r.kind == "inherit" and r.name == "Debug"}
    rows = code.split("\n")
    for symbol in parsed.symbols:
        if symbol.span.start > last:
            break
        if symbol.kind in ("struct", "enum"):
            _count_type(symbol, rows, by_hand, tally)
        elif symbol.kind in ("function", "method"):
            _count_function(symbol, rows, tally)
            _count_sections(symbol, tally)


def _count_type(symbol: Symbol, rows: list[str], by_hand: set[str], tally: Tally) -> None:
    """Attributes stand between the comment and the definition, in the symbol's own lines or above them."""
    if not symbol.signature.startswith("pub ") and not symbol.signature.startswith("pub("):
        return
    line = symbol.span.start
    head = "".join(rows[min(symbol.doc_start, line) - 1 : line + 6]).partition(symbol.signature[:40])[0]
    derived = "Debug" in head or symbol.qualname in by_hand
    tally.add("derive.debug", "yes" if derived else "no", line)
    if symbol.kind == "enum" and symbol.signature.startswith("pub "):
        tally.add("enum.open", "yes" if "non_exhaustive" in head else "no", line)


_NAMED = re.compile(r"(?:Result<|Option<)?(\w+)(<?)")
_BUILDS = re.compile(r"\(mut self\b.*\) -> Self\b")


def _count_function(symbol: Symbol, rows: list[str], tally: Tally) -> None:
    signature, line = symbol.signature, symbol.span.start
    if symbol.kind != "method":
        return
    owner = symbol.qualname.rpartition(".")[0].rpartition(".")[2]
    if _BUILDS.search(signature):
        form = (
            "with" if symbol.name.startswith("with_") else "set" if symbol.name.startswith("set_") else "bare"
        )
        tally.add("builder.name", form, line)
        if signature.startswith("pub "):
            head = "".join(rows[min(symbol.doc_start, line) - 1 : line + 2])
            tally.add("must.use", "yes" if "must_use" in head else "no", line)
    result = signature.rpartition(" -> ")[2] if " -> " in signature else ""
    if result:
        named = _NAMED.match(result)
        if named and named[1] in (owner, "Self") and not (named[2] and named[1] == owner):
            tally.add("self.type", "Self" if named[1] == "Self" else "name", line)


_EXAMPLE = re.compile(r"^# (Examples?)$", re.MULTILINE)


def _count_sections(symbol: Symbol, tally: Tally) -> None:
    doc = symbol.doc
    if not doc or not symbol.signature.startswith("pub "):
        return
    line = symbol.span.start
    if "-> Result<" in symbol.signature or "Result<" in symbol.signature.rpartition("->")[2]:
        tally.add("doc.errors", "yes" if "# Errors" in doc else "no", line)
    tally.add("doc.code", "yes" if "```" in doc else "no", line)
    if "# Example" in doc:
        match = _EXAMPLE.search(doc)
        if match:
            tally.add("doc.example", match[1], line)
