"""A base that stands outside of the repository -> whether a class may have a name from it.

Those of the language itself are known; what any other library gives is not.
"""

from __future__ import annotations

import builtins
import collections.abc
import enum
from functools import cache

from ..graph.values import Definition, Outside


def gives(base: Definition | Outside | None, name: str) -> bool:
    """Whether a base from outside may bring a name: those of the language itself are known."""
    if isinstance(base, Definition):
        return False  # of the repository, and looked at itself
    known = _known_base(base.name) if base else None
    return known is None or name in known


@cache
def _known_base(name: str) -> frozenset[str] | None:
    found = getattr(builtins, name, None) or getattr(collections.abc, name, None)
    if name in ("NamedTuple", "TypedDict"):
        found = tuple if name == "NamedTuple" else dict
    if name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"):
        found = getattr(enum, name, None)
    return frozenset((*dir(found), *_OF_ENUMS, *_OF_TUPLES)) if isinstance(found, type) else None


_OF_ENUMS = ("name", "value")
_OF_TUPLES = ("_asdict", "_replace", "_fields", "_make")
