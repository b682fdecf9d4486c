"""How names of Python mean definitions: modules by paths, built-in names, properties, decorators."""

from __future__ import annotations

import builtins
import posixpath
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexer.store.catalog import FileRow, SymbolRow

from .facts import Facts
from .language import Language
from .values import UNKNOWN, Definition, Found, Items, Module, Object, outside, together

if TYPE_CHECKING:
    from .follow import Follower

_BUILTIN = frozenset(dir(builtins))
_ROOTS = ("", "src", "lib", "python", "source")  # folders above packages that no import names
_READ = frozenset(
    {"property", "cached_property", "abstractproperty", "classproperty", "setter", "getter", "deleter"}
)
_KEEPING = _READ | frozenset(
    """
    staticmethod classmethod abstractmethod override final overload cache lru_cache wraps
    abstractclassmethod contextmanager asynccontextmanager deprecated no_type_check
    fixture dataclass
    """.split()
)
_HARMLESS = frozenset(
    """
    object Generic Protocol ABC Enum IntEnum StrEnum Flag IntFlag NamedTuple TypedDict
    """.split()
)


class Python(Language):
    initializers = ("__new__", "__init__")

    def __init__(self, facts: Facts, follower: Follower) -> None:
        super().__init__(facts, follower)
        self._modules: dict[tuple[str, str], Found] = {}
        self._starts: dict[str, list[str]] = {}

    def module(self, name: str, importer: FileRow) -> Found:
        """All the files of a folder mean the same by a name."""
        key = name, posixpath.dirname(importer.path)
        if key not in self._modules:
            self._modules[key] = self._module(name, importer)
        return self._modules[key]

    def _module(self, name: str, importer: FileRow) -> Found:
        folder = posixpath.dirname(importer.path)
        if name.startswith("."):
            rest = name.lstrip(".")
            for _ in range(len(name) - len(rest) - 1):
                if not folder:
                    return UNKNOWN  # above the root
                folder = posixpath.dirname(folder)
            return (
                self._at(posixpath.join(folder, rest.replace(".", "/")) if rest else folder, importer.path)
                or UNKNOWN
            )
        path = name.replace(".", "/")
        for root in self._roots(folder):
            found = self._at(f"{root}/{path}" if root else path, importer.path)
            if found:
                return found
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or not self._is_ours(top, folder):
            return outside(name)
        return UNKNOWN  # a package of ours, and a module that is generated, compiled or left out

    def inner_module(self, module: Module, name: str) -> Found:
        if not module.folder and module.files:
            return UNKNOWN
        like = module.files[0].path if module.files else module.like
        return self._at(posixpath.join(module.folder, name), like) or UNKNOWN

    def bare(self, name: str, file: FileRow, scope: str) -> Found:
        return outside(name) if name in _BUILTIN else UNKNOWN

    def fixture(self, name: str, file: FileRow) -> Found:
        owner, _, last = name.rpartition(".")
        for row in self.facts.defined(file.id, owner) if owner else ():
            found = self.follower.member(Object(row), last)
            if found.values:
                return self._given(found)
        found = self.follower.bare(last, file)
        if any(self._is_fixture(row) for row in found.rows):
            return self._given(found)
        folder = posixpath.dirname(file.path)
        folders = [folder]
        while folder:
            folder = posixpath.dirname(folder)
            folders.append(folder)
        present = self.facts.present([posixpath.join(f, "conftest.py") for f in folders])
        for conftest in present.values():  # the nearest first
            found = self.follower.bare(last, conftest)
            if any(self._is_fixture(row) for row in found.rows):
                return self._given(found)
        return UNKNOWN

    def _given(self, fixture: Found) -> Found:
        """What a fixture returns or yields."""
        parts = [self.follower.call(value) for value in fixture.values if isinstance(value, Definition)]
        given = together(parts)
        unwrapped = tuple(value.of if isinstance(value, Items) else value for value in given.values)
        return Found(unwrapped, given.certain and fixture.certain)

    def _is_fixture(self, row: SymbolRow) -> bool:
        return any("fixture" in decorator for decorator in self.follower.decorators(row))

    def member(self, row: SymbolRow, name: str) -> Found | None:
        return Found((Definition(row),), True) if name == "__class__" else None

    def answers_all(self, line: Sequence[SymbolRow]) -> bool:
        return any(self.facts.defined(row.file, f"{row.qualname}.__getattr__") for row in line)

    def is_abstract(self, row: SymbolRow) -> bool:
        if row.kind != "class":
            decorators = self.follower.decorators(row)
            return any(decorator.rpartition(".")[2].startswith("abstract") for decorator in decorators)
        bases = self.facts.binding(row.file, row.qualname, "^").split(",")
        return any(base.rpartition(".")[2] in ("ABC", "Protocol") for base in bases)

    def is_harmless(self, base: str) -> bool:
        return base in _HARMLESS

    def is_read(self, decorators: list[str]) -> bool:
        return any(decorator.rpartition(".")[2] in _READ for decorator in decorators)

    def is_declaration(self, decorators: list[str]) -> bool:
        return any(decorator.rpartition(".")[2] == "overload" for decorator in decorators)

    def keeps_result(self, decorators: list[str]) -> bool:
        return all(decorator.removesuffix("()").rpartition(".")[2] in _KEEPING for decorator in decorators)

    def _roots(self, folder: str) -> list[str]:
        """Where imports of a file in `folder` may start, nearest first: never inside a package."""
        if folder not in self._starts:
            self._starts[folder] = self._starting(folder)
        return self._starts[folder]

    def _starting(self, folder: str) -> list[str]:
        folders = [folder]
        while folder:
            folder = posixpath.dirname(folder)
            folders.append(folder)
        inits = self.facts.present([posixpath.join(f, "__init__.py") for f in folders])
        plain = [f for f in folders if posixpath.join(f, "__init__.py") not in inits]
        return [posixpath.join(f, root) if root else f for f in plain for root in _ROOTS]

    def _at(self, bare: str, like: str) -> Found | None:
        """The module at a path without suffix: a package, a file, or a folder with modules in it."""
        if bare:
            package, stub = f"{bare}/__init__.py", f"{bare}/__init__.pyi"
            names = [package, f"{bare}.py", stub, f"{bare}.pyi"]
        else:
            package = stub = "__init__.py"
            names = [package]
        present = self.facts.present(names)
        for name in names:
            if name in present:
                return Found((Module((present[name],), bare if name in (package, stub) else ""),), True)
        if bare and self.facts.has_folder(bare):
            return Found((Module((), bare, like),), True)
        return None

    def _is_ours(self, top: str, folder: str) -> bool:
        """Whether some folder or file of the repository has the name of a top-level module."""
        return self.facts.has_part(top)
