"""A way to search and a question -> the distinct files it finds, and where in them what was wanted is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from .measures import DEPTH

_PLACES = 40  # asked for at first: mostly enough for DEPTH distinct files
_MOST_PLACES = 640  # a search has no more candidates
_LINES_AT = 10  # places in which lines are looked for: the hits of one search


class Spot(NamedTuple):
    """A place that was found; lines are 1-based and inclusive."""

    path: str
    start: int
    end: int


Find = Callable[[str, int], Sequence[Spot]]  # a question, a number of places -> the best ones, best first


def spots(find: Find, question: str, depth: int = DEPTH) -> list[Spot]:
    """The best places, as many as it takes to see `depth` distinct files where there are so many."""
    places = _PLACES
    while True:
        found = list(find(question, places))
        seen = len({spot.path for spot in found})
        if seen >= depth or len(found) < places or places >= _MOST_PLACES:
            return found
        places *= 4


def files(found: Sequence[Spot], depth: int = DEPTH) -> list[str]:
    """The first distinct files, in order of appearance."""
    return list(dict.fromkeys(spot.path for spot in found))[:depth]


def ranks(found: Sequence[str], wanted: Sequence[str]) -> tuple[int | None, ...]:
    """The rank of each wanted file, None where it was not found."""
    at = {path: rank for rank, path in enumerate(found, 1)}
    return tuple(at.get(path) for path in wanted)


def lines_found(found: Sequence[Spot], wanted: Mapping[str, tuple[int, int]]) -> float:
    """The share of the wanted lines, by path, that one of the first places overlaps."""
    first = found[:_LINES_AT]
    met = sum(
        any(spot.path == path and spot.start <= end and start <= spot.end for spot in first)
        for path, (start, end) in wanted.items()
    )
    return met / len(wanted)
