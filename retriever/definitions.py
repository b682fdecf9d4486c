"""Ranked chunks -> the definitions in them, in the order in which they answer.

A chunk is where to look, a definition is the answer. Each is judged by what it says of itself (name,
signature, comment) and by its chunk, first without a text, then those in front by their bodies as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import nlargest
from math import exp, sqrt
from typing import NamedTuple

from indexer.store.catalog import ChunkRow, HeadRow

from .heads import Said, compare
from .question import Question, name_stems
from .rank import Ranked


@dataclass(frozen=True, slots=True)
class Weights:
    """What makes a definition fit; measured in benchmarks/results/line-accuracy.md."""

    meaning: float = 0.7  # nearness of name and signature: "combine" finds `merge`
    name: float = 0.5  # words of the question in the name, the best evidence where it is there
    signature: float = 0.5  # parameters and types are what a sentence about a function speaks of
    doc: float = 0.05  # little: the chunk's words and a docstring's body count it already
    body: float = 0.4  # the only evidence where names are short
    chunk: float = 0.5  # found by words and meaning of everything around
    kind: float = 0.2  # a sentence says what is done: code that does it before what is only declared
    lift: float = 0.6  # of a file by its best definition: the right function in the second-best file
    described: float = 8.0  # words of a question from which it describes one thing, not a part of the code
    again: float = 0.3  # a second definition takes a place from another file
    drop: float = 3.0  # and more of it the less it fits than the file's first: .23 less halves it


WEIGHTS = Weights()
POOL = 15  # chunks whose definitions are judged: 20, 30 and 60 answered alike
_OF_A_FILE = 8  # definitions that may be answers: a ninth would come too late

_MISSPELT = 0.1  # of a name: less than any name that is the same
_SLIP = 2  # letters more or less
_ALIKE = 0.85  # dish_prise and dish_price are, dish_prise and dish_names are not

_DOES = frozenset({"function", "method", "macro"})
_DECLARES = frozenset({"class", "interface", "struct", "enum", "trait", "type", "constant", "field"})


class Defined(NamedTuple):
    """A definition as an answer, or a run of lines where none is (`head` is None). `named` is how exactly
    the question names it (0 to 1), `fit` what else speaks for it, `score` its place among all."""

    ranked: Ranked
    head: HeadRow | None
    start: int
    end: int
    named: float
    fit: float
    score: float = 0.0


def pool(ranked: Sequence[Ranked], limit: int) -> list[Ranked]:
    """The chunks to look into: the first of their files, and the best whatever their file."""
    first = ranked[: max(limit, POOL)]
    best = nlargest(POOL, ranked, key=lambda r: r.score)
    return list({(r.candidate.repo, r.candidate.chunk.nr): r for r in (*first, *best)}.values())


def judge(
    question: Question,
    pooled: Sequence[Ranked],
    heads: Mapping[int, Sequence[HeadRow]],
    weights: Weights = WEIGHTS,
) -> list[Defined]:
    """Every definition of the chunks, in no order, judged without its body."""
    rows: list[tuple[Ranked, HeadRow | None]] = [
        (r, head) for r in pooled for head in heads.get(r.candidate.chunk.nr) or (None,)
    ]
    said = iter(compare(question, [head for _, head in rows if head]))
    asked = frozenset(question.stems)
    most = max((r.score for r in pooled), default=0.0) or 1.0
    found = []
    for r, head in rows:
        fit = weights.chunk * r.score / most
        if head:
            one = next(said)
            fit += weights.meaning * one.near + _says(asked, head, one, weights)
        start, end = _lines(head, r.candidate.chunk)
        found.append(Defined(r, head, start, end, _named(question, head), fit))
    return found


def _says(asked: frozenset[str], head: HeadRow, said: Said, weights: Weights) -> float:
    """How much of the question name, signature and comment say, and which kind of thing it is."""
    fit = weights.kind * ((head.kind in _DOES) - (head.kind in _DECLARES))
    if not asked:
        return fit
    name = name_stems(head.name)
    if common := len(asked & name):
        fit += weights.name * common / len(name) * sqrt(common / len(asked))
    return fit + (weights.signature * said.signature + weights.doc * said.doc) / len(asked)


def _named(question: Question, head: HeadRow | None) -> float:
    """1 for the very name in its scope; less where case differs or the scope is another."""
    if head is None:
        return 0.0
    best = 0.0
    for name, scope in zip(question.names, question.scopes, strict=True):
        if name.lower() == head.name.lower():
            around = head.qualname.lower().split(".")
            inside = sum(part.lower() in around for part in scope) / len(scope) if scope else 1.0
            best = max(best, (1.0 if name == head.name else 0.7) * (0.5 + 0.5 * inside))
        elif question.kind == "symbol" and _is_misspelt(name, head.name):
            best = max(best, _MISSPELT)
    return best


def _is_misspelt(name: str, meant: str) -> bool:
    """Whether one name is the other with a slip of the hand: who asks for a bare name may not know it."""
    if name[:1].lower() != meant[:1].lower() or abs(len(name) - len(meant)) > _SLIP:
        return False
    return SequenceMatcher(None, name.lower(), meant.lower(), autojunk=False).ratio() >= _ALIKE


def _lines(head: HeadRow | None, chunk: ChunkRow) -> tuple[int, int]:
    """The definition's lines; of a type longer than its chunk only those here, for a thousand lines
    are no place."""
    if head is None:
        return chunk.start, chunk.end
    if head.kind in _DOES or (chunk.start <= head.start and head.end <= chunk.end):
        return head.start, head.end
    return max(head.start, chunk.start), min(head.end, chunk.end)


def read(
    question: Question,
    found: Iterable[Defined],
    said: Mapping[int, Sequence[Set[str]]],
    weights: Weights = WEIGHTS,
) -> list[Defined]:
    """Judge by their bodies too those of whose chunks the lines are given, as what they say of the question;
    the others are left out."""
    asked = max(1, len(question.stems))
    judged = []
    for one in found:
        chunk = one.ranked.candidate.chunk
        if chunk.nr in said:
            body = said[chunk.nr][max(0, one.start - chunk.start) : one.end - chunk.start + 1]
            share = len(set().union(*body)) / asked
            judged.append(one._replace(fit=one.fit + weights.body * share))
    return judged


def in_order(question: Question, found: Sequence[Defined], weights: Weights = WEIGHTS) -> list[Defined]:
    """Best first; no line twice. Who asks for a name gets one place in each chunk, in the chunks' order."""
    most = max((one.ranked.file_score for one in found), default=0.0) or 1.0
    if question.kind == "symbol":
        firsts = [best for best, *_ in _grouped(found, lambda one: one.ranked.candidate.chunk.id)]
        return [one._replace(score=one.ranked.file_score / most) for one in _apart(firsts)]
    scored: list[Defined] = []
    lift = weights.lift * min(1.0, len(question.stems) / weights.described)
    for group in _grouped(found, _file):
        best = group[0]
        score = best.ranked.file_score / most + lift * best.fit
        for n, one in enumerate(_apart(group[:_OF_A_FILE])):
            less = weights.again * exp(-weights.drop * max(0.0, best.fit - one.fit)) if n else 1.0
            scored.append(one._replace(score=score * less))
    return sorted(scored, key=lambda one: (-one.score, *_file(one), one.start))


def _file(one: Defined) -> tuple[str, str]:
    candidate = one.ranked.candidate
    return candidate.repo, candidate.chunk.path


def _grouped(found: Iterable[Defined], key: Callable[[Defined], Hashable]) -> list[list[Defined]]:
    """What is of one chunk or one file together, the best of it first: the named one, then what fits,
    the smaller of two that fit alike."""
    groups: dict[Hashable, list[Defined]] = defaultdict(list)
    for one in found:
        groups[key(one)].append(one)
    for group in groups.values():
        group.sort(key=lambda one: (-one.named, -one.fit, one.end - one.start, one.start))
    return list(groups.values())


def _apart(found: Iterable[Defined]) -> list[Defined]:
    """Those that share no line with a better one."""
    kept: dict[tuple[str, str], list[Defined]] = defaultdict(list)
    apart = []
    for one in found:
        others = kept[_file(one)]
        if all(one.end < other.start or one.start > other.end for other in others):
            others.append(one)
            apart.append(one)
    return apart
