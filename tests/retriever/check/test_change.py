"""Which lines of a file a change has touched."""

from __future__ import annotations

import pytest

from retriever.check.change import ChangedFile


def _file(before: str | None, after: str | None) -> ChangedFile:
    return ChangedFile("x.py", "x.py", before, after)


@pytest.mark.parametrize(
    ("before", "after", "added", "touched"),
    [
        ("a\nb\nc\n", "a\nx\nc\n", {2}, {2}),
        ("a\nb\nc\n", "a\nc\n", set(), {1, 2}),
        ("a\nb\n", "b\n", set(), {1}),
        ("a\nb\n", "a\n", set(), {1}),
        ("a\n", "a\n\nb\n", {2, 3}, {2, 3}),
        ("a\nb", "a\nb\n", set(), set()),
        (None, "a\nb\n", {1, 2}, {1, 2}),
        ("a\n", None, set(), set()),
        ("", "a\n", {1}, {1}),
    ],
)
def test_added_lines_are_new_and_touched_ones_stand_beside_a_gap(
    before: str | None, after: str | None, added: set[int], touched: set[int]
) -> None:
    file = _file(before, after)
    assert (set(file.added), set(file.touched)) == (added, touched)


def test_a_rewrite_of_a_huge_file_is_not_compared_for_ever() -> None:
    before = "".join(f"{n % 150}\n" for n in range(20_000))
    file = _file("first\n" + before + "last\n", "1st\n" + before[:-8] + "end\n")
    assert {1, 2} <= file.added


def test_a_file_is_parsed_as_what_its_name_says() -> None:
    file = ChangedFile("b.ts", "a.py", "def f(): ...\n", "function g() {}\n")
    assert file.parsed is not None
    assert file.parsed_before is not None
    assert [symbol.name for symbol in file.parsed.symbols] == ["g"]
    assert [symbol.name for symbol in file.parsed_before.symbols] == ["f"]
    assert _file(None, "x = 1\n").parsed_before is None
