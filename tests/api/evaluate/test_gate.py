"""A run beside a former one: what fails, and what chance may have done."""

from __future__ import annotations

from typing import Any

import pytest

from api.evaluate.gate import against, below, fallen
from api.evaluate.results import Answered, Run, document
from indexer.errors import BadInput
from retriever.evaluate.measures import Ranks


def run(*ranks: Ranks, first: int = 0) -> dict[str, Any]:
    answered = tuple(
        Answered(f"c{nr}", f"question {nr}", ("a.py",), {"cairn": found, "bm25": [None]}, ("a.py",))
        for nr, found in enumerate(ranks, first)
    )
    return document(Run("shop", {"kind": "history"}, ("cairn", "bm25"), answered, {}))


def test_a_fall_of_many_questions_fails_and_is_said() -> None:
    change = against(run(*[[2]] * 40), run(*[[1]] * 40))
    assert fallen(change) == [
        "mrr fell by 0.500 against the baseline (95 %: 0.500 to 0.500, over 40 questions)"
    ]
    change = against(run(*[[None]] * 20, *[[1]] * 20), run(*[[1]] * 40))
    assert [sentence.partition(" fell by 0.500")[0] for sentence in fallen(change)] == ["recall@10", "mrr"]


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ([[1]] * 40, [[1]] * 40),
        ([[1]] * 40, [[2]] * 40),  # better
        ([[1], [2]] * 20, [[2], [1]] * 20),  # as often one as the other
        ([[3]] * 3 + [[1]] * 37, [[1]] * 40),  # too few questions that differ
    ],
)
def test_what_chance_may_have_done_passes(now: list[Ranks], then: list[Ranks]) -> None:
    assert fallen(against(run(*now), run(*then))) == []


def test_only_questions_that_both_asked_are_compared() -> None:
    change = against(run(*[[1]] * 10), run(*[[2]] * 10, first=6))
    assert change["pairs"] == 4
    assert change["measures"]["mrr"]["difference"] == 0.5
    with pytest.raises(BadInput, match="asked none of these questions"):
        against(run([1]), run([1], first=5))


def test_a_floor_is_for_the_settings_as_they_are() -> None:
    said = run([1], [2], [None], [None])
    assert below(said, {"mrr": 0.375, "hit@5": 0.5}) == []
    assert below(said, {"mrr": 0.4, "hit@5": 0.6}) == [
        "mrr is 0.375, below the 0.4 of --fail-under",
        "hit@5 is 0.500, below the 0.6 of --fail-under",
    ]
