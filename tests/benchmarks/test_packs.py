"""What a pack holds of a fix is counted in whole functions; the baselines keep to the budget."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from benchmarks.packs import Gold, chunks, files, gold_of, packed
from retriever.tokens import count_tokens
from retriever.types import Query
from tests.conftest import Index, write

SOURCE = (
    "class Till:\n    @property\n    def total(self):\n        return 1\n\n"
    "    def add(self):\n        def inner():\n            pass\n\n        return inner\n"
)


def test_gold_has_its_decorators_and_is_whole_or_half(tmp_path: Path) -> None:
    write(tmp_path / "till.py", SOURCE)
    instance = {
        "gold_functions": ["till.py::Till.total", "till.py::Till"],
        "gold_functions_strict": ["till.py::Till.total"],
    }
    total, till = gold_of(instance, tmp_path)
    assert (total.spans, total.strict) == (((2, 4),), True)
    assert (till.spans, till.strict) == (((1, 10),), False)
    assert total.whole_in({"till.py": {2, 3, 4}})
    assert not total.whole_in({"till.py": {2, 3}})
    assert total.half_in({"till.py": {2, 3}})
    assert not total.half_in({"till.py": {3, 4}})  # without its first line
    assert not total.half_in({"other.py": {2, 3, 4}})


def test_a_name_defined_twice_is_contained_with_either(tmp_path: Path) -> None:
    twice = Gold("a.py", "f", True, ((1, 2), (5, 6)))
    assert twice.whole_in({"a.py": {5, 6}})
    assert not twice.whole_in({"a.py": {2, 5}})


def test_every_way_keeps_to_the_budget_and_says_its_lines(index: Index, project: Path) -> None:
    index.sync(project)
    found = index.retriever.search(Query("retry a failed payment", limit=20))
    for budget in (200, 400):
        shown, tokens = chunks(found, index.catalog, budget, count_tokens)
        assert tokens <= budget
        shown, tokens = files(found, index.catalog, budget, count_tokens)
        assert shown
        assert tokens <= budget
        shown, tokens = packed("retry a failed payment", found, index.catalog, [], budget, count_tokens)
        assert tokens <= budget
    assert shown["shop/retry.py"] >= set(range(6, 14))


def test_a_chunk_costs_all_the_lines_that_it_shows(index: Index, project: Path) -> None:
    index.sync(project)
    found = index.retriever.search(Query("retry a failed payment", limit=20))
    whole = chunks(found, index.catalog, 400, count_tokens)
    cut = replace(found, hits=tuple(replace(hit, text=hit.text[:10]) for hit in (*found.hits, *found.hits)))
    assert chunks(cut, index.catalog, 400, count_tokens) == whole
