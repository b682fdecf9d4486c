"""What the nouns of the write side promise about themselves."""

from __future__ import annotations

import pytest

from tests.make import make_file


@pytest.mark.parametrize("text", ["", "\n", "a", "a\n", "a\nb", "a\n\n", "\n\na"])
def test_lines_are_counted_as_they_are_split(text: str) -> None:
    file = make_file("a.txt", text)
    assert file.line_count == len(file.lines)
