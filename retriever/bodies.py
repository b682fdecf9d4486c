"""Find where in a text the words of a question stand, without splitting the whole text into words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Set

from indexer.words import stem

_LINE_END = re.compile("\n")
_NOTHING = frozenset[str]()  # what most lines say
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W_]+")


def lines_saying(text: str, asked: Iterable[str]) -> list[Set[str]]:
    """For each line of a text the stems of `asked` it says: in "setUserName" stand set, user and name."""
    lowered = text.lower()
    ends = [newline.end() for newline in _LINE_END.finditer(text)]
    said: list[Set[str]] = [_NOTHING] * (len(ends) + 1)
    if len(lowered) != len(text):  # a few letters become two when they are lowered
        lowered = "".join(letter if len(letter.lower()) > 1 else letter.lower() for letter in text)
    for wanted in asked:
        begin = wanted[:-1] if wanted.endswith("i") else wanted  # the stem of retry is retri
        at = lowered.find(begin)
        while at >= 0:
            if (
                (not text[at - 1 : at].isalpha() or _begins(text, at))
                and (part := _PART.match(text, at))
                and stem(part[0].lower()) == wanted
            ):
                line = bisect_right(ends, at)
                said[line] = said[line] | {wanted}
                if line == len(ends):
                    break
                at = ends[line] - 1  # once a line is enough
            at = lowered.find(begin, at + 1)
    return said


def _begins(text: str, at: int) -> bool:
    """Whether a part of an identifier may begin here, behind a letter: `user` in getUser, not in abuser."""
    return text[at].isupper() and (not text[at - 1].isupper() or _ends_capitals(text, at))


def _ends_capitals(text: str, at: int) -> bool:
    """Whether a capital after capitals is the S of HTTPServer, with a small letter behind."""
    return text[at + 1 : at + 2].islower()
