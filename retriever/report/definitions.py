"""The definitions of some files -> how well each answers a report, by the words of its own lines (BM25).

A function owns its lines with those of what is nested in it; a class its head and documentation, for its
methods speak for themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import log

from indexer.store.catalog import SymbolRow
from indexer.words import terms

_LINE_END = ord("\n")
# Everything but letters, digits, _ and what lies beyond ASCII becomes a space; line ends stay, to be counted.
_SPACED = bytes(
    code if code >= 0x80 or code == _LINE_END or chr(code).isalnum() or code == ord("_") else 0x20
    for code in range(256)
)
_K1 = 1.2
_B = 0.4  # long functions are long for a reason: half of what is fixed is in them
_NAME = 3.0  # the name of a definition, and half of that its owner's, among its words
_OWNER = 1.0
_CALLABLE = frozenset({"function", "method", "macro"})
_TYPES = frozenset({"class", "interface", "struct", "enum", "trait", "type"})


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition that can be named as an answer, with the words of the report it says, by how often.
    `length` counts all its words."""

    symbol: SymbolRow
    said: Mapping[str, float]
    length: int

    @property
    def is_type(self) -> bool:
        return self.symbol.kind in _TYPES


def definitions_of(text: str, symbols: Sequence[SymbolRow], words: Words) -> list[Definition]:
    """The functions, methods and types of one file, with the words that count."""
    written = text.encode("utf-8", "replace").translate(_SPACED)
    starts = [0, *accumulate(len(line) + 1 for line in written.split(b"\n"))]
    kept = _without_nested(symbols)
    found = []
    for symbol in kept:
        lines = _own_lines(symbol, kept, len(starts) - 1)
        own = Counter(written[starts[lines.start - 1] : starts[lines.stop - 1]].split())
        said: dict[str, float] = {}
        for identifier, number in own.items():
            for word in words.of(identifier):
                said[word] = said.get(word, 0.0) + number
        owner, _, name = symbol.qualname.rpartition(".")
        for part, weight in ((name, _NAME), (owner, _OWNER)):
            for identifier in part.encode().split(b"."):
                for word in words.of(identifier):
                    said[word] = said.get(word, 0.0) + weight
        found.append(Definition(symbol, said, own.total()))
    return found


def bm25(definitions: Sequence[Definition], asked: Mapping[str, float]) -> list[float]:
    """BM25 of each definition among these, 1 for the best. `asked` weighs the words."""
    holding = Counter(word for definition in definitions for word in definition.said if word in asked)
    many = len(definitions)
    worth = {word: asked[word] * log(1 + (many - n + 0.5) / (n + 0.5)) for word, n in holding.items()}
    average = sum(definition.length for definition in definitions) / max(1, many) or 1.0
    found = []
    for definition in definitions:
        norm = _K1 * (1 - _B + _B * definition.length / average)
        found.append(
            sum(worth[w] * tf * (_K1 + 1) / (tf + norm) for w, tf in definition.said.items() if w in worth)
        )
    most = max(found, default=0.0) or 1.0
    return [score / most for score in found]


class Words:
    """Which words of a report an identifier says; each is split once."""

    def __init__(self, asked: Mapping[str, float]) -> None:
        self._asked = asked
        self._known: dict[bytes, tuple[str, ...]] = {}

    def of(self, identifier: bytes) -> tuple[str, ...]:
        known = self._known.get(identifier)
        if known is None:
            known = tuple(word for word in _split(identifier) if word in self._asked)
            self._known[identifier] = known
        return known


@lru_cache(maxsize=32_768)  # the same files come up again; some 7 MB
def _split(identifier: bytes) -> tuple[str, ...]:
    return terms(identifier.decode("utf-8", "replace"))


def _without_nested(symbols: Sequence[SymbolRow]) -> list[SymbolRow]:
    """Callables and types, less what is nested in a callable: that counts as its owner."""
    kept: list[SymbolRow] = []
    end = 0
    for symbol in symbols:
        if symbol.start <= end:
            continue
        if symbol.kind in _CALLABLE:
            kept.append(symbol)
            end = symbol.end
        elif symbol.kind in _TYPES:
            kept.append(symbol)
    return kept


def _own_lines(symbol: SymbolRow, inner: Sequence[SymbolRow], last: int) -> range:
    """The lines of a callable; those of a type down to its first callable."""
    start, end = min(symbol.doc_start or symbol.start, symbol.start), min(symbol.end, last)
    if symbol.kind in _TYPES:
        first = min((s.start for s in inner if symbol.start < s.start <= symbol.end), default=end + 1)
        end = min(end, first - 1)
    return range(start, max(end, start) + 1)
