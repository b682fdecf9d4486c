"""Figures of single questions -> their mean with a 95 % interval, and the paired difference of two lists.

Percentile bootstrap over questions (Efron 1979, doi:10.1214/aos/1176344552): all figures of a question are
drawn together, so a difference is one between answers to the same questions. Seeded: equal figures give equal
intervals. One without width says that all questions came out alike, not that the figure is certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

FEW = 30  # questions: with fewer, the interval of a share is wider than 30 points
_RESAMPLES = 5_000  # the ends then move by less than half a point from seed to seed
_LEAST_RESAMPLES = 1_000
_NUMBERS = 5_000_000  # in memory: 40 MB
_LEAST_APART = 6  # questions: were there fewer, even a sign test of one-sided ones has p > 5 %
_SEED = 20_260_101
_TAIL = 2.5  # percent beyond each end


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over `n` questions, and the 95 % interval in which it would lie over others like them."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One minus other, over the same `n` questions. `ratio` is one by other, None where other is 0.

    `better` and `worse` count the questions on which one is.
    """

    mean: float
    low: float
    high: float
    ratio: tuple[float, float, float] | None
    better: int
    worse: int
    n: int

    @property
    def told(self) -> bool:
        """Whether a difference can be told: the interval leaves 0 out, and enough questions differ."""
        return (self.low > 0 or self.high < 0) and self.better + self.worse >= _LEAST_APART


def figure(values: Sequence[float]) -> Figure:
    """The mean of at least one value."""
    one = np.asarray(values, dtype=np.float64)
    low, high = _ends(_means(one[:, None])[:, 0])
    return Figure(float(one.mean()), low, high, len(one))


def difference(one: Sequence[float], other: Sequence[float]) -> Difference:
    """The difference of two lists of the same questions in the same order, at least one."""
    pair = np.asarray([one, other], dtype=np.float64).T
    means = _means(pair)
    low, high = _ends(means[:, 0] - means[:, 1])
    apart = pair[:, 0] - pair[:, 1]
    return Difference(
        mean=float(apart.mean()),
        low=low,
        high=high,
        ratio=_ratio(pair, means),
        better=int((apart > 0).sum()),
        worse=int((apart < 0).sum()),
        n=len(pair),
    )


def _ratio(pair: Numbers, means: Numbers) -> tuple[float, float, float] | None:
    if (means[:, 1] <= 0).any():  # some resample has nothing to divide by
        return None
    one, other = pair.mean(axis=0)
    return float(one / other), *_ends(means[:, 0] / means[:, 1])


def _means(columns: Numbers) -> Numbers:
    """(questions, columns) -> the means of each column in each resample (resamples, columns)."""
    return _drawn(len(columns)) @ columns / len(columns)


@lru_cache(maxsize=4)  # all measures of a run have the same questions, or those that name no file
def _drawn(n: int) -> Numbers:
    """How often each of `n` questions is drawn, by resample."""
    chance = np.random.default_rng(_SEED)
    resamples = max(_LEAST_RESAMPLES, min(_RESAMPLES, _NUMBERS // n))
    return np.stack([np.bincount(chance.integers(0, n, n), minlength=n) for _ in range(resamples)]).astype(
        float
    )


def _ends(values: Numbers) -> tuple[float, float]:
    low, high = np.percentile(values, (_TAIL, 100 - _TAIL))
    return float(low) + 0.0, float(high) + 0.0  # no -0.0
