"""A change over the facts of the index: the repository as it will be, for whoever follows names in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from indexer.origins import sought
from indexer.store.catalog import Catalog, FileRow, ReferenceRow, RepoRow, SymbolRow
from indexer.types import ParsedFile

from ..graph.facts import Facts
from .change import Change


class After(Facts):
    """Facts in which changed files say what they say after the change, whether the index holds it or not.

    Rows of changed files have ids below zero, so that none is taken for one of the catalog.
    """

    def __init__(
        self, catalog: Catalog, repo: RepoRow, files: Sequence[ParsedFile], gone: Iterable[str] = ()
    ) -> None:
        """`gone` are the paths that the change deletes or moves away from."""
        super().__init__(catalog, repo)
        self._own: dict[int, ParsedFile] = {}
        self._own_defined: dict[tuple[int, str], list[SymbolRow]] = {}
        self._own_named: dict[str, list[SymbolRow]] = {}
        self._files.update(dict.fromkeys(gone))
        for number, parsed in enumerate(files, start=1):
            file = parsed.file
            self._own[-number] = parsed
            row = FileRow(-number, file.path, file.language, file.kind, len(file.lines), file.size)
            self._files[file.path] = row
            self._texts[file.path] = file.text
            self._symbols[-number] = self._rows(-number, parsed)
            self._bindings[-number] = {(b.owner, b.name): b.origin for b in parsed.bindings}
        self._replaced = frozenset(self._files)

    @classmethod
    def of(cls, change: Change, catalog: Catalog) -> After:
        """Raises NotFound when the repository of the change is not indexed."""
        parsed = [file.parsed for file in change.files if file.parsed is not None]
        return cls(catalog, catalog.repo(change.repo), parsed, paths_gone(change))

    def _rows(self, number: int, parsed: ParsedFile) -> list[SymbolRow]:
        rows = []
        for place, s in enumerate(parsed.symbols):
            id_ = number * 1_000_000 - place  # more than one file defines
            span = s.span.start, s.span.end, s.doc_start
            row = SymbolRow(
                id_, number, parsed.file.path, s.name, s.qualname, s.kind, *span, s.signature, s.doc
            )
            self._own_defined.setdefault((number, s.qualname), []).append(row)
            self._own_named.setdefault(s.name.lower(), []).append(row)
            rows.append(row)
        return rows

    def references(self, file: int) -> list[ReferenceRow]:
        if file < 0 and file not in self._references:
            self._references[file] = references_of(self._own[file], file)
        return super().references(file)

    def named(self, name: str) -> list[SymbolRow]:
        return self._kept(super().named(name)) + self._own_named.get(name.lower(), [])

    def defined(self, file: int, qualname: str) -> list[SymbolRow]:
        return self._own_defined.get((file, qualname), []) if file < 0 else super().defined(file, qualname)

    def beside(self, folder: str, qualname: str) -> list[SymbolRow]:
        own = [row for row in self._of(qualname) if row.path.rpartition("/")[0] == folder]
        return self._kept(super().beside(folder, qualname)) + own

    def below(self, folder: str, qualname: str) -> list[SymbolRow]:
        own = [row for row in self._of(qualname) if not folder or row.path.startswith(f"{folder}/")]
        return self._kept(super().below(folder, qualname)) + own

    def text(self, path: str) -> str:
        if path in self._replaced and path not in self._texts:
            return ""
        return super().text(path)

    def has_folder(self, path: str) -> bool:
        return any(
            file.file.path.startswith(f"{path}/") for file in self._own.values()
        ) or super().has_folder(path)

    def has_part(self, name: str) -> bool:
        parts = {part.partition(".")[0] for file in self._own.values() for part in file.file.path.split("/")}
        return name in parts or super().has_part(name)

    def _kept(self, rows: list[SymbolRow]) -> list[SymbolRow]:
        return [row for row in rows if row.path not in self._replaced]

    def _of(self, qualname: str) -> list[SymbolRow]:
        rows = self._own_named.get(qualname.rpartition(".")[2].lower(), [])
        return [row for row in rows if row.qualname == qualname]

    @cached_property
    def _all(self) -> list[FileRow]:
        kept = [file for file in self.catalog.files(self.repo) if file.path not in self._replaced]
        return kept + [row for path in self._replaced if (row := self._files[path])]


def paths_gone(change: Change) -> list[str]:
    """The paths at which no file is any more."""
    there = {file.path for file in change.files if file.after is not None}
    paths = [path for file in change.files for path in (file.path, file.old_path)]
    return [path for path in dict.fromkeys(paths) if path not in there]


def references_of(parsed: ParsedFile, file: int) -> list[ReferenceRow]:
    """The references of a file as the catalog would give them."""
    return [
        ReferenceRow(file, parsed.file.path, name, r.kind, r.line, r.scope, r.qualifier, holder, r.arguments)
        for r in parsed.references
        for name, holder in sought(r.name, r.target)
    ]
