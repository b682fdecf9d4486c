"""Turn ranked chunks into Hits: the definition in each that answers best, with its reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set

from indexer.store.catalog import Catalog, ChunkRow, SymbolRow
from indexer.words import stems

from .question import Question, name_stems
from .rank import Ranked, is_aside
from .types import Hit, Place

_PLACES = frozenset({"function", "method", "macro"})  # are read whole; a class or a section is not
# A value is named like what it is for; who asks for that wants the code.
_WORTH = {"constant": 0.6, "field": 0.6}
_ALSO = 3  # further places of the same file


def answer(question: Question, ranked: Sequence[Ranked], limit: int, catalog: Catalog) -> list[Hit]:
    """The first `limit` chunks as hits; the other good chunks of a file are named in `also`."""
    shown = list(ranked[:limit])
    texts = catalog.texts([r.candidate.chunk.nr for r in shown])
    rest: dict[tuple[str, str], list[Ranked]] = defaultdict(list)
    for r in ranked[limit:]:
        rest[r.candidate.repo, r.candidate.chunk.path].append(r)
    best = max((r.file_score for r in shown), default=0.0) or 1.0
    return [
        _hit(question, r, texts[r.candidate.chunk.nr], catalog, rest, best)
        for r in shown
        if r.candidate.chunk.nr in texts
    ]


def _hit(
    question: Question,
    ranked: Ranked,
    text: str,
    catalog: Catalog,
    rest: dict[tuple[str, str], list[Ranked]],
    best: float,
) -> Hit:
    candidate = ranked.candidate
    chunk = candidate.chunk
    around = catalog.symbols_over(chunk.file, chunk.start, chunk.end)
    asked = question.stems.keys()
    said = [asked & set(stems(line)) for line in text.split("\n")]
    symbol = _best_symbol(question, chunk, said, around)
    start, end = _lines(symbol, chunk)
    also = []
    for other in rest[candidate.repo, chunk.path][:_ALSO]:
        row = other.candidate.chunk
        also.append(Place(row.start, row.end, row.defines[0] if row.defines else row.scope or None))
    return Hit(
        repo=candidate.repo,
        path=chunk.path,
        start_line=start,
        end_line=end,
        score=round(ranked.file_score / best, 4),
        symbol=symbol.qualname if symbol else None,
        symbol_kind=symbol.kind if symbol else None,
        kind=chunk.kind,
        language=chunk.language,
        text=text,
        reasons=_reasons(question, ranked, symbol, set().union(*said)),
        also=tuple(also),
        chunk_id=chunk.id,
    )


def _lines(symbol: SymbolRow | None, chunk: ChunkRow) -> tuple[int, int]:
    """The definition's lines; of a type longer than its chunk only those here, for a thousand lines
    are no place."""
    if symbol is None:
        return chunk.start, chunk.end
    if symbol.kind in _PLACES or symbol.end <= chunk.end:
        return symbol.start, symbol.end
    return max(symbol.start, chunk.start), chunk.end


def _best_symbol(
    question: Question, chunk: ChunkRow, said: Sequence[Set[str]], symbols: Sequence[SymbolRow]
) -> SymbolRow | None:
    """The definition in the chunk that answers best: the named one, else the one whose name, doc and
    own lines say most of the question's words, the smaller one where several say the same."""
    inside = [s for s in symbols if chunk.start <= s.start <= chunk.end]
    if not inside:
        around = [s for s in symbols if s.start < chunk.start and s.end >= chunk.end]
        return around[-1] if around else None
    if len(inside) == 1:
        return inside[0]
    asked = question.stems.keys()
    names = {name.lower() for name in question.names}

    def fit(symbol: SymbolRow) -> tuple[float, float, int]:
        first = max(0, symbol.doc_start - chunk.start)
        own = set().union(*said[first : symbol.end - chunk.start + 1])
        named = (symbol.name in question.names) + 0.5 * (symbol.name.lower() in names)
        said_here = len(own) + 1.5 * len(asked & name_stems(symbol.name))
        return named, said_here * _WORTH.get(symbol.kind, 1.0), symbol.start - symbol.end

    return max(inside, key=fit)


def _reasons(
    question: Question, ranked: Ranked, symbol: SymbolRow | None, in_text: Set[str]
) -> tuple[str, ...]:
    """Why this is here, in words a person can check."""
    candidate = ranked.candidate
    chunk = candidate.chunk
    reasons = []
    if candidate.defines:
        reasons.append(f"defines {symbol.qualname if symbol else question.names[0]}")
    asked = set(question.stems)
    if symbol and (said := asked & name_stems(symbol.qualname)):
        reasons.append(f"name says {_words(question, said)}")
    if said := asked & name_stems(chunk.path):
        reasons.append(f"path says {_words(question, said)}")
    if candidate.words and in_text:
        reasons.append(f"text says {_words(question, in_text)}")
    if candidate.meaning:
        reasons.append("near in meaning")
    if is_aside(chunk.path, chunk.kind):
        reasons.append("ranked lower: not production code")
    return tuple(reasons)


def _words(question: Question, said: Set[str]) -> str:
    return ", ".join(word for stem, word in question.stems.items() if stem in said)
