"""Say of a use and of definitions it may mean whether each is meant: proven, by name only, or not."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.store.catalog import ReferenceRow, SymbolRow

from .ecma import Ecma
from .facts import Facts
from .follow import Follower
from .go import Go
from .java import Java
from .language import Language
from .matching import Matching
from .python import Python
from .rust import Rust
from .values import CLASSES, Definition, Found

Verdict = bool | None  # True: proven. False: only the name agrees. None: something else is meant

# Languages whose names are followed; those of the others are matched by text.
_FOLLOWED: dict[str, type[Language]] = {
    "python": Python,
    "go": Go,
    "java": Java,
    "rust": Rust,
    **dict.fromkeys(("javascript", "typescript", "tsx", "vue", "svelte", "astro"), Ecma),
}


class Judge:
    """Judges uses of one generation."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.follower = Follower(facts, lambda name, follower: _FOLLOWED.get(name, Language)(facts, follower))
        self._matching = Matching(facts)

    def verdict(self, use: ReferenceRow, definitions: Sequence[SymbolRow]) -> Verdict:
        """Whether a use means one of these definitions."""
        if not self.follows(use.path):
            return self._matching.proof(use, definitions)
        found = self.follower.target(use)
        meant = self.meant(found)
        if any(row.id in meant for row in definitions):
            wanted = {row.id for row in definitions}
            return found.certain or (found.closed and wanted.issuperset(meant))
        if not found.certain and not found.closed:
            return False
        may = any(self._overrides(row, list(meant.values())) or _makes(row, meant) for row in definitions)
        return False if may else None

    def targets(self, use: ReferenceRow, named: Sequence[SymbolRow]) -> list[tuple[SymbolRow, bool]]:
        """What a use means: each definition with whether it is proven. `named` are those of its name."""
        if not self.follows(use.path):
            proofs = [(row, self._matching.proof(use, [row])) for row in named]
            proven = [(row, True) for row, proof in proofs if proof]
            return proven or [(row, False) for row, proof in proofs if proof is False]
        found = self.follower.target(use)
        meant = self.meant(found)
        if found.certain or found.closed:
            return [(row, found.certain) for row in meant.values()]
        return [(row, False) for row in (meant | {row.id: row for row in named}).values()]

    def follows(self, path: str) -> bool:
        file = self.facts.file(path)
        return file is not None and file.language in _FOLLOWED

    def meant(self, found: Found) -> dict[int, SymbolRow]:
        """The definitions of what was found, with what its constants hold, and what makes its objects."""
        rows: dict[int, SymbolRow] = {}
        todo = [value for value in reversed(found.values) if isinstance(value, Definition)]
        while todo:
            value = todo.pop()
            if value.row.id in rows:
                continue
            rows[value.row.id] = value.row
            if value.row.kind in CLASSES:
                for initializer in self.follower.language(value.row.path).initializers:
                    made = self.follower.member(value, initializer)
                    rows.update((row.id, row) for row in made.rows if made.certain)
            elif value.row.kind in ("constant", "field"):
                held = self.follower.through(value.row)
                todo += [inner for inner in held.values if isinstance(inner, Definition)]
        return rows

    def _overrides(self, row: SymbolRow, targets: list[SymbolRow]) -> bool:
        """Whether a method stands in for one of these when an object of its class is meant."""
        owner, _, name = row.qualname.rpartition(".")
        owners = {(t.file, t.qualname.rpartition(".")[0]) for t in targets if t.name == name}
        if not owner or not owners:
            return False
        for cls in self.facts.defined(row.file, owner):
            line, _, _ = self.follower.lineage.line(cls)
            if any((base.file, base.qualname) in owners for base in line[1:]):
                return True
        return False


def _makes(row: SymbolRow, meant: dict[int, SymbolRow]) -> bool:
    """Whether a definition is a constructor of a class that is meant, one of several."""
    owner = row.qualname.rpartition(".")[0]
    return any(
        cls.file == row.file and cls.qualname == owner and cls.name == row.name for cls in meant.values()
    )
