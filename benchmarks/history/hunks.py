"""A text before and after -> replacements that lead from one to the other, each of a text that is there once.

Each replacement is meant for the text that the ones before it have left.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from indexer.errors import BadInput

_CONTEXT = 1  # lines shown around a change even where fewer were enough
_NEAR = 3  # changes with at most this many lines between them are one edit, as a person would make it

_Block = tuple[int, int, int, int]  # lines of before and of after, from and to


@dataclass(frozen=True, slots=True)
class Replacement:
    """Whole lines to find and what to put there. `first` and `last` are where they stand, from 1."""

    old: str
    new: str
    first: int
    last: int


def replacements(
    before: str, after: str, sound: Callable[[str], bool] = lambda _: True, further: int = 0
) -> list[Replacement]:
    """Lead from `before` to `after`, every text between them `sound`.

    `further` lines of context are added on each side to what is needed. Raises BadInput for an empty
    text, in which there is nothing to find.
    """
    old, new = _lines(before), _lines(after)
    if not old and new:
        raise BadInput("an empty file holds nothing that could be replaced")
    found = []
    for a0, a1, b0, b1 in _steps(old, new, sound):
        current = [*new[:b0], *old[a0:]]
        found.append(_unique(current, b0, b0 + a1 - a0, new[b0:b1], further))
    return found


def _lines(text: str) -> list[str]:
    """With their line breaks; only LF ends a line, as in the tools."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _steps(old: list[str], new: list[str], sound: Callable[[str], bool]) -> Iterator[_Block]:
    """Blocks to replace one after the other: changes that only make sense together are one block."""
    blocks = _blocks(old, new)
    start: _Block | None = None
    for place, block in enumerate(blocks):
        start = start or block
        _, a1, _, b1 = block
        last = place == len(blocks) - 1
        if last or sound("".join([*new[:b1], *old[a1:]])):
            yield start[0], a1, start[2], b1
            start = None


def _blocks(old: list[str], new: list[str]) -> list[_Block]:
    blocks: list[_Block] = []
    for tag, a0, a1, b0, b1 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if blocks and a0 - blocks[-1][1] <= _NEAR:
            blocks[-1] = (blocks[-1][0], a1, blocks[-1][2], b1)
        else:
            blocks.append((a0, a1, b0, b1))
    return blocks


def _unique(current: list[str], start: int, end: int, put: list[str], further: int) -> Replacement:
    """Take in lines around `start:end` until the text is in `current` once; all of it always is."""
    text, around = "".join(current), _CONTEXT
    while True:
        lo, hi = max(0, start - around - further), min(len(current), end + around + further)
        old = "".join(current[lo:hi])
        if (lo, hi) == (0, len(current)) or (old and text.find(old) == text.rfind(old)):
            new = "".join([*current[lo:start], *put, *current[end:hi]])
            return Replacement(old, new, lo + 1, hi)
        around += 1
