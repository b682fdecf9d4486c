"""Two indexes of the same files answer alike, to the rounding of a store's sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.store import Candidates, VectorQuery
from retriever.fixed import Readable, differing, fixed_queries
from tests.conftest import Index, write

Change = Callable[[Candidates], Candidates]


class Changed:
    """A store that answers a little otherwise."""

    def __init__(self, index: Index, change: Change) -> None:
        self._index, self._change = index, change

    def __getattr__(self, name: str) -> object:
        return getattr(self._index.vectors, name)

    def search(self, query: VectorQuery) -> Candidates:
        return self._change(self._index.vectors.search(query))


def scaled(factor: float) -> Change:
    return lambda found: replace(found, by_words=[(id_, score * factor) for id_, score in found.by_words])


def swapped(found: Candidates) -> Candidates:
    return replace(found, by_meaning=list(reversed(found.by_meaning)))


def shortened(found: Candidates) -> Candidates:
    return replace(found, by_words=found.by_words[1:])


def lowered(found: Candidates) -> Candidates:
    return replace(found, by_meaning=[(id_, score - 0.01) for id_, score in found.by_meaning])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(scaled(1 + 2e-6), "", id="the last bits of a sum"),
        pytest.param(swapped, "", id="another order of the same scores is found by the scores"),
        pytest.param(scaled(1.001), "is answered otherwise by words", id="another score"),
        pytest.param(shortened, "is answered otherwise by words", id="a place is missing"),
        pytest.param(lowered, "is answered otherwise by meaning", id="another cosine"),
    ],
)
def test_answers_are_compared(index: Index, project: Path, change: Change, said: str) -> None:
    index.sync(project)
    repo = index.catalog.repo("shop")
    fresh = Readable(index.catalog, index.vectors, index.embedder, repo)
    live = replace(fresh, vectors=Changed(index, change))  # type: ignore[arg-type]

    found = differing(live, fresh, fixed_queries(fresh))

    assert bool(found) == bool(said), found
    assert not found or any(said in sentence for sentence in found)


def test_questions_are_names_doc_comments_and_lines_and_always_the_same(index: Index, project: Path) -> None:
    write(project / "blank.py", "\n")
    index.sync(project)
    repo = index.catalog.repo("shop")
    readable = Readable(index.catalog, index.vectors, index.embedder, repo)

    queries = fixed_queries(readable)

    assert queries == fixed_queries(readable)
    assert "PaymentClient.charge" in queries
    assert "Take money from a card." in queries
    assert "" not in queries
