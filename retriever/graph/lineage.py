"""A class -> what it inherits from, in the order in which members are looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.store.catalog import SymbolRow

from .values import CLASSES, Definition, Outside, Value

if TYPE_CHECKING:
    from .follow import Follower


class Lineage:
    """The classes of one generation; what was asked once is kept."""

    def __init__(self, follower: Follower) -> None:
        self._follower = follower
        self._bases: dict[int, tuple[list[SymbolRow], bool, bool]] = {}
        self._lines: dict[int, tuple[tuple[SymbolRow, ...], bool, bool]] = {}

    def line(self, row: SymbolRow) -> tuple[tuple[SymbolRow, ...], bool, bool]:
        """A class and what it inherits from, in the order members are looked up in; whether a base is not
        known; whether one stands outside of the repository."""
        if row.id not in self._lines:
            self._lines[row.id] = ((row,), True, False)  # a class that inherits from itself
            bases, doubtful, open_ = self.bases(row)
            lines = []
            for base in bases:
                inherited, doubt, outer = self.line(base)
                lines.append(list(inherited))
                doubtful, open_ = doubtful or doubt, open_ or outer
            self._lines[row.id] = (row, *_merged([*lines, list(bases)])), doubtful, open_
        return self._lines[row.id]

    def bases(self, row: SymbolRow) -> tuple[list[SymbolRow], bool, bool]:
        """The bases of a class in order; whether one is not known; whether one stands outside."""
        if row.id not in self._bases:
            bases: list[SymbolRow] = []
            doubtful = open_ = False
            language = self._follower.language(row.path)
            written = self._follower.facts.binding(row.file, row.qualname, "^")
            for origin in written.split(",") if written else ():
                found = self._follower.origin(origin, self._follower.file(row))
                for value in found.values:
                    base = self._class_behind(value)
                    if isinstance(base, Outside):
                        open_ = open_ or not language.is_harmless(base.name)
                    elif isinstance(base, Definition) and base.row.kind in CLASSES and base.row.id != row.id:
                        bases.append(base.row)
                    else:
                        doubtful = True
                doubtful = doubtful or not found.certain
            self._bases[row.id] = list(dict.fromkeys(bases)), doubtful, open_
        return self._bases[row.id]

    def _class_behind(self, value: Value) -> Value | None:
        """What a constant that is inherited from holds: `Base = make_base()`."""
        if isinstance(value, Definition) and value.row.kind not in CLASSES:
            held = self._follower.through(value.row)
            return held.values[0] if held.certain and held.values else None
        return value


def _merged(lines: list[list[SymbolRow]]) -> list[SymbolRow]:
    """The C3 order of several lines of classes; where there is none, each class at its first place.

    https://docs.python.org/3/howto/mro.html
    """
    merged: list[SymbolRow] = []
    lines = [line for line in lines if line]
    while lines:
        tails = {row.id for line in lines for row in line[1:]}
        head = next((line[0] for line in lines if line[0].id not in tails), None)
        if head is None:
            return merged + list({row.id: row for line in lines for row in line}.values())
        merged.append(head)
        lines = [rest for line in lines if (rest := [row for row in line if row.id != head.id])]
    return merged
