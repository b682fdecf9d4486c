"""Say which types of Go satisfy which interfaces: all the methods, with the same parameters and results.

Methods that come from an embedded type are not counted: such a type is found by the type it embeds.
"""

from __future__ import annotations

import posixpath
import re

from indexer.declared import parts_of
from indexer.store.catalog import SymbolRow

from .facts import Facts
from .values import CLASSES

_MOST = 200  # types that are tried; a method that more have says nothing


class Interfaces:
    """Looks for the methods of interfaces and types; both are kept by Facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def implementers(self, interface: SymbolRow) -> list[tuple[SymbolRow, bool]]:
        """Types with all the methods of an interface, and whether their signatures are the same."""
        wanted = self._methods(interface)
        if not wanted:
            return []
        rarest = min((self._facts.named(name) for name in wanted), key=len)
        found = {}
        for method in rarest[:_MOST]:
            owner = method.qualname.rpartition(".")[0]
            for row in self._facts.beside(posixpath.dirname(method.path), owner) if owner else ():
                if row.kind in CLASSES and row.kind != "interface" and row.id not in found:
                    fits = self._fits(row, wanted)
                    if fits is not None:
                        found[row.id] = (row, fits)
        return list(found.values())

    def implemented(self, row: SymbolRow) -> list[tuple[SymbolRow, bool]]:
        """The interfaces whose methods a type has."""
        found = {}
        for name in {
            method.name for method in self._facts.symbols(row.file) if _owner(method) == row.qualname
        }:
            for method in self._facts.named(name)[:_MOST]:
                for interface in self._facts.defined(method.file, _owner(method)):
                    if interface.kind == "interface" and interface.id not in found:
                        fits = self._fits(row, self._methods(interface))
                        if fits is not None:
                            found[interface.id] = (interface, fits)
        return list(found.values())

    def _methods(self, interface: SymbolRow) -> dict[str, str]:
        """The methods of an interface by name; none where it embeds others."""
        if self._facts.binding(interface.file, interface.qualname, "^"):
            return {}
        rows = self._facts.symbols(interface.file)
        return {row.name: _shape(row) for row in rows if _owner(row) == interface.qualname}

    def _fits(self, row: SymbolRow, wanted: dict[str, str]) -> bool | None:
        folder = posixpath.dirname(row.path)
        same = bool(wanted)
        for name, shape in wanted.items():
            methods = self._facts.beside(folder, f"{row.qualname}.{name}")
            if not methods:
                return None
            same = same and any(_shape(method) == shape for method in methods)
        return same if wanted else None


def _owner(row: SymbolRow) -> str:
    return row.qualname.rpartition(".")[0]


def _shape(row: SymbolRow) -> str:
    """The types of a method's parameters and results, without names and packages."""
    start = row.signature.rfind(f"{row.name}(")
    lists = _LISTS.findall(row.signature[start + len(row.name) :]) if start >= 0 else []
    rest = row.signature[start + len(row.name) + sum(map(len, lists[:1])) :] if start >= 0 else ""
    results = lists[1] if len(lists) > 1 else f"({rest.strip()})"
    return "".join(_types(text) for text in (lists[0] if lists else "()", results))


def _types(text: str) -> str:
    parts = parts_of(text[1:-1], ",") if text[1:-1].strip() else []
    named = any(_NAMED.match(part) for part in parts)
    types: list[str] = []
    for part in reversed(parts):
        if named and not _NAMED.match(part):  # `a, b int`
            types.append(types[-1] if types else part)
        else:
            types.append(_PACKAGE.sub("", part.split(" ", 1)[1].strip() if named else part))
    return f"({','.join(reversed(types))})"


_LISTS = re.compile(r"\((?:[^()]|\([^()]*\))*\)")
_NAMED = re.compile(r"(?!chan\b|func\b|map\b|struct\b|interface\b)\w+ ")
_PACKAGE = re.compile(r"\b\w+\.(?=\w)")
