"""Judged definitions -> their order as answers; no line twice.

Who asks for a part of the code is served file by file: a second place of a file names no new one. Who
describes one thing wants what fits best, be it the third function of the second-best file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import exp

from .definitions import Defined
from .describing import describes
from .question import Question


@dataclass(frozen=True, slots=True)
class Order:
    """How far definitions change the order of files; measured in benchmarks/results/line-accuracy.md."""

    lift: float  # of a file by its best definition
    words: int  # of a question, from which on it lifts in full: a few words fit many definitions
    again: float  # of the file's score, for a further definition that fits as well as its first


TOPIC = Order(lift=0.4, words=8, again=0.3)
DESCRIBED = Order(lift=2.0, words=1, again=0.95)
_DROP = 0.6  # a further definition comes later the less it fits: 1.15 less halves its score
_OF_A_FILE = 8  # definitions that may be answers: a ninth would come too late


def in_order(question: Question, found: Sequence[Defined], by: Order | None = None) -> list[Defined]:
    """Best first. Who asks for a name gets one place in each chunk, in the chunks' order."""
    most = max((one.ranked.file_score for one in found), default=0.0) or 1.0
    if question.kind == "symbol":
        firsts = [best for best, *_ in _grouped(found, lambda one: one.ranked.candidate.chunk.id)]
        return [one._replace(score=one.ranked.file_score / most) for one in _apart(firsts)]
    by = by or (DESCRIBED if describes(question.text) else TOPIC)
    lift = by.lift * min(1.0, len(question.stems) / by.words)
    scored: list[Defined] = []
    for group in _grouped(found, _file):
        best = group[0]
        score = best.ranked.file_score / most + lift * best.fit
        for n, one in enumerate(_apart(group[:_OF_A_FILE])):
            less = by.again * exp(-_DROP * max(0.0, best.fit - one.fit)) if n else 1.0
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
