"""How names of Rust mean definitions: crates by Cargo.toml, modules by files, impls anywhere in a crate."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property

from indexer.store.catalog import FileRow, ReferenceRow, SymbolRow

from .declared import Declared
from .values import CLASSES, UNKNOWN, Definition, Found, Items, Method, Module, Object, Value, outside

_PACKAGE = re.compile(r"^\[package\][^\[]*?^name\s*=\s*\"([^\"]+)\"", re.MULTILINE | re.DOTALL)
_LIBRARY = re.compile(r"^\[lib\][^\[]*?^name\s*=\s*\"([^\"]+)\"", re.MULTILINE | re.DOTALL)
_ROOTS = ("lib.rs", "main.rs")
_PRELUDE = frozenset(
    """
    Some Ok Err None Box Vec String Option Result Default Drop Clone Copy Iterator IntoIterator From
    Into AsRef ToString ToOwned PartialEq Eq PartialOrd Ord Fn FnMut FnOnce drop u8 u16 u32 u64 u128
    usize i8 i16 i32 i64 i128 isize f32 f64 bool char str println print eprintln eprint format panic
    assert assert_eq assert_ne debug_assert debug_assert_eq vec matches write writeln unreachable
    unimplemented todo dbg env concat stringify include_str include_bytes cfg thread_local std core
    alloc
    """.split()
)
# Methods that every value may have of the standard library, and that give the value again.
_PASSING = frozenset(
    """
    unwrap expect clone as_ref as_mut borrow borrow_mut to_owned cloned copied unwrap_or
    unwrap_or_default unwrap_or_else by_ref into deref deref_mut
    """.split()
)


class Rust(Declared):
    def module(self, name: str, importer: FileRow) -> Found:
        parts = name.split(".")
        crate = self._crate(importer.path)
        if parts[0] == "crate":
            return self._walk(self._root(crate), parts[1:])
        if parts[0] in ("self", "super"):
            place = self._place(importer.path)
            while parts and parts[0] in ("self", "super"):
                place = posixpath.dirname(place) if parts.pop(0) == "super" else place
            return self._walk(self._at(place), parts)
        for start in (self._inside(importer), self._root(crate)):  # a module of ours, by its own name
            found = self._child(start, parts[0]) if start else UNKNOWN
            if found.values:
                return self._steps(found, parts[1:])
        named = self._crates.get(parts[0])
        return self._walk(self._root(named), parts[1:]) if named is not None else outside(name)

    def bare(self, name: str, file: FileRow, scope: str) -> Found:
        if name == "self":
            return self._walk(self._inside(file), [])
        found = self._child(self._inside(file), name)
        if found.values:
            return found
        if name in self._crates:
            return self._walk(self._root(self._crates[name]), [])
        return outside(name) if name in _PRELUDE else UNKNOWN

    def inner_module(self, module: Module, name: str) -> Found:
        return self._child(module, name)

    def members(self, row: SymbolRow, name: str) -> list[SymbolRow]:
        """Impls stand beside their type first of all, or anywhere in its crate."""
        own = self.facts.defined(row.file, f"{row.qualname}.{name}")
        if own:
            return own
        others = self.facts.below(self._crate(row.path), f"{row.qualname}.{name}")
        return [other for other in others if not self.facts.defined(other.file, row.qualname)]

    def heirs(self, use: ReferenceRow) -> list[SymbolRow]:
        """The type of an impl, which may stand in another file of the crate."""
        own = self.facts.defined(use.file, use.scope) or self.facts.below(self._crate(use.path), use.scope)
        return [row for row in own if row.kind in CLASSES] if len(own) == 1 else []

    def member(self, row: SymbolRow, name: str) -> Found | None:
        return Found((Method(Items(Object(row)), "get"),), True) if name in _PASSING else None

    def stands_alone(self, value: Value) -> bool:
        return not (isinstance(value, Definition) and value.row.kind == "method")

    def is_one(self, rows: list[SymbolRow]) -> bool:
        return len(rows) < 2  # one for each configuration, or one for each trait

    def _walk(self, start: Module | None, parts: list[str]) -> Found:
        return self._steps(Found((start,), True), parts) if start else UNKNOWN

    def _steps(self, found: Found, parts: list[str]) -> Found:
        for part in parts:
            found = self.follower.member(found.values[0], part) if len(found.values) == 1 else UNKNOWN
        return found

    def _child(self, module: Module | None, name: str) -> Found:
        """A module right inside another one that lies in a file."""
        child = self._at(posixpath.join(module.folder, name)) if module else None
        return Found((child,), True) if child else UNKNOWN

    def _inside(self, file: FileRow) -> Module | None:
        return self._at(self._place(file.path))

    def _place(self, path: str) -> str:
        """Where the modules inside a file lie: `src/a.rs` -> `src/a`, `src/lib.rs` -> `src`."""
        folder, name = posixpath.split(path)
        if name in ("mod.rs", *_ROOTS) or posixpath.basename(folder) in (
            "tests",
            "benches",
            "examples",
            "bin",
        ):
            return folder
        return path.removesuffix(".rs")

    def _at(self, place: str) -> Module | None:
        """The module whose inner ones lie at a place."""
        names = [f"{place}.rs", *(posixpath.join(place, name) for name in ("mod.rs", *_ROOTS))]
        present = self.facts.present(names)
        file = next((present[name] for name in names if name in present), None)
        return Module((file,), place) if file else None

    def _root(self, crate: str) -> Module | None:
        """The file a crate begins with."""
        return self._at(posixpath.join(crate, "src")) or self._at(crate)

    def _crate(self, path: str) -> str:
        """The folder with the Cargo.toml around a file."""
        folder = posixpath.dirname(path)
        while folder and folder not in self._manifests:
            folder = posixpath.dirname(folder)
        return folder

    @cached_property
    def _manifests(self) -> dict[str, str]:
        return {
            posixpath.dirname(file.path): self.facts.text(file.path)
            for file in self.facts.named_files("Cargo.toml")
        }

    @cached_property
    def _crates(self) -> dict[str, str]:
        """The folders of the repository's crates by the names that code calls them."""
        found = {}
        for folder, text in self._manifests.items():
            name = _LIBRARY.search(text) or _PACKAGE.search(text)
            if name:
                found[name[1].replace("-", "_")] = folder
        return found
