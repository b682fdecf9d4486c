"""Find the line of a place in a text, what of it is code, and the text between brackets."""

from __future__ import annotations

from functools import cached_property

from .code import blank

_CLOSING = {"(": ")", "{": "}", "[": "]"}


class Lines:
    """A text and the lines of its offsets: cheapest in ascending order, each part is counted once then."""

    def __init__(self, text: str, language: str = "") -> None:
        self.text = text
        self._language = language
        self._at = 0
        self._line = 1

    @cached_property
    def code(self) -> str:
        """The text with strings and comments blanked out, at the same offsets."""
        return blank(self.text, self._language)

    @cached_property
    def rows(self) -> list[str]:
        """The lines of `code`; a last one that is empty where the text ends with its last line."""
        return self.code.split("\n")

    @cached_property
    def text_rows(self) -> list[str]:
        """The lines of `text`."""
        return self.text.split("\n")

    def line(self, offset: int) -> int:
        """The 1-based line on which the character at `offset` stands."""
        if offset < self._at:
            self._at, self._line = 0, 1
        self._line += self.text.count("\n", self._at, offset)
        self._at = offset
        return self._line


def inside_brackets(text: str, opening: int, limit: int = 4000) -> str:
    """What stands between the bracket at `opening` and its partner, at most `limit` characters on.

    Brackets in strings are not told apart: hand it `Lines.code` where that matters.
    """
    open_, close = text[opening], _CLOSING[text[opening]]
    depth, at = 0, opening
    while (end := text.find(close, at, opening + limit)) >= 0:
        depth += text.count(open_, at, end) - 1
        if not depth:
            return text[opening + 1 : end]
        at = end + 1
    return text[opening + 1 : opening + limit]
