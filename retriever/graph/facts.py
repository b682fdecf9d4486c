"""What the catalog says about one repository, kept as it is read: the ground that edges stand on."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from functools import cached_property

from indexer.store.catalog import Catalog, FileRow, ReferenceRow, RepoRow, SymbolRow
from indexer.store.lines import Bindings

_MOST = 200_000  # rows that are kept; about 100 MB


class Facts:
    """Reads of one generation of one repository; each is asked of the catalog once."""

    def __init__(self, catalog: Catalog, repo: RepoRow) -> None:
        self.catalog = catalog
        self.repo = repo
        self._references: dict[int, list[ReferenceRow]] = {}
        self._symbols: dict[int, list[SymbolRow]] = {}
        self._named: dict[str, list[SymbolRow]] = {}
        self._files: dict[str, FileRow | None] = {}
        self._defined: dict[tuple[int, str], list[SymbolRow]] = {}
        self._beside: dict[tuple[str, str], list[SymbolRow]] = {}
        self._texts: dict[str, str] = {}
        self._folders: dict[str, bool] = {}
        self._parts: dict[str, bool] = {}
        self._read = 0
        self._bindings: dict[int, Bindings] = {}

    @property
    def is_full(self) -> bool:
        """Whether so much was read that it is time to begin anew."""
        return len(self._defined) + self._read > _MOST

    def references(self, file: int) -> list[ReferenceRow]:
        if file not in self._references:
            self._references[file] = self.catalog.references_in(file)
            self._read += len(self._references[file])
        return self._references[file]

    def references_on(self, row: SymbolRow) -> list[ReferenceRow]:
        """The references on the lines of a definition."""
        return [use for use in self.references(row.file) if row.start <= use.line <= row.end]

    def symbols(self, file: int) -> list[SymbolRow]:
        if file not in self._symbols:
            self._symbols[file] = self.catalog.symbols_in([file])
            self._read += len(self._symbols[file])
        return self._symbols[file]

    def named(self, name: str) -> list[SymbolRow]:
        """Definitions of a name, case ignored."""
        if name not in self._named:
            self._named[name] = self.catalog.symbols_named(self.repo, [name])
            self._read += len(self._named[name])
        return self._named[name]

    def defined(self, file: int, qualname: str) -> list[SymbolRow]:
        key = file, qualname
        if key not in self._defined:
            self._defined[key] = self.catalog.defined(file, qualname)
        return self._defined[key]

    def beside(self, folder: str, qualname: str) -> list[SymbolRow]:
        """Definitions of a qualified name in the files of a folder."""
        key = folder, qualname
        if key not in self._beside:
            self._beside[key] = self.catalog.defined_beside(self.repo, folder, qualname)
        return self._beside[key]

    def below(self, folder: str, qualname: str) -> list[SymbolRow]:
        """Definitions of a qualified name in the files of a folder and of those in it."""
        key = f"{folder}/**", qualname
        if key not in self._beside:
            self._beside[key] = self.catalog.defined_beside(self.repo, folder, qualname, deep=True)
        return self._beside[key]

    def in_folder(self, folder: str) -> list[FileRow]:
        """The files that lie right in a folder."""
        return self._by_folder.get(folder, [])

    def folders_of(self, language: str) -> list[str]:
        """The folders that files of a language lie right in."""
        return [
            folder
            for folder, files in self._by_folder.items()
            if any(file.language == language for file in files)
        ]

    def text(self, path: str) -> str:
        """The text of a file of settings; "" where there is none."""
        if path not in self._texts:
            file = self.file(path)
            self._texts[path] = self.catalog.text_of(file.id) if file else ""
        return self._texts[path]

    def binding(self, file: int, owner: str, name: str) -> str:
        """What a name of a file stands for; "" when that is not known."""
        if file not in self._bindings:
            self._bindings[file] = self.catalog.bindings(file)
            self._read += len(self._bindings[file])
        return self._bindings[file].get((owner, name), "")

    def file(self, path: str) -> FileRow | None:
        if path not in self._files:
            self._files[path] = self.catalog.file(self.repo, path)
        return self._files[path]

    def present(self, paths: Sequence[str]) -> dict[str, FileRow]:
        """Those of these files that are indexed, by path."""
        unknown = [path for path in paths if path not in self._files]
        if unknown:
            found = self.catalog.present(self.repo, unknown)
            self._files.update((path, found.get(path)) for path in unknown)
        return {path: file for path in paths if (file := self._files[path])}

    def has_folder(self, path: str) -> bool:
        """Whether files lie somewhere below this folder."""
        if path not in self._folders:
            self._folders[path] = self.catalog.has_folder(self.repo, path)
        return self._folders[path]

    def has_part(self, name: str) -> bool:
        """Whether a folder or a file (less its suffix) of the repository has this name."""
        if name not in self._parts:
            self._parts[name] = self.catalog.has_part(self.repo, name)
        return self._parts[name]

    def named_files(self, *names: str) -> list[FileRow]:
        """The files of these names, wherever they lie."""
        return [file for name in names for file in self._by_name.get(name, ())]

    @cached_property
    def _all(self) -> list[FileRow]:
        return self.catalog.files(self.repo)

    @cached_property
    def _by_folder(self) -> dict[str, list[FileRow]]:
        found: dict[str, list[FileRow]] = {}
        for file in self._all:
            found.setdefault(posixpath.dirname(file.path), []).append(file)
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[FileRow]]:
        found: dict[str, list[FileRow]] = {}
        for file in self._all:
            found.setdefault(posixpath.basename(file.path), []).append(file)
        return found
