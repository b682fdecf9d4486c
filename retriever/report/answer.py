"""A report and an index -> Hits: the definitions to look at first, in the files to look at first."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log1p

from indexer.embed import Embedder
from indexer.store import Vectors, Where
from indexer.store.catalog import Catalog, ChunkRow, RepoRow, SymbolRow
from indexer.words import terms

from ..types import Hit
from .definitions import Definition, Words, bm25, definitions_of
from .evidence import FileEvidence, Key, gather
from .rank import DEFINITION_SIGNS, FILE_SIGNS, laid_out, weigh
from .read import Report, read_report

_READ = 15  # files whose definitions are looked at: the order of the rest matters little
_SHARED_BY = 5  # files that hold a quotation: with more of them it says nothing
_WORDS = 6  # that a reason repeats
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class _Place:
    """One thing to show: a definition, or the best chunk of a file that has none."""

    evidence: FileEvidence
    symbol: SymbolRow | None
    chunk: ChunkRow
    text: str
    score: float
    said: Sequence[str]


def answer_report(
    text: str,
    asked: Sequence[tuple[RepoRow, Where]],
    limit: int,
    catalog: Catalog,
    vectors: Vectors,
    embedder: Embedder,
) -> list[Hit]:
    """The first `limit` places for a long question. Raises IndexDamaged, StoreUnreachable."""
    report = read_report(text)
    evidence = gather(report, asked, catalog, vectors, embedder)
    read = [one for one in _ordered(evidence) if not one.signs["aside"]][:_READ]
    texts = {one.key: catalog.text_of(one.file.id) for one in read}
    quoted = _quoted(report, texts)
    for one in read:
        one.signs["quoted"] = min(1.0, sum(quoted[one.key].values()))
    found = _definitions(report, read, texts, catalog)
    for one in read:
        one.signs["definition"] = max((words for _, words, _ in found[one.key]), default=0.0)
    files = _ordered(evidence)
    places = _places(files, found, quoted, texts, catalog)
    files = [one for one in files if places.get(one.key)]
    shown = laid_out(
        [one.key for one in files], {key: [p.score for p in ps] for key, ps in places.items()}, limit
    )
    return _hits(report, [places[key][n] for key, n in shown], catalog)


def _ordered(evidence: Sequence[FileEvidence]) -> list[FileEvidence]:
    return sorted(evidence, key=lambda one: (-weigh(one.signs, FILE_SIGNS), one.key))


def _quoted(report: Report, texts: Mapping[Key, str]) -> dict[Key, dict[str, float]]:
    """The quotations that each file holds letter by letter, worth less the more files do."""
    holders = {quote: [key for key, text in texts.items() if quote in text] for quote in report.quoted}
    found: dict[Key, dict[str, float]] = {key: {} for key in texts}
    for quote, keys in holders.items():
        for key in keys if len(keys) <= _SHARED_BY else ():
            found[key][quote] = 1 / len(keys)
    return found


_Scored = tuple[Definition, float, float]  # with the words' score, and that of the title's alone


def _definitions(
    report: Report, read: Sequence[FileEvidence], texts: Mapping[Key, str], catalog: Catalog
) -> dict[Key, list[_Scored]]:
    symbols: dict[int, list[SymbolRow]] = defaultdict(list)
    for row in catalog.symbols_in([one.file.id for one in read]):
        symbols[row.file].append(row)
    asked = _asked(report)
    in_title = {term for word in _WORD.findall(report.title) if word in report.terms for term in terms(word)}
    words = Words(asked)
    all_ = [(one.key, d) for one in read for d in definitions_of(texts[one.key], symbols[one.file.id], words)]
    definitions = [definition for _, definition in all_]
    title = {term: weight for term, weight in asked.items() if term in in_title}
    found: dict[Key, list[_Scored]] = {one.key: [] for one in read}
    for (key, definition), whole, part in zip(
        all_, bm25(definitions, asked), bm25(definitions, title), strict=True
    ):
        found[key].append((definition, whole, part))
    return found


def _asked(report: Report) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for word, count in report.terms.items():
        for term in terms(word):
            counts[term] += count  # type: ignore[assignment]
    return {term: log1p(count) for term, count in counts.items()}


def _places(
    files: Sequence[FileEvidence],
    found: Mapping[Key, Sequence[_Scored]],
    quoted: Mapping[Key, Mapping[str, float]],
    texts: Mapping[Key, str],
    catalog: Catalog,
) -> dict[Key, list[_Place]]:
    """What can be shown of each file, best first; its score says how far its file stands behind the first."""
    top = weigh(files[0].signs, FILE_SIGNS) if files else 0.0
    places: dict[Key, list[_Place]] = {}
    for one in files:
        behind = DEFINITION_SIGNS["file"] * (weigh(one.signs, FILE_SIGNS) - top)
        lines = texts[one.key].split("\n") if one.key in texts else []
        chunks = catalog.chunks_of(one.file.id) if found.get(one.key) else []
        seen: dict[str, _Place] = {}
        for definition, whole, part in found.get(one.key, ()):
            symbol = definition.symbol
            own = lines[symbol.start - 1 : symbol.end]
            body = "\n".join(own)
            signs = {
                "words": whole,
                "title_words": part,
                "named": min(1.0, one.named.get(symbol.id, 0.0)),
                "frame": one.framed.get(symbol.name, 0.0),
                "quoted": min(1.0, sum(worth for quote, worth in quoted[one.key].items() if quote in body)),
                "type": float(definition.is_type),
            }
            chunk = next((c for c in chunks if c.start <= symbol.start <= c.end), None)
            if chunk is None:
                continue
            score = behind + weigh(signs, DEFINITION_SIGNS)
            shown = "\n".join(own[: chunk.end - symbol.start + 1]) + "\n"
            place = _Place(one, symbol, chunk, shown, score, tuple(definition.said))
            if symbol.qualname not in seen or seen[symbol.qualname].score < score:
                seen[symbol.qualname] = place
        if not seen and one.best:
            seen[""] = _Place(one, None, one.best[1], "", behind, ())
        places[one.key] = sorted(seen.values(), key=lambda p: (-p.score, p.symbol.start if p.symbol else 0))
    return places


def _hits(report: Report, places: Sequence[_Place], catalog: Catalog) -> list[Hit]:
    texts = catalog.texts([place.chunk.nr for place in places if place.symbol is None])
    written = {term: word for word in report.terms for term in terms(word)}
    hits = []
    best = places[0].score if places else 0.0
    for place in places:
        best = min(best, place.score)
        chunk, symbol = place.chunk, place.symbol
        hits.append(
            Hit(
                repo=place.evidence.repo.name,
                path=chunk.path,
                start_line=symbol.start if symbol else chunk.start,
                end_line=symbol.end if symbol else chunk.end,
                score=round(exp(best - places[0].score), 4),
                symbol=symbol.qualname if symbol else None,
                symbol_kind=symbol.kind if symbol else None,
                kind=chunk.kind,
                language=chunk.language,
                text=place.text if symbol else texts.get(chunk.nr, ""),
                reasons=_reasons(place, written),
                chunk_id=chunk.id,
            )
        )
    return hits


def _reasons(place: _Place, written: Mapping[str, str]) -> tuple[str, ...]:
    """Why this is here, in words a person can check."""
    one, symbol = place.evidence, place.symbol
    reasons = []
    if symbol and one.named.get(symbol.id):
        reasons.append(f"the report names {symbol.name}")
    if symbol and one.framed.get(symbol.name):
        reasons.append("in the stack trace")
    elif one.signs.get("framed"):
        reasons.append("its file is in the stack trace")
    if one.signs.get("mentioned"):
        reasons.append("the report mentions its path")
    if place.said:
        words = list(dict.fromkeys(written[term] for term in place.said if term in written))
        reasons.append(f"text says {', '.join(words[:_WORDS])}")
    if one.signs.get("meaning") or one.signs.get("title_meaning"):
        reasons.append("near in meaning")
    if one.signs["aside"]:
        reasons.append("ranked lower: not production code")
    return tuple(reasons)
