"""The figures: NDCG@10 as the semble suite defines it, recall, reciprocal rank, and their spread."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Span:
    """A result or a target: a path from the root of the repository, with lines or without."""

    path: str
    start: int | None = None
    end: int | None = None


def matches(result: Span, target: Span, exact: bool) -> bool:
    """Paths are equal, or (unless `exact`) one ends with the other's components; lines overlap."""
    ours, theirs = result.path.split("/"), target.path.split("/")
    n = len(theirs) if exact else min(len(ours), len(theirs))
    if ours[-n:] != theirs[-n:] or (exact and len(ours) != n):
        return False
    if target.start is None or target.end is None or result.start is None or result.end is None:
        return True
    return result.end >= target.start and result.start <= target.end


def ndcg(results: Sequence[Span], targets: Sequence[Span], exact: bool = False, k: int = 10) -> float:
    """DCG over the set of ranks at which targets are first met, over that of a perfect order.

    Two targets first met by one result count once; all gains are 1.
    """
    ranks = {
        next((rank for rank, result in enumerate(results[:k], start=1) if matches(result, target, exact)), 0)
        for target in targets
    } - {0}
    ideal = sum(1 / math.log2(i + 1) for i in range(1, min(k, len(targets)) + 1))
    return sum(1 / math.log2(rank + 1) for rank in ranks) / ideal if ideal else 0.0


def first_rank(results: Sequence[Span], fits: Callable[[Span], bool]) -> int:
    """The 1-based rank of the first result that fits, 0 where none does."""
    return next((rank for rank, result in enumerate(results, start=1) if fits(result)), 0)


def mean_and_error(values: Sequence[float]) -> tuple[float, float]:
    """The mean and half the width of its 95 % confidence interval (normal approximation)."""
    array = np.asarray(values, dtype=float)
    if len(array) < 2:
        return float(array.mean()) if len(array) else 0.0, 0.0
    return float(array.mean()), float(1.96 * array.std(ddof=1) / math.sqrt(len(array)))
