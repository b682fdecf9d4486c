"""A text -> which of some groups of fixed strings may stand in it: one look at all of it, not one a string.

Every four bytes of the text are looked up as two pairs. A table says of each pair which groups have a
string that begins with it, another which have one that goes on with it; a bit in both is a group to look
for. Over 18 MB that takes 0.09 s, as long as six searches for one string.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

import numpy as np

_PAIRS = 1 << 16
_MOST = 64  # groups: the bits of a number


class Beginnings:
    """Groups of ASCII strings of at least three characters, each with whether it may stand in any case."""

    def __init__(self, groups: Sequence[tuple[Iterable[str], bool]]) -> None:
        assert len(groups) <= _MOST
        self._first, self._second = np.zeros(_PAIRS, np.uint64), np.zeros(_PAIRS, np.uint64)
        for number, (strings, any_case) in enumerate(groups):
            for string in strings:
                for part in _in_any_case(_part(string)) if any_case else [_part(string)]:
                    one, two, three, *four = part.encode("ascii")
                    self._first[one | two << 8] |= np.uint64(1 << number)
                    self._second[three | np.array(four or range(256)) << 8] |= np.uint64(1 << number)

    def in_text(self, text: str) -> list[int]:
        """The numbers of the groups of which a string may stand in the text; no other does."""
        raw = text.encode("utf-8", "surrogatepass") + b"\0\0\0"  # the text may end in three that count
        pairs = np.ndarray(len(raw) - 1, "<u2", raw, strides=(1,)).astype(np.intp)
        groups = self._first.take(pairs[:-2]) & self._second.take(pairs[2:])
        found = int(np.bitwise_or.reduce(groups))
        return [number for number in range(found.bit_length()) if found >> number & 1]


def _part(string: str) -> str:
    """The four characters that are looked for: `assw` of `password` is rarer than `pass`."""
    return string[:5][-4:]


def _in_any_case(part: str) -> Iterable[str]:
    return map("".join, product(*((letter.lower(), letter.upper()) for letter in part)))
