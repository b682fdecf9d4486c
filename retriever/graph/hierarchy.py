"""A class or a method -> what stands above and below it: bases, heirs, overridden and overriding methods."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from indexer.store.catalog import ReferenceRow, SymbolRow

from ..types import Hierarchy, Relative
from .judge import Judge
from .values import CLASSES, FUNCTIONS

_MOST = 500  # relatives of one definition; a base of more is a base of everything
_ABSTRACT = frozenset({"interface", "trait"})

Step = tuple[SymbolRow, int, bool]  # a class, how many steps away, whether each step is proven


class Relatives:
    """Looks up and down from definitions of one generation."""

    def __init__(self, judge: Judge, targets: Callable[[ReferenceRow], list[tuple[SymbolRow, bool]]]) -> None:
        """`targets` says what a use means, as the graph does."""
        self._judge = judge
        self._facts = judge.facts
        self._targets = targets

    def of(self, row: SymbolRow) -> Hierarchy:
        """What stands above and below a definition; nothing but itself where it is no class or method."""
        place = _relative(row, 0, True)
        if row.kind in CLASSES:
            above, below = list(self._ancestors(row)), list(self._descendants(row))
            concrete = [step for step in below if not self._is_abstract(step[0])]
            return Hierarchy(
                place,
                ancestors=_relatives(above),
                descendants=_relatives(below),
                implementations=_relatives(concrete) if self._is_abstract(row) else (),
            )
        if row.kind not in FUNCTIONS or "." not in row.qualname:
            return Hierarchy(place)
        above, below = self._same_named(row, self._ancestors), self._same_named(row, self._descendants)
        concrete = [step for step in below if not self._is_abstract(step[0])]
        return Hierarchy(
            place,
            overridden=_relatives(above),
            overriding=_relatives(below),
            implementations=_relatives(concrete) if self._is_abstract(row) else (),
        )

    def _same_named(self, row: SymbolRow, look: Callable[[SymbolRow], Iterator[Step]]) -> list[Step]:
        """The methods of that name in the classes above or below the one of a method."""
        owner = row.qualname.rpartition(".")[0]
        found: list[Step] = []
        for cls in self._facts.defined(row.file, owner):
            for other, steps, proven in look(cls):
                methods = self._judge.follower.language(other.path).members(other, row.name)
                found += [(method, steps, proven) for method in methods if method.kind in FUNCTIONS]
        return found

    def _ancestors(self, row: SymbolRow) -> Iterator[Step]:
        """The nearest first."""
        return self._walk(row, self._bases)

    def _descendants(self, row: SymbolRow) -> Iterator[Step]:
        return self._walk(row, self._heirs)

    def _walk(
        self, row: SymbolRow, next_to: Callable[[SymbolRow], list[tuple[SymbolRow, bool]]]
    ) -> Iterator[Step]:
        seen = {row.id}
        level: list[Step] = [(row, 0, True)]
        while level and len(seen) <= _MOST:
            found: dict[int, Step] = {}
            for here, steps, proven in level:
                # what only a name leads to is shown, and not followed further
                for other, sure in next_to(here) if proven else ():
                    if other.id not in seen and (sure or other.id not in found):
                        found[other.id] = other, steps + 1, sure
            seen.update(found)
            level = list(found.values())
            yield from level

    def _bases(self, row: SymbolRow) -> list[tuple[SymbolRow, bool]]:
        if self._judge.follows(row.path):
            bases, _, _ = self._judge.follower.lineage.bases(row)
            satisfied = self._judge.follower.language(row.path).satisfied_by(row)
            return [(base, True) for base in bases] + satisfied
        uses = [
            use
            for use in self._facts.references(row.file)
            if use.kind == "inherit" and use.scope == row.qualname and row.start <= use.line <= row.end
        ]
        return [
            (base, proven)
            for use in uses
            for base, proven in self._targets(use)
            if base.kind in CLASSES and base.id != row.id
        ]

    def _heirs(self, row: SymbolRow) -> list[tuple[SymbolRow, bool]]:
        found: list[tuple[SymbolRow, bool]] = []
        for use in self._facts.catalog.inheriting(self._facts.repo, row.name):
            verdict = self._judge.verdict(use, [row])
            if verdict is None:
                continue
            language = self._judge.follower.language(use.path)
            found += [(heir, verdict) for heir in language.heirs(use) if heir.id != row.id]
        return found + self._judge.follower.language(row.path).satisfying(row)

    def _is_abstract(self, row: SymbolRow) -> bool:
        return row.kind in _ABSTRACT or self._judge.follower.language(row.path).is_abstract(row)


def _relative(row: SymbolRow, steps: int, proven: bool) -> Relative:
    return Relative(row.path, row.start, row.end, row.qualname, row.kind, steps, proven)


def _relatives(steps: Sequence[Step]) -> tuple[Relative, ...]:
    return tuple(_relative(*step) for step in steps)
