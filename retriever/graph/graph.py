"""The edges between definitions: which use of a name means which definition.

An edge is `resolved` only where the text proves it. Everything else agrees by name only and says so;
nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.conventions import is_test
from indexer.store.catalog import Catalog, ReferenceRow, RepoRow, SymbolRow

from ..types import Caller, Hierarchy
from .covering import covering
from .facts import Facts
from .hierarchy import Relatives
from .judge import Judge
from .matching import CALLABLE
from .values import CLASSES

_MOST = 2000  # uses of one name that are looked at: more and the name is as common as a word
_AMBIGUOUS = 3  # definitions of a called name that are shown when none is proven


class Graph:
    """The edges of one repository, read as they are asked for and kept for one generation."""

    def __init__(self, catalog: Catalog, repo: RepoRow, facts: Facts | None = None) -> None:
        """`facts` are those of the same generation that were read already."""
        self.catalog = catalog
        self.repo = repo
        self.facts = facts or Facts(catalog, repo)
        self.judge = Judge(self.facts)

    def definitions(self, name: str) -> list[SymbolRow]:
        """The definitions that a plain or qualified name fits, by path and line."""
        wanted = name.strip().rstrip("()").replace("::", ".").replace("#", ".").strip(".")
        last = wanted.rpartition(".")[2]
        rows = self.facts.named(last) if last else []
        fitting = [row for row in rows if _fits(row, wanted)]
        exact = [row for row in fitting if row.name == last]
        return exact or fitting

    def callers(self, definitions: Sequence[SymbolRow]) -> list[Caller]:
        """The uses of any of these definitions."""
        found: dict[tuple[str, int, str], Caller] = {}
        for name, meant in self._sought(definitions).items():
            for use in self.catalog.references_to(self.repo, name, _MOST):
                if use.kind == "import" or _is_own(use, meant):
                    continue
                proof = self.judge.verdict(use, meant)
                if proof is None:
                    continue
                key = (use.path, use.line, use.scope)
                known = found.get(key)
                if known is None or (proof and not known.resolved):
                    found[key] = Caller(self.repo.name, use.path, use.line, use.scope or None, proof)
        return sorted(
            found.values(), key=lambda c: (not c.resolved, is_test(c.path, c.symbol), c.path, c.line)
        )

    def _sought(self, definitions: Sequence[SymbolRow]) -> dict[str, list[SymbolRow]]:
        """The names under which definitions are used; what makes an object is called by its class."""
        names: dict[str, list[SymbolRow]] = {}
        for row in definitions:
            names.setdefault(row.name, []).append(row)
            owner = row.qualname.rpartition(".")[0].rpartition(".")[2]
            if owner and self._is_initializer(row):
                names.setdefault(owner, []).append(row)
        return names

    def callees(self, definition: SymbolRow) -> list[Caller]:
        """The definitions that are called between the first and the last line of this one."""
        found: dict[tuple[str, int], Caller] = {}
        for _use, row, proven in self.edges(definition):
            known = found.get((row.path, row.start))
            if known is None or (proven and not known.resolved):
                callee = Caller(self.repo.name, row.path, row.start, row.qualname, proven)
                found[row.path, row.start] = callee
        return sorted(found.values(), key=lambda c: (not c.resolved, c.path, c.line))

    def edges(self, definition: SymbolRow) -> Iterable[tuple[ReferenceRow, SymbolRow, bool]]:
        """Every use in a definition with what it means, and whether that is proven."""
        for use in self.facts.references_on(definition):
            if use.kind == "import":
                continue
            targets = self.targets(use)
            makes = any(
                row.kind in CLASSES for row, _ in targets
            )  # the class stands for what makes its objects
            for row, proven in targets:
                if row.id != definition.id and not (makes and self._is_initializer(row)):
                    yield use, row, proven

    def targets(self, use: ReferenceRow) -> list[tuple[SymbolRow, bool]]:
        """The definitions that a use means: the proven ones, else the few whose name agrees."""
        named = [row for row in self.facts.named(use.name) if row.name == use.name and row.kind in CALLABLE]
        if len(named) > 1 and not is_test(use.path):  # code that ships does not call its tests
            named = [row for row in named if not is_test(row.path)]
        targets = self.judge.targets(use, named)
        overloads = len({(row.file, row.qualname) for row, _ in targets}) == 1
        return targets if len(targets) <= _AMBIGUOUS or targets[0][1] or overloads else []

    def hierarchy(self, definition: SymbolRow) -> Hierarchy:
        """What stands above and below a class or a method."""
        return Relatives(self.judge, self.targets).of(definition)

    def covering(self, definitions: Sequence[SymbolRow]) -> list[Caller]:
        """The tests that exercise any of these definitions."""
        return covering(definitions, self.callers, self.catalog, self.repo)

    def _is_initializer(self, row: SymbolRow) -> bool:
        language = self.judge.follower.language(row.path)
        owner = row.qualname.rpartition(".")[0].rpartition(".")[2]
        return row.name in language.initializers or (language.overloads and row.name == owner)

    def references(self, file: int) -> list[ReferenceRow]:
        return self.facts.references(file)

    def symbols(self, file: int) -> list[SymbolRow]:
        return self.facts.symbols(file)


def _fits(row: SymbolRow, wanted: str) -> bool:
    """Whether a plain or qualified name, with or without its module, means this definition."""
    full = f".{_dotted(row.path)}.{row.qualname.lower()}"
    return full.endswith("." + wanted.lower())


def _dotted(path: str) -> str:
    return path.rsplit(".", 1)[0].replace("/", ".").lower()


def _is_own(use: ReferenceRow, definitions: Iterable[SymbolRow]) -> bool:
    """A recursive call is no caller."""
    return any(
        use.file == definition.file
        and (use.scope == definition.qualname or use.scope.startswith(definition.qualname + "."))
        for definition in definitions
    )
