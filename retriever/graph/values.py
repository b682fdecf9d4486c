"""What an expression can stand for while an edge is followed."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.store.catalog import FileRow, SymbolRow

CLASSES = frozenset({"class", "interface", "struct", "enum", "trait", "type"})
FUNCTIONS = frozenset({"function", "method", "macro"})


@dataclass(frozen=True, slots=True)
class Module:
    """What an import names: the files of a module or package; `folder` is where its submodules lie.

    A folder without a file of its own is a module to files like the one at `like`.
    """

    files: tuple[FileRow, ...]
    folder: str
    like: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition itself; `receiver` is what it was reached through, an object or a class."""

    row: SymbolRow
    receiver: Object | Definition | None = None


@dataclass(frozen=True, slots=True)
class Object:
    """An object of a class."""

    row: SymbolRow


@dataclass(frozen=True, slots=True)
class Next:
    """What follows a class among its bases."""

    row: SymbolRow


@dataclass(frozen=True, slots=True)
class Items:
    """A container of values, or a mapping to them."""

    of: Value
    mapping: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """A method of a container."""

    container: Items
    name: str


@dataclass(frozen=True, slots=True)
class Outside:
    """Something that no file of the repository defines."""

    name: str


Value = Module | Definition | Object | Next | Items | Method | Outside


@dataclass(frozen=True, slots=True)
class Found:
    """What something stands for. `certain`: it can be nothing else; `closed`: it is one of these."""

    values: tuple[Value, ...] = ()
    certain: bool = False
    closed: bool = False

    @property
    def rows(self) -> list[SymbolRow]:
        return [value.row for value in self.values if isinstance(value, Definition)]


UNKNOWN = Found()


def outside(name: str) -> Found:
    return Found((Outside(name),), True)


def together(parts: list[Found]) -> Found:
    """What may be one or the other."""
    if len(parts) == 1:
        return parts[0]
    values = tuple(dict.fromkeys(value for part in parts for value in part.values))
    return Found(values, bool(parts) and all(part.certain for part in parts))
