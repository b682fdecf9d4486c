"""Read a whole repository from the catalog at once: the ground on which all its edges are found.

The graph asks the catalog for each fact as it needs it; for every edge of a repository those would be a
hundred thousand questions. Here they are five, and what they gave is let go when the edges are known.
"""

from __future__ import annotations

import json
import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from indexer.store.catalog import Catalog, FileRow, RepoRow, SymbolRow
from indexer.store.lines import fields_of_uses, unpack_bindings

from ..graph.facts import Facts
from ..standing import is_aside

_DEFINITIONS = (
    "SELECT s.id, s.file, s.name, s.qualname, s.kind, s.start, s.end, s.doc_start, s.signature "
    "FROM files f CROSS JOIN symbols s ON s.file = f.id WHERE f.repo = ?"
)
_FROM = "WHERE file IN (SELECT value FROM json_each(?))"
_BINDINGS = f"SELECT file, origins FROM bindings {_FROM}"
_USES = f"SELECT file, name, uses FROM refs {_FROM} ORDER BY file"
_IMPORTS = _USES.replace("ORDER", "AND instr(uses, char(9) || 'import' || char(9)) ORDER")


class Definition(NamedTuple):
    """A row of a definition. A tuple: a repository has tens of thousands."""

    id: int
    file: int
    name: str
    qualname: str
    kind: str
    start: int
    end: int
    doc_start: int
    signature: str


class Use(NamedTuple):
    file: int
    name: str
    kind: str
    scope: str
    qualifier: str
    holder: str
    line: int


class Ground(Facts):
    """The facts of one generation, read at once.

    Of files that are about the code (tests, examples) only the imports are read: a test uses what it
    tests and a hundred things beside it, and what it imports says whom it serves.
    """

    def __init__(self, catalog: Catalog, repo: RepoRow) -> None:
        super().__init__(catalog, repo)
        self.files = catalog.files(repo)
        self.by_id = {file.id: file for file in self.files}
        self.aside = {file.id for file in self.files if is_aside(file.path, file.kind)}
        read = json.dumps([file.id for file in self.files if file.id not in self.aside])
        rest = json.dumps(sorted(self.aside))
        order = {file.id: n for n, file in enumerate(self.files)}  # by path: ids differ between equal indexes
        self.definitions = [Definition(*row) for row in catalog.select(_DEFINITIONS, repo.id)]
        self.definitions.sort(key=lambda d: (order[d.file], d.start, -d.end, d.qualname, d.kind))
        with catalog.unpacking(f"what the files of {repo.name} use"):
            imports = [use for use in _uses(catalog.select(_IMPORTS, rest)) if use.kind == "import"]
            self.uses = [*_uses(catalog.select(_USES, read)), *imports]
        with catalog.unpacking(f"what names stand for in {repo.name}"):
            bound = catalog.select(_BINDINGS, read)
            self._bindings = {file: unpack_bindings(origins) for file, origins in bound}
        self._all = self.files
        self._files = {file.path: file for file in self.files}
        self._at: dict[tuple[int, str], list[Definition]] = defaultdict(list)
        self._called: dict[str, list[Definition]] = defaultdict(list)
        for definition in self.definitions:
            self._at[definition.file, definition.qualname].append(definition)
            if definition.file not in self.aside:
                self._called[definition.name].append(definition)
        self._below = _folders(self._files)
        self._words = {part for folder in self._below for part in folder.split("/")} | {
            posixpath.basename(path).rsplit(".", 1)[0] for path in self._files
        }

    def called(self, name: str) -> list[Definition]:
        """What the code that ships defines under a name."""
        return self._called.get(name, [])

    def at(self, file: int, qualname: str) -> list[Definition]:
        return self._at.get((file, qualname), [])

    def defined(self, file: int, qualname: str) -> list[SymbolRow]:
        found = self._defined.get((file, qualname))
        if found is None:
            rows = self._at.get((file, qualname), ())
            found = self._defined[file, qualname] = [self._row(definition) for definition in rows]
        return found

    def _row(self, one: Definition) -> SymbolRow:
        path = self.by_id[one.file].path
        return SymbolRow(one.id, one.file, path, *one[2:], doc="")

    def named(self, name: str) -> list[SymbolRow]:
        if name not in self._named:
            self._named[name] = [self._row(one) for one in self.called(name)]
        return self._named[name]

    def beside(self, folder: str, qualname: str) -> list[SymbolRow]:
        key = folder, qualname
        if key not in self._beside:
            same = [one for one in self.called(qualname.rpartition(".")[2]) if one.qualname == qualname]
            self._beside[key] = [
                self._row(one) for one in same if posixpath.dirname(self.by_id[one.file].path) == folder
            ]
        return self._beside[key]

    def below(self, folder: str, qualname: str) -> list[SymbolRow]:
        key = f"{folder}/**", qualname
        if key not in self._beside:
            same = [one for one in self.called(qualname.rpartition(".")[2]) if one.qualname == qualname]
            start = f"{folder}/" if folder else ""
            self._beside[key] = [
                self._row(one) for one in same if self.by_id[one.file].path.startswith(start)
            ]
        return self._beside[key]

    def binding(self, file: int, owner: str, name: str) -> str:
        return self._bindings[file].get((owner, name), "") if file in self._bindings else ""

    def file(self, path: str) -> FileRow | None:
        return self._files.get(path)

    def present(self, paths: Sequence[str]) -> dict[str, FileRow]:
        return {path: file for path in paths if (file := self._files.get(path))}

    def has_folder(self, path: str) -> bool:
        return path in self._below

    def has_part(self, name: str) -> bool:
        return name in self._words


def _uses(rows: Iterable[tuple[Any, ...]]) -> Iterator[Use]:
    """In the order of the text of each file."""
    for file, names in groupby(rows, itemgetter(0)):
        uses = [
            (int(nr), Use(file, name, kind, scope, qualifier, holder, int(line)))
            for _, name, packed in names
            for nr, kind, line, scope, qualifier, holder, _ in fields_of_uses(packed)
        ]
        uses.sort()
        yield from map(itemgetter(1), uses)


def _folders(paths: Sequence[str] | dict[str, FileRow | None]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        folder = posixpath.dirname(path)
        while folder and folder not in found:
            found.add(folder)
            folder = posixpath.dirname(folder)
    return found
