"""Ranked chunks -> the definitions in them, each with how well it fits the question.

A chunk is where to look, a definition is the answer. Each is judged by what it says of itself (name,
signature, comment) and by its chunk, first without a text, then those in front by their bodies as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import nlargest
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.store.catalog import ChunkRow, HeadRow

from .describing import wants_new, wants_truth
from .heads import DOES, Said, compare
from .question import Question
from .rank import Ranked
from .standing import asks_aside


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
    verb: float = 0.12  # of the question's first word, where the name begins with it: get, parse, add
    test: float = 0.3  # against what is in a test: it says in words what it tests
    truth: float = 0.2  # of what answers yes or no, for "Returns true if ..."
    constructor: float = 0.2  # against one that nobody asked to make anything: it is called like its class


WEIGHTS = Weights()
POOL = 15  # chunks whose definitions are judged: 20, 30 and 60 answered alike

_MISSPELT = 0.1  # of a name: less than any name that is the same
_SLIP = 2  # letters more or less
_ALIKE = 0.85  # dish_prise and dish_price are, dish_prise and dish_names are not

_Floats = NDArray[np.float64]


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
    best: float,
    heads: Mapping[int, Sequence[HeadRow]],
    weights: Weights = WEIGHTS,
) -> list[Defined]:
    """Every definition of the chunks, in their order, judged without its body. `best` is the highest score
    that a chunk has."""
    rows: list[tuple[Ranked, HeadRow | None]] = [
        (r, head) for r in pooled for head in heads.get(r.candidate.chunk.nr) or (None,)
    ]
    fits = np.array([weights.chunk * r.score / best for r, _ in rows])
    if heads_of := [head for _, head in rows if head]:
        aside = np.array([r.candidate.traits.file.standing.aside for r, head in rows if head])
        said = compare(question, heads_of)
        of_heads = weights.meaning * said.near + _says(question, said, weights)
        of_heads += _is_kind(question, said, aside, weights)
        fits[[head is not None for _, head in rows]] += of_heads
    return [
        Defined(r, head, *_lines(head, r.candidate.chunk), _named(question, head), fit)
        for (r, head), fit in zip(rows, fits.tolist(), strict=True)
    ]


def _says(question: Question, said: Said, weights: Weights) -> _Floats:
    """How much of the question name, signature and comment say."""
    asked = len(question.stems)
    if not asked:
        return np.zeros(len(said.near))
    fits = weights.name * said.name / np.maximum(said.size, 1) * np.sqrt(said.name / asked)
    fits = fits + weights.verb * said.begins
    return fits + (weights.signature * said.signature + weights.doc * said.doc) / asked


def _is_kind(question: Question, said: Said, aside: NDArray[np.bool_], weights: Weights) -> _Floats:
    """Whether it is the kind of thing that is wanted; `aside`: its file is about the code."""
    fits = weights.kind * said.kind.astype(np.float64)
    if wants_truth(question.text):
        fits += weights.truth * said.truth
    if not wants_new(question.text):
        fits -= weights.constructor * said.constructor
    if not asks_aside(question.text):
        fits -= weights.test * (aside | said.test)
    return fits


def _named(question: Question, head: HeadRow | None) -> float:
    """1 for the very name in its scope; less where case differs or the scope is another."""
    best = 0.0
    if head is None or not question.names:
        return best
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
    if head.kind in DOES or (chunk.start <= head.start and head.end <= chunk.end):
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
