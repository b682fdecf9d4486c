"""Intervals and probabilities, against values worked out by hand."""

from __future__ import annotations

import pytest

from agent.evaluate.statistics import bootstrap, mcnemar, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        # 15 of 50: z² = 3.8415; middle (0.3 + 0.038415) / 1.07683, half 1.96 · 0.067642 / 1.07683
        (15, 50, 0.1910, 0.4375),
        # 0 of 10: 0 and z² / (10 + z²) = 3.8415 / 13.8415
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_interval_of_a_share_is_wilsons(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=0.0002)


@pytest.mark.parametrize(
    ("one", "other", "p"),
    [
        (0, 0, 1.0),
        (3, 0, 2 / 8),
        (0, 6, 2 / 64),
        (5, 1, 2 * (1 + 6) / 64),
        (8, 2, 2 * (1 + 10 + 45) / 1024),
        (4, 4, 1.0),
    ],
)
def test_the_probability_of_a_split_is_counted_exactly(one: int, other: int, p: float) -> None:
    assert mcnemar(one, other) == pytest.approx(p)


def test_the_bootstrap_gives_the_interval_of_a_mean() -> None:
    # 100 pairs, 20 of them 1: mean 0.2, standard error sqrt(0.2 * 0.8 / 100) = 0.04
    low, high = bootstrap([1] * 20 + [0] * 80)
    assert (low, high) == pytest.approx((0.2 - 1.96 * 0.04, 0.2 + 1.96 * 0.04), abs=0.011)
    assert bootstrap([1] * 20 + [0] * 80) == (low, high)  # the same each time
    assert bootstrap([0] * 10) == (0.0, 0.0)
    assert bootstrap([]) == (-1.0, 1.0)
