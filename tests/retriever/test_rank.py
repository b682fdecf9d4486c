"""Ranking over made-up candidates: what moves a file up or down, everything else being equal."""

from dataclasses import replace

import pytest

from indexer.store.catalog import ChunkRow
from retriever.find import Candidate
from retriever.question import read_question
from retriever.rank import WEIGHTS, rank
from retriever.traits import traits


def _chunk(
    path: str, start: int = 1, words: float = 1.0, defines: tuple[str, ...] = (), repo: str = "shop"
) -> Candidate:
    file = sum(path.encode())
    row = ChunkRow(start, f"{path}:{start}", file, path, "python", "code", start, start + 9, defines, "")
    return Candidate(repo, row, traits(row), words, words)


def _paths(question: str, *candidates: Candidate) -> list[str]:
    return [one.candidate.chunk.path for one in rank(read_question(question), candidates)]


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("reading from a pipe", "src/unix/pipe.c", "src/win/pipe.c"),
        ("reading from a pipe on windows", "src/win/pipe.c", "src/unix/pipe.c"),
        ("union types", "src/v4/model.ts", "src/v3/model.ts"),
        ("union types of v3", "src/v3/model.ts", "src/v4/model.ts"),
        ("verify a signature", "shop/sign.py", "scripts/sign.py"),
        ("work for a thread pool", "src/threadpool.c", "src/thread.c"),
        ("authentication of users", "shop/auth.py", "shop/cart.py"),
        ("delay and timeout of functions", "flow/Delay.kt", "flow/Timeout.kt"),
    ],
)
def test_a_path_decides_between_equals(question: str, first: str, second: str) -> None:
    assert _paths(question, _chunk(first), _chunk(second)) == [first, second]
    assert _paths(question, _chunk(second), _chunk(first)) == [first, second]


def test_the_name_of_the_only_repository_tells_nothing_of_a_path() -> None:
    asked, named, other = "checkout of a shop", _chunk("shop/shop.py"), _chunk("shop/checkout.py")
    assert _paths(asked, named, other)[0] == "shop/checkout.py"
    assert _paths("shop", named, other)[0] == "shop/shop.py"
    assert _paths("checkout in shop", _chunk("shop/b.py"), _chunk("a.py")) == ["a.py", "shop/b.py"]
    assert _paths("checkout in shop", _chunk("b/shop.py"), _chunk("a.py")) == ["b/shop.py", "a.py"]
    beside = _chunk("a.py", repo="stock")
    assert _paths("checkout in shop", _chunk("shop/b.py"), beside) == ["shop/b.py", "a.py"]


def test_a_further_place_waits_for_files_half_as_good_and_not_for_all() -> None:
    found = [_chunk("a.py", 1), _chunk("a.py", 20), _chunk("b.py", words=0.5), _chunk("c.py", words=0.1)]
    assert _paths("retry of payments", *found) == ["a.py", "b.py", "a.py", "c.py"]


def test_equal_scores_are_ordered_by_path_and_line() -> None:
    found = [_chunk("b.py", 20), _chunk("a.py", 20), _chunk("b.py", 1), _chunk("a.py", 1)]
    places = [(r.candidate.chunk.path, r.candidate.chunk.start) for r in rank(read_question("x y"), found)]
    assert places == [("a.py", 1), ("b.py", 1), ("a.py", 20), ("b.py", 20)]
    assert [r.score for r in rank(read_question("x y"), found)] == [1.0] * 4


def test_a_silent_weight_changes_nothing_where_its_signal_says_nothing() -> None:
    question, found = read_question("retry of payments"), [_chunk("a.py"), _chunk("b.py", words=0.4)]
    silent = replace(WEIGHTS, port=0.1, outdated=0.1, aside=0.1, wrapper=0.1, topic=9.0, used=9.0)
    assert rank(question, found) == rank(question, found, weights=silent)
