"""What languages have in common in which every name is declared: TypeScript, Go, Java, Rust."""

from __future__ import annotations

from itertools import pairwise

from indexer.store.catalog import ReferenceRow, SymbolRow

from .language import Language
from .values import Definition, Found, Value

_APART = 2  # lines between overloads of one function, comments not counted


class Declared(Language):
    """Definitions of one name are overloads that stand together, or alternatives: blocks, builds, impls."""

    gives_self = False  # the declared type says all

    def is_one(self, rows: list[SymbolRow]) -> bool:
        return len(_clusters(rows)) == 1

    def keeps_result(self, decorators: list[str]) -> bool:
        return True

    def stands_alone(self, value: Value) -> bool:
        """Whether something can be meant by a name without a qualifier."""
        return True

    def nearest(self, found: Found, use: ReferenceRow) -> Found:
        if not use.holder and not all(map(self.stands_alone, found.values)):
            found = Found(tuple(filter(self.stands_alone, found.values)), found.certain)
        rows = [row for row in found.rows if row.path == use.path]
        if len(rows) < 2 or len(rows) < len(found.values) or len({row.qualname for row in rows}) > 1:
            return found
        before = [cluster for cluster in _clusters(rows) if cluster[0].start <= use.line]
        return Found(tuple(map(Definition, before[-1])), True) if before else found


def _clusters(rows: list[SymbolRow]) -> list[list[SymbolRow]]:
    """Definitions that follow each other directly, together."""
    rows = sorted(rows, key=lambda row: (row.path, row.start))
    clusters = [rows[:1]]
    for one, other in pairwise(rows):
        if other.file == one.file and other.doc_start - one.end <= _APART:
            clusters[-1].append(other)
        else:
            clusters.append([other])
    return clusters
