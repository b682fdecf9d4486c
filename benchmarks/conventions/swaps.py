"""Rows of `swaps.json` -> edits that break a habit decided on a line or in a doc comment.

The key of a row is `language/question=answer` with `*` for any, or `~` and a pattern for `question=answer`.
`\\U1`, `\\L1` and `\\C1` in `instead` are the first group in capitals, in small letters and capitalised.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from indexer.types import ParsedFile, Symbol

Edit = Callable[[str, int, ParsedFile], str | None]  # text, line, the file parsed -> the text broken, or None

_DOC = 30  # lines: as far down as a docstring goes
_CASED = re.compile(r"\\([ULC])(\d)")
_CASES: dict[str, Callable[[str], str]] = {"U": str.upper, "L": str.lower, "C": str.capitalize}


@dataclass(frozen=True, slots=True)
class Swap:
    """Put `instead` for `pattern`, `times` times (0: everywhere).

    In the line of the place and `reach` - 1 lines after it or, with `doc`, in the documentation of the
    definition there.
    """

    pattern: str
    instead: str
    reach: int = 1
    doc: bool = False
    times: int = 1

    def __call__(self, text: str, line: int, parsed: ParsedFile) -> str | None:
        lines = text.split("\n")
        first, last = line - 1, line - 1 + self.reach
        if self.doc:
            symbol = defined_at(parsed, line)
            if not symbol or not symbol.doc:
                return None
            first = min(symbol.doc_start or symbol.span.start, symbol.span.start) - 1
            above = first < symbol.span.start - 1
            last = symbol.span.start - 1 if above else min(symbol.span.end, first + _DOC)
        body, found = re.subn(
            self.pattern, self._filled, "\n".join(lines[first:last]), count=self.times, flags=re.M
        )
        return "\n".join([*lines[:first], body, *lines[last:]]) if found else None

    def _filled(self, match: re.Match[str]) -> str:
        cased = _CASED.sub(lambda at: _CASES[at[1]](match[int(at[2])]).replace("\\", "\\\\"), self.instead)
        return match.expand(cased)


def defined_at(parsed: ParsedFile, line: int) -> Symbol | None:
    """The definition that begins at a line, or whose doc comment, decorators or docstring it belongs to."""
    for symbol in parsed.symbols:
        if symbol.span.start == line or (symbol.doc and symbol.doc_start <= line < symbol.span.start):
            return symbol
    inside = [
        one for one in parsed.symbols if one.span.start <= line <= min(one.span.end, one.span.start + 8)
    ]
    return inside[-1] if inside else None


def swaps_of(question: str, answer: str, language: str) -> Sequence[Edit]:
    rows = _rows()
    for spoken in (language, "*"):
        for said in (answer, "*"):
            if f"{spoken}/{question}={said}" in rows:
                return rows[f"{spoken}/{question}={said}"]
    asked = f"{question}={answer}"
    return next((edits for key, edits in rows.items() if key[0] == "~" and re.fullmatch(key[1:], asked)), ())


@cache
def _rows() -> dict[str, Sequence[Edit]]:
    rows = json.loads((Path(__file__).resolve().parent / "swaps.json").read_text(encoding="utf-8"))
    return {key: tuple(Swap(**row) for row in swaps) for key, swaps in rows.items()}
