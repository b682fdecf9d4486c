"""A name that does not exist -> the one that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_LIKE = 0.75  # of difflib: one letter in four may differ


def nearest_name(name: str, names: Iterable[str]) -> str:
    """The name that was probably meant; "" where none is like it."""
    found = get_close_matches(name, [other for other in names if other != name], 1, _LIKE)
    return found[0] if found else ""
