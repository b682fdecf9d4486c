"""The references and bindings of a file <-> the lines of text in which the catalog keeps them.

A row for each reference would be most of the catalog, and of the time to write it: a chunk has ten of them.
So a file has one row for each name that it uses, with a line for each use, and one row for all its bindings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

Bindings = dict[tuple[str, str], str]  # owner, name -> origin, as indexer/origins.py writes it
_FIELDS = 7
_SEPARATORS = str.maketrans("\t\n", "  ")


class Use(NamedTuple):
    """One use of a name; `nr` counts all references of its file, in the order of the text."""

    nr: int
    kind: str
    line: int
    scope: str
    qualifier: str
    holder: str
    arguments: int


def pack_uses(references: Sequence[tuple[Any, ...]]) -> list[tuple[str, str]]:
    """References (name, and the fields of a use without its number) -> each name with its uses, by name."""
    uses: dict[str, list[str]] = {}
    for nr, (name, kind, line, scope, qualifier, holder, arguments) in enumerate(references):
        use = f"{nr}\t{kind}\t{line}\t{scope}\t{qualifier}\t{holder}\t{arguments}"
        uses.setdefault(name, []).append(use)
    packed = [(name, "\n".join(lines)) for name, lines in sorted(uses.items())]
    if all(_is_table(text, len(uses[name]), _FIELDS) for name, text in packed):
        return packed
    return pack_uses(_without_separators(references))


def unpack_uses(packed: str) -> list[Use]:
    return [
        Use(int(nr), kind, int(line), scope, qualifier, holder, int(arguments))
        for nr, kind, line, scope, qualifier, holder, arguments in fields_of_uses(packed)
    ]


def fields_of_uses(packed: str) -> list[list[str]]:
    """The fields of each use as they are written: for who reads a whole repository."""
    return [use.split("\t") for use in packed.split("\n")]


def pack_bindings(bindings: Sequence[tuple[Any, ...]]) -> str:
    """(owner, name, origin) -> a line each."""
    packed = "\n".join(map("\t".join, bindings))
    if not bindings or _is_table(packed, len(bindings), 3):
        return packed
    return pack_bindings(_without_separators(bindings))


def unpack_bindings(packed: str) -> Bindings:
    rows = (line.split("\t") for line in packed.split("\n")) if packed else ()
    return {(owner, name): origin for owner, name, origin in rows}


def _is_table(text: str, rows: int, columns: int) -> bool:
    return text.count("\n") == rows - 1 and text.count("\t") == rows * (columns - 1)


def _without_separators(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """A name or a chain that is written over several lines, with blanks in the place of what we divide by."""
    return [
        tuple(field.translate(_SEPARATORS) if isinstance(field, str) else field for field in row)
        for row in rows
    ]
