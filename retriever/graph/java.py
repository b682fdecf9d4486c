"""How names of Java mean definitions: packages are folders under several roots, methods have overloads."""

from __future__ import annotations

import posixpath
from functools import cached_property

from indexer.declared import parts_of
from indexer.store.catalog import FileRow, ReferenceRow, SymbolRow

from .declared import Declared
from .values import CLASSES, FUNCTIONS, UNKNOWN, Definition, Found, Module, Object, Outside, outside

# What every object has, or every one of an enum or a record.
_OF_ALL = frozenset(
    """
    equals hashCode toString getClass clone finalize notify notifyAll wait values valueOf name
    ordinal compareTo getDeclaringClass
    """.split()
)


class Java(Declared):
    overloads = True

    def module(self, name: str, importer: FileRow) -> Found:
        folders = self._folders.get(name.replace(".", "/"))
        if folders:
            files = [
                file for folder in folders for file in self.facts.in_folder(folder) if file.language == "java"
            ]
            return Found((Module(tuple(files), folders[0]),), True)
        package, _, cls = name.rpartition(".")
        if package and cls[:1].isupper():  # `import static a.Cls.member`
            return self.follower.origin(f"<{package}>.{cls}", importer)
        return outside(name)

    def top(self, module: Module, name: str) -> Found:
        """What the folders of a package define; a test's package lies in two of them."""
        rows = [row for folder in self._roots_of(module) for row in self._beside(folder, name)]
        return Found(tuple(map(Definition, rows)), bool(rows))

    def bare(self, name: str, file: FileRow, scope: str) -> Found:
        inherited = self._of_classes_around(name, file, scope)
        if inherited.values:
            return inherited
        package = self.facts.binding(file.id, "", "package").replace(".", "/")
        folders = self._folders.get(package) or [posixpath.dirname(file.path)]
        rows = [row for folder in folders for row in self._beside(folder, name)]
        if rows:
            return Found(tuple(map(Definition, rows)), True)
        # A type that neither the package nor an import of ours gives stands in java.lang or a library.
        return outside(name) if name[:1].isupper() else UNKNOWN

    def member(self, row: SymbolRow, name: str) -> Found | None:
        return outside(name) if name in _OF_ALL else None

    def nearest(self, found: Found, use: ReferenceRow) -> Found:
        """Of several overloads those that take as many arguments as the call hands over."""
        if use.arguments < 0 or not found.certain or len(found.rows) < len(found.values):
            return found
        classes = [row for row in found.rows if row.kind in CLASSES]
        if classes:
            makers = [row for cls in classes for row in self._fitting(self.members(cls, cls.name), use)]
            return Found((*found.values, *map(Definition, makers)), True) if len(makers) == 1 else found
        fitting = self._overloads(found.rows, use)
        return Found(tuple(map(Definition, fitting)), len(fitting) == 1, closed=True)

    def is_one(self, rows: list[SymbolRow]) -> bool:
        return True

    def _overloads(self, rows: list[SymbolRow], use: ReferenceRow) -> list[SymbolRow]:
        """What a call can mean of a class's overloads and those that its bases add to them."""
        fitting = self._fitting(rows, use)
        known = {tuple(_parameters(row) or ()) for row in fitting}
        for cls in self.facts.defined(rows[0].file, rows[0].qualname.rpartition(".")[0]):
            for base in self.follower.lineage.line(cls)[0][1:]:
                for row in self._fitting(self.members(base, rows[0].name), use):
                    types = tuple(_parameters(row) or ())
                    if types not in known:  # else it is the one that is overridden
                        known.add(types)
                        fitting.append(row)
        return fitting or rows

    def _fitting(self, rows: list[SymbolRow], use: ReferenceRow) -> list[SymbolRow]:
        return [row for row in rows if row.kind in FUNCTIONS and _takes(row, use.arguments)]

    def _of_classes_around(self, name: str, file: FileRow, scope: str) -> Found:
        """A member of a class that encloses the place, or of one of its bases."""
        while scope:
            for cls in self.facts.defined(file.id, scope):
                if cls.kind in CLASSES:
                    found = self.follower.member(Object(cls), name)
                    if found.values and not isinstance(found.values[0], Outside):
                        return found
            scope = scope.rpartition(".")[0]
        return UNKNOWN

    def _beside(self, folder: str, name: str) -> list[SymbolRow]:
        return [row for row in self.facts.beside(folder, name) if row.path.endswith(".java")]

    def _roots_of(self, module: Module) -> list[str]:
        return list(dict.fromkeys(posixpath.dirname(file.path) for file in module.files))

    @cached_property
    def _folders(self) -> dict[str, list[str]]:
        """The folders of every package, by each end of their paths."""
        found: dict[str, list[str]] = {}
        for folder in self.facts.folders_of("java"):
            parts = folder.split("/")
            for start in range(len(parts)):
                found.setdefault("/".join(parts[start:]), []).append(folder)
        return found


def _takes(row: SymbolRow, arguments: int) -> bool:
    """Whether a method can be called with so many arguments."""
    types = _parameters(row)
    if types is None:
        return True
    if types and types[-1].endswith("..."):
        return arguments >= len(types) - 1
    return arguments == len(types)


def _parameters(row: SymbolRow) -> list[str] | None:
    """The types of a method's parameters by its signature; None where that is cut off."""
    start = row.signature.find(f"{row.name}(")
    if start < 0:
        return None
    depth = 0
    inside = row.signature[start + len(row.name) :]
    for at, letter in enumerate(inside):
        depth += (letter == "(") - (letter == ")")
        if not depth:
            parameters = parts_of(inside[1:at], ",") if inside[1:at].strip() else []
            return [_type_of(parameter) for parameter in parameters]
    return None


def _type_of(parameter: str) -> str:
    """`final @Nullable List<Foo> foos` -> `List<Foo>`, `String... names` -> `String...`."""
    words = [
        word for word in parts_of(parameter, " ") if word and word != "final" and not word.startswith("@")
    ]
    return " ".join(words[:-1]) if len(words) > 1 else parameter
