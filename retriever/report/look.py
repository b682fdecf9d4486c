"""The files that may have to change -> their definitions, each with the signs that speak for it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p

from indexer.store.catalog import Catalog, ChunkRow, SymbolRow
from indexer.words import terms

from .definitions import Definition, Words, bm25, definitions_of
from .evidence import FileEvidence, Key
from .read import Report

_SHARED_BY = 5  # files that hold a quotation: with more of them it says nothing
_SCENERY = 2  # and of a string in an example, which is rather there to run
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A definition that may have to change. `chunk` is where it begins, `text` its lines in that chunk;
    `said` are the words of the report that it says, stemmed."""

    symbol: SymbolRow
    chunk: ChunkRow
    text: str
    signs: Mapping[str, float]
    said: tuple[str, ...]


def look(report: Report, files: Sequence[FileEvidence], catalog: Catalog) -> dict[Key, list[Candidate]]:
    """Read these files: what they hold word by word becomes signs of theirs, and of their definitions."""
    texts = {one.key: catalog.text_of(one.file.id) for one in files}
    quoted = _quoted(report, texts)
    scored = _scored(report, files, texts, catalog)
    found = {}
    for one in files:
        one.signs["quoted"] = min(1.0, sum(quoted[one.key].values()))
        one.signs["definition"] = max((words for _, words, _ in scored[one.key]), default=0.0)
        found[one.key] = _candidates(one, scored[one.key], quoted[one.key], texts[one.key], catalog)
    return found


def _quoted(report: Report, texts: Mapping[Key, str]) -> dict[Key, dict[str, float]]:
    """The quotations that each file holds letter by letter, worth less the more files do."""
    found: dict[Key, dict[str, float]] = {key: {} for key in texts}
    most = {**dict.fromkeys(report.literals, _SCENERY), **dict.fromkeys(report.quoted, _SHARED_BY)}
    for quote, files in most.items():
        keys = [key for key, text in texts.items() if quote in text]
        for key in keys if len(keys) <= files else ():
            found[key][quote] = 1 / len(keys)
    return found


_Scored = tuple[Definition, float, float]  # with the words' score, and that of the title's alone


def _scored(
    report: Report, files: Sequence[FileEvidence], texts: Mapping[Key, str], catalog: Catalog
) -> dict[Key, list[_Scored]]:
    """Every definition of these files by its words: they are measured against each other."""
    symbols: dict[int, list[SymbolRow]] = defaultdict(list)
    for row in catalog.symbols_in([one.file.id for one in files]):
        symbols[row.file].append(row)
    asked = weighed_terms(report)
    in_title = {term for word in _WORD.findall(report.title) if word in report.terms for term in terms(word)}
    title = {term: weight for term, weight in asked.items() if term in in_title}
    words = Words(asked)
    keys: list[Key] = []
    definitions: list[Definition] = []
    for one in files:
        here = definitions_of(texts[one.key], symbols[one.file.id], words)
        keys += [one.key] * len(here)
        definitions += here
    found: dict[Key, list[_Scored]] = {one.key: [] for one in files}
    wholes, titles = bm25(definitions, asked), bm25(definitions, title)
    for key, definition, whole, part in zip(keys, definitions, wholes, titles, strict=True):
        found[key].append((definition, whole, part))
    return found


def weighed_terms(report: Report) -> dict[str, float]:
    """The stemmed words of a report with their weights; a word said often means more, not in proportion."""
    counts: dict[str, float] = {}
    for word, count in report.terms.items():
        for term in terms(word):
            counts[term] = counts.get(term, 0.0) + count
    return {term: log1p(count) for term, count in counts.items()}


def _candidates(
    one: FileEvidence, scored: Sequence[_Scored], quoted: Mapping[str, float], text: str, catalog: Catalog
) -> list[Candidate]:
    lines = text.split("\n")
    chunks = catalog.chunks_of(one.file.id)
    found = []
    at = 0
    for definition, whole, title in scored:
        symbol = definition.symbol
        while at < len(chunks) and chunks[at].end < symbol.start:
            at += 1
        if at == len(chunks):  # the file is being indexed anew
            break
        own = lines[symbol.start - 1 : symbol.end]
        signs = {
            "words": whole,
            "title_words": title,
            "named": min(1.0, one.named.get(symbol.id, 0.0)),
            "frame": one.framed.get(symbol.name, 0.0),
            "type": float(definition.is_type),
            **{sign: _nearness(symbol, chunks[at:], near) for sign, near in one.near.items()},
        }
        if quoted:
            body = "\n".join(own)
            signs["quoted"] = min(1.0, sum(worth for quote, worth in quoted.items() if quote in body))
        shown = "\n".join(own[: chunks[at].end - symbol.start + 1]) + "\n"
        found.append(Candidate(symbol, chunks[at], shown, signs, tuple(definition.said)))
    return found


def _nearness(symbol: SymbolRow, chunks: Iterable[ChunkRow], near: Mapping[int, float]) -> float:
    """How near the chunks of a definition are, each by as much of it as the definition is."""
    most = 0.0
    for chunk in chunks:
        if chunk.start > symbol.end:
            break
        shared = min(chunk.end, symbol.end) - max(chunk.start, symbol.start) + 1
        most = max(most, near.get(chunk.nr, 0.0) * shared / (chunk.end - chunk.start + 1))
    return most
