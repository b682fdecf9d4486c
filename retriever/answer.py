"""Turn ranked chunks into Hits: the definitions in them that answer best, each with its reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set

from indexer.store.catalog import Catalog, HeadRow

from .bodies import lines_saying
from .definitions import Defined, judge, pool, read
from .naming import Asked, beside_the_name, read_asked, said_by
from .order import Order, in_order
from .question import Question, name_stems
from .rank import Ranked
from .standing import Standing, asks_aside, is_other_port, is_outdated
from .types import Hit, Place

_READ = 4  # places more than are asked for are read: a body may bring one to the front
_ALSO = 3  # further places of the same file
_VALUES = frozenset({"constant", "field"})  # are a further place where they are asked for
HeadsIn = Callable[[Sequence[Ranked]], Mapping[int, Sequence[HeadRow]]]  # the definitions in each chunk
_FULL = (None,) * _ALSO  # of a file that is not shown


def answer(
    question: Question,
    ranked: Sequence[Ranked],
    limit: int,
    catalog: Catalog,
    heads_in: HeadsIn,
    by: Order | None = None,
) -> list[Hit]:
    """The `limit` best definitions as hits; the other good places of a file are named in `also`. Without
    `by` the wording of the question says in which order."""
    judged, front = _front(question, pool(ranked, limit + _READ), limit + _READ, heads_in, by)
    texts = catalog.texts(list({one.ranked.candidate.chunk.nr for one in front}))
    said = {nr: lines_saying(text, question.stems) for nr, text in texts.items()}
    placed = in_order(question, read(question, judged, said), by)
    shown = placed[:limit]
    also = _also(shown, [*placed[limit:], *front], ranked)
    best = max((one.score for one in shown), default=0.0) or 1.0
    repos, paths = {r.candidate.repo for r in ranked}, (r.candidate.chunk.path for r in ranked)
    of_paths = read_asked(beside_the_name(question, repos, paths), 1.0)
    hits = []
    for one in shown:
        nr = one.ranked.candidate.chunk.nr
        reasons = _reasons(question, one, set().union(*said[nr]), of_paths)
        hits.append(_hit(one, texts[nr], reasons, also[_file(one.ranked)], one.score / best))
    return hits


def _front(
    question: Question, pooled: Sequence[Ranked], wanted: int, heads_in: HeadsIn, by: Order | None
) -> tuple[list[Defined], list[Defined]]:
    """The definitions of the chunks, judged without their bodies, and the `wanted` best of them in order.

    Who asks for a name is answered in the order of the chunks: the further ones are needed only where the
    first share lines.
    """
    best = max((r.score for r in pooled), default=0.0) or 1.0
    for part in (pooled[:wanted], pooled) if question.kind == "symbol" else (pooled,):
        judged = judge(question, part, best, heads_in(part))
        front = in_order(question, judged, by)
        if len(front) >= wanted:
            break
    return judged, front[:wanted]


def _file(ranked: Ranked) -> tuple[str, str]:
    return ranked.candidate.repo, ranked.candidate.chunk.path


def _also(
    shown: Sequence[Defined], others: Iterable[Defined], ranked: Sequence[Ranked]
) -> dict[tuple[str, str], list[Place]]:
    """The next places of each file that is shown: definitions, then chunks that were not looked into."""
    taken: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for one in shown:
        taken[_file(one.ranked)].append((one.start, one.end))
    also: dict[tuple[str, str], list[Place]] = {file: [] for file in taken}

    def add(file: tuple[str, str], place: Place) -> None:
        lines = taken[file]
        if all(place.end_line < first or place.start_line > last for first, last in lines):
            lines.append((place.start_line, place.end_line))
            also[file].append(place)

    for one in others:
        if one.head and one.head.kind in _VALUES and not one.named:
            continue
        if len(also.get(_file(one.ranked), _FULL)) < _ALSO:
            add(_file(one.ranked), Place(one.start, one.end, one.head.qualname if one.head else None))
    paths = {path for (_, path), found in also.items() if len(found) < _ALSO}
    for r in ranked:
        chunk = r.candidate.chunk
        if chunk.path in paths and len(also.get(_file(r), _FULL)) < _ALSO:
            name = chunk.defines[0] if chunk.defines else chunk.scope or None
            add(_file(r), Place(chunk.start, chunk.end, name))
    return also


def _hit(one: Defined, text: str, reasons: tuple[str, ...], also: Sequence[Place], score: float) -> Hit:
    candidate = one.ranked.candidate
    chunk = candidate.chunk
    return Hit(
        repo=candidate.repo,
        path=chunk.path,
        start_line=one.start,
        end_line=one.end,
        score=round(score, 4),
        symbol=one.head.qualname if one.head else None,
        symbol_kind=one.head.kind if one.head else None,
        kind=chunk.kind,
        language=chunk.language,
        text=text,
        reasons=reasons,
        also=tuple(also),
        chunk_id=chunk.id,
    )


def _reasons(question: Question, one: Defined, in_text: Set[str], of_paths: Asked) -> tuple[str, ...]:
    """Why this is here, in words a person can check; `of_paths` is what tells in a path."""
    candidate, head = one.ranked.candidate, one.head
    reasons = []
    if candidate.defines and (name := _defines(question, one)):
        reasons.append(f"defines {name}")
    asked = frozenset(question.stems)
    if head and (said := asked & name_stems(head.qualname)):
        reasons.append(f"name says {_words(question, said)}")
    if in_path := said_by(candidate.traits.file.words, of_paths):
        reasons.append(f"path says {_words(question, in_path.keys())}")
    if candidate.words and in_text:
        reasons.append(f"text says {_words(question, in_text)}")
    if candidate.meaning:
        reasons.append("near in meaning")
    return (*reasons, *_against(question, candidate.traits.file.standing))


def _against(question: Question, place: Standing) -> list[str]:
    """What of its path ranks a file lower."""
    text = question.text.lower()
    reasons = []
    if place.aside and not asks_aside(text):
        reasons.append("ranked lower: not production code")
    if is_other_port(place, text):
        reasons.append(f"ranked lower: for {place.port}")
    if is_outdated(place, text, {}):
        reasons.append(f"ranked lower: {place.old}")
    return reasons


def _defines(question: Question, one: Defined) -> str | None:
    """What of the question is defined here."""
    if one.head is None:
        return question.names[0]
    return one.head.qualname if one.named else None


def _words(question: Question, said: Set[str]) -> str:
    return ", ".join(word for stem, word in question.stems.items() if stem in said)
