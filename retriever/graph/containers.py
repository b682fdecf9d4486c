"""What a method of a list, a mapping or another container gives: what was put in, or another container."""

from __future__ import annotations

from .values import UNKNOWN, Found, Items, Value, outside

# Built-in functions whose results are never objects of ours.
GIVES_ITS_OWN = frozenset(
    """
    str int float bytes bool repr len hash open range format input id ord chr hex bin sum any all
    isinstance issubclass callable hasattr dir ascii compile print join split strip encode decode
    lower upper replace bytearray
    """.split()
)


def taken(of: Value, mapping: bool, name: str) -> Found:
    """What a method of a container gives."""
    if name in _GIVES_ITEMS and (mapping or name != "values"):
        return Found((Items(of),), True)
    if name == "copy" or (name in _GIVES_SOME and not mapping):
        return Found((Items(of, mapping),), True)
    if name in _GIVES_ONE:
        return Found((of,), True)
    return outside(name) if name in ("keys", "index", "count") else UNKNOWN


_GIVES_ITEMS = frozenset({"values", "values_mut", "into_values"})
_GIVES_SOME = frozenset(
    """
    filter slice concat reverse sort toSorted toReversed iterator listIterator stream iter iter_mut
    into_iter drain rev as_ref as_mut as_deref as_deref_mut ok ok_or ok_or_else lock read write
    clone to_owned or or_else replace skip take limit sorted distinct peekable cloned copied
    as_slice to_vec subList parallelStream descendingIterator
    """.split()
)
_GIVES_ONE = frozenset(
    """
    get pop setdefault popleft __getitem__ __enter__ __next__ find findLast shift at next getFirst
    getLast first last poll peek element pollFirst pollLast peekFirst peekLast pop_front pop_back
    front back get_mut first_mut last_mut getOrDefault unwrap expect unwrap_or unwrap_or_default
    unwrap_or_else borrow borrow_mut upgrade firstElement lastElement nextElement previous
    removeFirst removeLast findFirst findAny computeIfAbsent
    """.split()
)
