"""Ranked chunks -> the definitions in them, each with how well it fits the question.

A chunk is where to look, a definition is the answer. Each is judged by what it says of itself (name,
signature, comment) and by its chunk, first without a text, then those in front by their bodies as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import nlargest
from math import sqrt
from typing import NamedTuple

from indexer.store.catalog import ChunkRow, HeadRow
from indexer.words import parts, stem

from .describing import wants_new, wants_truth
from .heads import Said, compare
from .question import Question, name_stems
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

_TEST = re.compile(r"(^|\.)tests?\.|(^|\.)test_")  # as Rust and Python keep tests beside what they test
_TRUTH = re.compile(r"(?i:is|has|can|should|are|does|needs|contains|supports|matches|exists)(?![a-z])")
_BOOLEAN = re.compile(r"-> bool\b|\bboolean\b|\) bool$|: Boolean\b")  # as languages write it
_CONSTRUCTORS = frozenset({"new", "__init__", "constructor"})  # elsewhere it has the name of its class
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
    best: float,
    heads: Mapping[int, Sequence[HeadRow]],
    weights: Weights = WEIGHTS,
) -> list[Defined]:
    """Every definition of the chunks, in their order, judged without its body. `best` is the highest score
    that a chunk has."""
    rows: list[tuple[Ranked, HeadRow | None]] = [
        (r, head) for r in pooled for head in heads.get(r.candidate.chunk.nr) or (None,)
    ]
    said = iter(compare(question, [head for _, head in rows if head]))
    wanted = _Wanted(
        frozenset(question.stems), next(iter(question.stems), ""), wants_truth(question.text),
        wants_new(question.text), asks_aside(question.text),
    )  # fmt: skip
    found = []
    for r, head in rows:
        fit = weights.chunk * r.score / best
        if head:
            one = next(said)
            fit += weights.meaning * one.near + _says(wanted, head, one, weights)
            fit += _is_kind(wanted, head, r.candidate.traits.file.standing.aside, weights)
        start, end = _lines(head, r.candidate.chunk)
        found.append(Defined(r, head, start, end, _named(question, head), fit))
    return found


class _Wanted(NamedTuple):
    """A question as definitions are compared with it; `begins` is its first telling word."""

    asked: frozenset[str]
    begins: str
    truth: bool
    new: bool
    aside: bool


def _says(wanted: _Wanted, head: HeadRow, said: Said, weights: Weights) -> float:
    """How much of the question name, signature and comment say."""
    asked, fit = wanted.asked, 0.0
    if not asked:
        return fit
    name = name_stems(head.name)
    if common := len(asked & name):
        fit += weights.name * common / len(name) * sqrt(common / len(asked))
        if wanted.begins in name and stem(parts(head.name)[0]) == wanted.begins:
            fit += weights.verb
    return fit + (weights.signature * said.signature + weights.doc * said.doc) / len(asked)


def _is_kind(wanted: _Wanted, head: HeadRow, aside: bool, weights: Weights) -> float:
    """Whether it is the kind of thing that is wanted; `aside`: its file is about the code."""
    fit = weights.kind * ((head.kind in _DOES) - (head.kind in _DECLARES))
    if wanted.truth and (_TRUTH.match(head.name) or _BOOLEAN.search(head.signature)):
        fit += weights.truth
    if not wanted.new and _is_constructor(head):
        fit -= weights.constructor
    if not wanted.aside and (aside or _is_test(head.qualname)):
        fit -= weights.test
    return fit


def _is_test(qualname: str) -> bool:
    return "test" in qualname and bool(_TEST.search(qualname))  # most names do not even hold the letters


def _is_constructor(head: HeadRow) -> bool:
    return head.name in _CONSTRUCTORS or f".{head.qualname}".endswith(f".{head.name}.{head.name}")


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
