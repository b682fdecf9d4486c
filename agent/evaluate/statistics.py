"""Counts of what was solved -> how far they can be trusted.

Wilson's interval: Wilson 1927, doi:10.1080/01621459.1927.10502953. McNemar's exact test: the two-sided
binomial test of the instances on which the arms disagree. The bootstrap resamples whole instances.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

_Z = 1.959963984540054  # the normal quantile of 97.5 %
_RESAMPLES = 5000  # the ends of the interval then move by less than half a point from seed to seed
_SEED = 20_240_101  # the same results give the same report


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """The 95 % interval of a share; (0, 1) of nothing."""
    if trials == 0:
        return 0.0, 1.0
    share, z2 = successes / trials, _Z**2
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _Z * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2)) / (1 + z2 / trials)
    return max(0.0, middle - half), min(1.0, middle + half)


def mcnemar(only_one: int, only_other: int) -> float:
    """The probability of so uneven a split, or one more uneven, if neither arm were better."""
    n, fewer = only_one + only_other, min(only_one, only_other)
    tail = sum(math.comb(n, k) for k in range(fewer + 1))
    return min(1.0, tail / 2 ** (n - 1)) if n else 1.0


def bootstrap(differences: Sequence[int]) -> tuple[float, float]:
    """The 95 % interval of the mean of paired differences (1, 0 or -1 for each instance)."""
    if not differences:
        return -1.0, 1.0
    chance, n = random.Random(_SEED), len(differences)
    means = sorted(sum(chance.choices(differences, k=n)) / n for _ in range(_RESAMPLES))
    edge = round(_RESAMPLES * 0.025)
    return means[edge], means[_RESAMPLES - 1 - edge]
