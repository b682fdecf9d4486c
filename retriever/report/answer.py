"""A report and an index -> Hits: the definitions to look at first, in the files to look at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp

from indexer.embed import Embedder
from indexer.store import Vectors, Where
from indexer.store.catalog import Catalog, RepoRow
from indexer.words import terms

from ..types import Hit
from .evidence import FileEvidence, Key, gather
from .look import Candidate, look
from .pairs import pair_up
from .rank import DEFINITION_SIGNS, FILE_SIGNS, laid_out, weigh
from .read import Report, read_report

_READ = 15  # files whose definitions are looked at: the fix is in one of them nearly always
_WORDS = 6  # that a reason repeats


@dataclass(frozen=True, slots=True)
class Looked:
    """All that is known about the places a report may mean; ordering them needs nothing more."""

    files: Sequence[FileEvidence]
    candidates: Mapping[Key, Sequence[Candidate]]


Place = tuple[FileEvidence, Candidate | None, float]  # a definition, or the best chunk of a file; its score


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
    looked = look_around(report, asked, catalog, vectors, embedder)
    return _hits(report, arranged(looked, limit), catalog)


def look_around(
    report: Report,
    asked: Sequence[tuple[RepoRow, Where]],
    catalog: Catalog,
    vectors: Vectors,
    embedder: Embedder,
) -> Looked:
    """What speaks for each file, and for each definition of the likeliest."""
    evidence = gather(report, asked, catalog, vectors, embedder)
    pair_up(evidence)
    read = [one for one in _ordered(evidence, FILE_SIGNS) if not one.signs["aside"]][:_READ]
    candidates = look(report, read, catalog)
    pair_up(evidence)  # once more, with what was read
    return Looked(evidence, candidates)


def arranged(
    looked: Looked,
    limit: int,
    file_signs: Mapping[str, float] = FILE_SIGNS,
    definition_signs: Mapping[str, float] = DEFINITION_SIGNS,
) -> list[Place]:
    """Put places in order; a definition's score says also how far its file stands behind the first."""
    files = _ordered(looked.files, file_signs)
    top = weigh(files[0].signs, file_signs) if files else 0.0
    places: dict[Key, list[Place]] = {}
    for one in files:
        behind = definition_signs["file"] * (weigh(one.signs, file_signs) - top)
        best: dict[str, Place] = {}  # of several definitions of one name, as of a property, one is enough
        for candidate in looked.candidates.get(one.key, ()):
            score = behind + weigh(candidate.signs, definition_signs)
            known = best.get(candidate.symbol.qualname)
            if known is None or known[2] < score:
                best[candidate.symbol.qualname] = one, candidate, score
        if best:
            places[one.key] = sorted(best.values(), key=lambda place: (-place[2], _line(place)))
        elif one.best:
            places[one.key] = [(one, None, behind)]
    shown = laid_out(
        list(places), {key: [place[2] for place in found] for key, found in places.items()}, limit
    )
    return [places[key][n] for key, n in shown]


def _ordered(evidence: Sequence[FileEvidence], weights: Mapping[str, float]) -> list[FileEvidence]:
    return sorted(evidence, key=lambda one: (-weigh(one.signs, weights), one.key))


def _line(place: Place) -> int:
    return place[1].symbol.start if place[1] else 0


def _hits(report: Report, places: Sequence[Place], catalog: Catalog) -> list[Hit]:
    texts = catalog.texts([one.best[1].nr for one, candidate, _ in places if not candidate and one.best])
    written = {term: word for word in report.terms for term in terms(word)}
    hits = []
    first = least = places[0][2] if places else 0.0
    for one, candidate, score in places:
        chunk = candidate.chunk if candidate else one.best[1] if one.best else None
        if chunk is None:
            continue
        least = min(least, score)  # the order says which comes first; the score never rises
        symbol = candidate.symbol if candidate else None
        hits.append(
            Hit(
                repo=one.repo.name,
                path=chunk.path,
                start_line=symbol.start if symbol else chunk.start,
                end_line=symbol.end if symbol else chunk.end,
                score=round(exp(least - first), 4),
                symbol=symbol.qualname if symbol else None,
                symbol_kind=symbol.kind if symbol else None,
                kind=chunk.kind,
                language=chunk.language,
                text=candidate.text if candidate else texts.get(chunk.nr, ""),
                reasons=_reasons(one, candidate, written),
                chunk_id=chunk.id,
            )
        )
    return hits


def _reasons(one: FileEvidence, candidate: Candidate | None, written: Mapping[str, str]) -> tuple[str, ...]:
    """Why this is here, in words a person can check."""
    reasons = []
    if candidate and candidate.signs["named"]:
        reasons.append(f"the report names {candidate.symbol.name}")
    if candidate and candidate.signs["frame"]:
        reasons.append("in the stack trace")
    elif one.signs.get("framed"):
        reasons.append("its file is in the stack trace")
    if one.signs.get("mentioned"):
        reasons.append("the report mentions its path")
    if candidate and candidate.said:
        words = list(dict.fromkeys(written[term] for term in candidate.said if term in written))
        reasons.append(f"text says {', '.join(words[:_WORDS])}")
    if one.signs.get("meaning") or one.signs.get("title_meaning"):
        reasons.append("near in meaning")
    if one.signs["aside"]:
        reasons.append("ranked lower: not production code")
    return tuple(reasons)
