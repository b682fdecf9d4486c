"""A change -> new public functions and classes that no test knows, where those beside them have tests."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.conventions import is_test
from indexer.store.catalog import FileRow, ReferenceRow, SymbolRow

from ..graph import Graph
from ..graph.values import CLASSES
from ..types import Caller
from .after import After
from .change import Change, ChangedFile
from .finding import Finding, Shown
from .newcomers import FUNCTIONS, Newcomer, newcomers
from .public import is_public

if TYPE_CHECKING:
    from .index import Index

_SHARE = 0.8  # of the siblings have tests: then a definition without is an exception here
_FEWEST = 4  # siblings, of which all or all but a fifth are tested
_MOST = 8  # that are asked for their tests: the nearest ones
_LINES = 3  # of a body; less is read at a glance
_STEPS = 4  # from a new function to a command that runs it
_SHARED_NAME = 2  # other methods of a name: an interface, which is tested through it


def finds(change: Change, search: Index) -> list[Finding]:
    """One finding for each new definition; for a new class one, whatever it holds."""
    new = [one for one in newcomers(change, FUNCTIONS | CLASSES) if _is_worth_a_test(one)]
    if not new:
        return []
    tests = _Tests(change, search)
    return [finding for one in new if (finding := tests.missing(one))]


def _is_worth_a_test(new: Newcomer) -> bool:
    symbol = new.symbol
    return (
        new.shape.lines >= _LINES
        and symbol.name not in ("main", "init", "setup", "constructor")
        and not is_test(new.file.path, symbol.qualname)
        and not _DECLARED.search(symbol.signature)
        and _is_seen(new)
    )


_DECLARED = re.compile(r"\babstract\b|\bdeclare\b|\b(?:get|set) \w+\(")


def _is_seen(new: Newcomer) -> bool:
    """Whether others may use a definition, and see it as one thing: not local, not part of a new class."""
    parsed = new.file.parsed
    assert parsed is not None
    around = [s for s in parsed.symbols if f"{new.symbol.qualname}.".startswith(f"{s.qualname}.")]
    outer = [s for s in around if s.qualname != new.symbol.qualname]
    before = {s.qualname for s in new.file.parsed_before.symbols} if new.file.parsed_before else set()
    return all(is_public(s, parsed.file.language, parsed.file.text) for s in around) and all(
        s.kind in CLASSES and s.qualname in before for s in outer
    )


class _Tests:
    """Who tests what, after a change."""

    def __init__(self, change: Change, search: Index) -> None:
        self._change = change
        self._facts = After.of(change, search.catalog)
        self._graph = Graph(search.catalog, self._facts.repo)
        self._covering: dict[int, Caller | None] = {}

    def missing(self, new: Newcomer) -> Finding | None:
        symbol, path = new.symbol, new.file.path
        if self._is_known(symbol.name) or self._is_interface(new) or self._is_called_by_tested(new):
            return None
        siblings = self._siblings(new)
        tested = self._tested(siblings)
        if tested is None:
            return None
        row, test = tested[0]
        message = (
            f"no test knows `{symbol.qualname}`, where {len(tested)} of {len(siblings)} like it beside it "
            f"have one: `{row.qualname}` is tested by {test.symbol or test.path}"
        )
        example = Shown(test.path, test.line, self._line(test))
        return Finding("untested", "warning", path, symbol.span.start, message, "untested/public", example)

    def _is_known(self, name: str) -> bool:
        """Whether a test of the change or of the index says the name, or is named after it."""
        plain = rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])"
        word = re.compile(f"{plain}|{re.escape(_camel(name))}", re.I)
        if any(word.search(text) for text in self._changed_tests):
            return True
        catalog, repo = self._graph.catalog, self._graph.repo
        return any(is_test(use.path, use.scope) for use in catalog.references_to(repo, name))

    @cached_property
    def _changed_tests(self) -> list[str]:
        return [file.after for file in self._change.files if file.after and _holds_tests(file)]

    def _is_interface(self, new: Newcomer) -> bool:
        symbol = new.symbol
        named = self._facts.named(symbol.name)
        others = [row for row in named if row.name == symbol.name and row.kind == symbol.kind]
        return symbol.kind == "method" and len(others) > _SHARED_NAME

    def _is_called_by_tested(self, new: Newcomer) -> bool:
        """Whether something that the change touches uses it, step by step, and has a test itself."""
        seen = {new.symbol.name}
        names = {new.symbol.name}
        for _ in range(_STEPS):
            users = {
                (path, use.scope) for path, use in self._uses if use.name in names and use.scope not in seen
            }
            for path, scope in users:
                if self._is_known(scope.rpartition(".")[2]) or self._is_covered(path, scope):
                    return True
            seen |= names | {scope for _, scope in users}
            names = {scope.rpartition(".")[2] for _, scope in users}
        return False

    @cached_property
    def _uses(self) -> list[tuple[str, ReferenceRow]]:
        """What the changed files that are no tests use, each in which definition."""
        rows = [self._facts.file(file.path) for file in self._change.files if not is_test(file.path)]
        uses = [(row.path, use) for row in rows if row for use in self._facts.references(row.id)]
        return [(path, use) for path, use in uses if use.kind != "import" and use.scope]

    def _is_covered(self, path: str, qualname: str) -> bool:
        file = self._graph.facts.file(path)
        rows = self._graph.facts.defined(file.id, qualname) if file else []
        return any(self._test_of(row) for row in rows)

    def _siblings(self, new: Newcomer) -> list[SymbolRow]:
        """What the index has beside a new definition: in its class, else in its file, else in its folder."""
        symbol, path = new.symbol, new.file.old_path
        file = self._graph.facts.file(path)
        owner = symbol.qualname.rpartition(".")[0]
        found = self._like(new, [file], owner) if file else []
        if len(found) < _FEWEST and not owner:
            folder = posixpath.dirname(path)
            beside = [f for f in self._graph.facts.in_folder(folder) if f.language == _language(new)]
            found = self._like(new, beside, "")
        return found[:_MOST]

    def _like(self, new: Newcomer, files: Sequence[FileRow], owner: str) -> list[SymbolRow]:
        """The public definitions of one kind and owner, the nearest first."""
        symbol = new.symbol
        found = [
            row
            for file in files
            if not is_test(file.path)
            for row in self._graph.facts.symbols(file.id)
            if (row.kind in CLASSES) == (symbol.kind in CLASSES)
            and row.kind in FUNCTIONS | CLASSES
            and row.qualname.rpartition(".")[0] == owner
            and row.qualname != symbol.qualname
            and not is_test(row.path, row.qualname)
            and row.end - row.start >= _LINES
            and is_public(row, file.language, self._graph.facts.text(file.path))
        ]
        return sorted(found, key=lambda row: (abs(row.start - symbol.span.start), row.path))

    def _tested(self, siblings: Sequence[SymbolRow]) -> list[tuple[SymbolRow, Caller]] | None:
        """Those of the siblings that have a test, with it; None where these are not nearly all."""
        if len(siblings) < _FEWEST:
            return None
        without = 0
        found = []
        for row in siblings:
            test = self._test_of(row)
            if test:
                found.append((row, test))
            else:
                without += 1
            if without > (1 - _SHARE) * len(siblings):
                return None
        return found

    def _test_of(self, row: SymbolRow) -> Caller | None:
        """A test that exercises a definition beyond doubt, or is named after it."""
        if row.id not in self._covering:
            named = row.name.strip("_").lower()
            tests = self._graph.covering([row])
            sure = [test for test in tests if test.resolved or named in (test.symbol or "").lower()]
            self._covering[row.id] = sure[0] if sure else None
        return self._covering[row.id]

    def _line(self, test: Caller) -> str:
        lines = self._graph.facts.text(test.path).split("\n")
        return lines[test.line - 1].strip() if test.line <= len(lines) else ""


def _holds_tests(file: ChangedFile) -> bool:
    return is_test(file.path) or (file.path.endswith(".rs") and "#[test]" in (file.after or ""))


def _language(new: Newcomer) -> str:
    assert new.file.parsed is not None
    return new.file.parsed.file.language


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_")) if "_" in name.strip("_") else name
