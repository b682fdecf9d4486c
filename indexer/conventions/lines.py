"""Find the line of a place in a text, and the text between brackets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

_CLOSING = {"(": ")", "{": "}", "[": "]"}


class Lines:
    """Offsets of a text to lines, counted only when first asked: most files never are."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] = []

    def line(self, offset: int) -> int:
        """The 1-based line on which the character at `offset` stands."""
        if not self._starts:
            self._starts = list(self._find_starts())
        return bisect_right(self._starts, offset)

    def _find_starts(self) -> Iterator[int]:
        at = 0
        while True:
            yield at
            at = self.text.find("\n", at) + 1
            if not at:
                return


def inside_brackets(text: str, opening: int, limit: int = 4000) -> str:
    """What stands between the bracket at `opening` and its partner, at most `limit` characters on.

    Brackets in strings are not told apart: good enough to count a habit, not to parse.
    """
    open_, close = text[opening], _CLOSING[text[opening]]
    depth = 0
    for at in range(opening, min(len(text), opening + limit)):
        char = text[at]
        if char == open_:
            depth += 1
        elif char == close:
            depth -= 1
            if not depth:
                return text[opening + 1 : at]
    return text[opening + 1 : opening + limit]
