"""The ranks at which wanted files were found -> recall, hit, reciprocal rank and NDCG.

A rank counts distinct files, from 1; None is a file that was not among the first DEPTH. Every measure lies
between 0 and 1. NDCG as in Järvelin and Kekäläinen 2002 with gains of 1: doi:10.1145/582415.582418.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2

DEPTH = 20  # files; further down nobody looks, and no context pack has room for them
CUTOFFS = (1, 5, 10, 20)
_NDCG_AT = 10

Ranks = Sequence[int | None]

MEASURES = (
    *(f"recall@{k}" for k in CUTOFFS),
    *(f"hit@{k}" for k in CUTOFFS),
    "mrr",
    f"ndcg@{_NDCG_AT}",
)


def measures(ranks: Ranks) -> tuple[float, ...]:
    """Every measure of one question, in the order of MEASURES. `ranks` has one entry for each wanted file."""
    found = sorted(rank for rank in ranks if rank is not None)
    recall = [sum(rank <= k for rank in found) / len(ranks) for k in CUTOFFS]
    hit = [float(bool(found) and found[0] <= k) for k in CUTOFFS]
    reciprocal = 1 / found[0] if found else 0.0
    return (*recall, *hit, reciprocal, _ndcg(found, len(ranks)))


def _ndcg(found: Sequence[int], wanted: int) -> float:
    gained = sum(1 / log2(rank + 1) for rank in found if rank <= _NDCG_AT)
    return gained / sum(1 / log2(rank + 1) for rank in range(1, min(wanted, _NDCG_AT) + 1))
