"""Ranks and lists of figures: values worked out by hand, and what an interval may say."""

from __future__ import annotations

from math import log2

import numpy as np
import pytest

from retriever.evaluate.intervals import difference, figure
from retriever.evaluate.measures import MEASURES, Ranks, measures
from retriever.evaluate.ranks import Spot, files, lines_found, ranks, spots


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([1], {"recall@1": 1, "hit@1": 1, "mrr": 1, "ndcg@10": 1}),
        ([None], {"recall@20": 0, "hit@20": 0, "mrr": 0, "ndcg@10": 0}),
        ([4, None], {"recall@1": 0, "recall@5": 0.5, "hit@5": 1, "hit@1": 0, "mrr": 0.25}),
        ([2, 1], {"recall@1": 0.5, "recall@5": 1, "ndcg@10": 1}),
        ([11, 3], {"recall@10": 0.5, "recall@20": 1, "ndcg@10": (1 / 2) / (1 + 1 / log2(3))}),
    ],
)
def test_measures_are_those_of_the_books(found: Ranks, expected: dict[str, float]) -> None:
    said = dict(zip(MEASURES, measures(found), strict=True))
    assert {name: said[name] for name in expected} == pytest.approx(expected)


def test_more_places_are_asked_for_until_there_are_enough_files() -> None:
    asked: list[int] = []
    everything = [Spot(f"{n // 10}.py", n, n) for n in range(500)]  # ten places in each file

    def find(question: str, places: int) -> list[Spot]:
        asked.append(places)
        return everything[:places]

    found = files(spots(find, "anything", 20), 20)
    assert found == [f"{n}.py" for n in range(20)]
    assert asked == [40, 160, 640]
    assert ranks(found, ("3.py", "99.py")) == (4, None)


def test_lines_are_found_where_a_place_overlaps_them() -> None:
    found = [Spot("a.py", 10, 20), *[Spot("b.py", 1, 5)] * 9, Spot("a.py", 40, 50)]
    assert lines_found(found, {"a.py": (20, 30)}) == 1
    assert lines_found(found, {"a.py": (21, 30), "b.py": (5, 5)}) == 0.5
    assert lines_found(found, {"a.py": (45, 46)}) == 0  # the eleventh place is not looked at


def test_an_interval_is_that_of_the_normal_distribution_where_that_holds() -> None:
    values = np.random.default_rng(7).normal(0.5, 0.2, 400)
    found = figure(list(values))
    error = 1.96 * values.std(ddof=1) / 20
    assert found.mean == pytest.approx(values.mean())
    assert (found.low, found.high) == pytest.approx((found.mean - error, found.mean + error), abs=0.003)
    assert figure(list(values)) == found  # seeded


def test_pairs_tell_what_two_intervals_cannot() -> None:
    """Questions differ far more than the two ways to answer them: only the pairs show which is better."""
    chance = np.random.default_rng(3)
    other = chance.uniform(0, 0.9, 60)
    one = other + chance.uniform(0, 0.1, 60)
    found = difference(list(one), list(other))
    assert figure(list(one)).low < figure(list(other)).high
    assert found.told
    assert (found.better, found.worse) == (60, 0)
    assert found.low > 0
    assert found.ratio is not None
    assert found.ratio[0] == pytest.approx(one.mean() / other.mean())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([0.5] * 40, [0.5] * 40),
        ([1.0, 0.0] * 20, [0.0, 1.0] * 20),
        ([1.0] * 5, [0.0] * 5),  # the interval leaves 0 out, but five tosses of a coin may all be heads
    ],
)
def test_no_difference_is_told_where_chance_may_have_made_it(one: list[float], other: list[float]) -> None:
    assert not difference(one, other).told


def test_the_truth_lies_in_the_interval_about_as_often_as_it_says() -> None:
    chance = np.random.default_rng(11)
    runs = 100
    met = 0
    for _ in range(runs):
        found = figure(list((chance.uniform(size=60) < 0.7).astype(float)))
        met += found.low <= 0.7 <= found.high
    assert 0.88 <= met / runs <= 1
