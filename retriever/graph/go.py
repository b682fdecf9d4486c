"""How names of Go mean definitions: packages are folders, and a module's path stands in its go.mod."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property

from indexer.store.catalog import FileRow, SymbolRow

from .declared import Declared
from .interfaces import Interfaces
from .values import UNKNOWN, Definition, Found, Module, outside

_BUILTIN = frozenset(
    """
    append cap clear close complex copy delete imag len make max min new panic print println real
    recover string bool byte rune error any comparable int int8 int16 int32 int64 uint uint8 uint16
    uint32 uint64 uintptr float32 float64 complex64 complex128 nil true false iota
    """.split()
)
_MODULE = re.compile(r"^module\s+\"?([^\s\"]+)", re.MULTILINE)


class Go(Declared):
    def module(self, name: str, importer: FileRow) -> Found:
        modules = self._modules()
        for path, folder in modules:
            if name == path or name.startswith(path + "/"):
                return self._package(posixpath.join(folder, name[len(path) + 1 :]).rstrip("/"))
        if modules:
            return outside(name)
        parts = name.split("/")  # no go.mod: the folder that the path ends with
        ends = ("/".join(parts[start:]) for start in range(len(parts)))
        return next((found for end in ends if (found := self._package(end)).values), outside(name))

    def bare(self, name: str, file: FileRow, scope: str) -> Found:
        found = self._in(posixpath.dirname(file.path), name, file.path.endswith("_test.go"))
        if found.values:
            return found
        return self._imported(name, file) or (outside(name) if name in _BUILTIN else UNKNOWN)

    def _imported(self, name: str, file: FileRow) -> Found | None:
        """A package of ours that calls itself otherwise than the last part of its path."""
        for use in self.facts.references(file.id):
            if use.kind == "import" and "/" in use.qualifier and use.name != "_":
                found = self.module(use.qualifier, file)
                for module in found.values:
                    if isinstance(module, Module) and self._calls_itself(module) == name:
                        return found
        return None

    def _calls_itself(self, module: Module) -> str:
        own = [file for file in module.files if not file.path.endswith("_test.go")]
        return self.facts.binding(own[0].id, "", "package") if own else ""

    def top(self, module: Module, name: str) -> Found:
        return self._in(module.folder, name, tests=False)

    def members(self, row: SymbolRow, name: str) -> list[SymbolRow]:
        return self.facts.beside(posixpath.dirname(row.path), f"{row.qualname}.{name}")

    def satisfying(self, row: SymbolRow) -> list[tuple[SymbolRow, bool]]:
        return self._interfaces.implementers(row) if row.kind == "interface" else []

    def satisfied_by(self, row: SymbolRow) -> list[tuple[SymbolRow, bool]]:
        return self._interfaces.implemented(row) if row.kind in ("struct", "type") else []

    def _in(self, folder: str, name: str, tests: bool) -> Found:
        """What the files of a package define under a name; its tests only for its tests."""
        rows = [
            row for row in self.facts.beside(folder, name)
            if row.path.endswith(".go") and (tests or not row.path.endswith("_test.go"))
        ]  # fmt: skip
        one = len(rows) == 1  # else one for each platform that is built for
        return Found(tuple(map(Definition, rows)), one, closed=bool(rows))

    def _package(self, folder: str) -> Found:
        files = [file for file in self.facts.in_folder(folder) if file.language == "go"]
        return Found((Module(tuple(files), folder),), True) if files else UNKNOWN

    @cached_property
    def _interfaces(self) -> Interfaces:
        return Interfaces(self.facts)

    def _modules(self) -> list[tuple[str, str]]:
        """Module paths and their folders, the longest path first."""
        if self._read is None:
            found = []
            for file in self.facts.named_files("go.mod"):
                match = _MODULE.search(self.facts.text(file.path))
                if match:
                    found.append((match[1], posixpath.dirname(file.path)))
            self._read = sorted(found, key=lambda entry: -len(entry[0]))
        return self._read

    _read: list[tuple[str, str]] | None = None
