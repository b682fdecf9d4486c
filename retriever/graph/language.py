"""What following an edge needs to know of a language. The defaults say nothing for certain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from indexer.store.catalog import FileRow, ReferenceRow, SymbolRow

from .facts import Facts
from .values import CLASSES, UNKNOWN, Found, Module

if TYPE_CHECKING:
    from .follow import Follower


class Language:
    """One for each family of languages, made for one Graph."""

    initializers: tuple[str, ...] = ()  # the methods that run when an object is made
    gives_self = True  # whether a method that gives an object of its class gives the one it is called on
    overloads = False  # whether one name of one type can be several methods
    constructs = True  # whether calling a class makes an object of it

    def __init__(self, facts: Facts, follower: Follower) -> None:
        self.facts = facts
        self.follower = follower

    def module(self, name: str, importer: FileRow) -> Found:
        """What an import of `name`, as it is written in `importer`, means."""
        return UNKNOWN

    def inner_module(self, module: Module, name: str) -> Found:
        """A member of a module that none of its files defines: a submodule."""
        return UNKNOWN

    def bare(self, name: str, file: FileRow, scope: str) -> Found:
        """A name without a qualifier that the file neither defines nor binds."""
        return UNKNOWN

    def members(self, row: SymbolRow, name: str) -> list[SymbolRow]:
        """What a type itself defines under a name, in whatever file of its package that stands."""
        return self.facts.defined(row.file, f"{row.qualname}.{name}")

    def top(self, module: Module, name: str) -> Found | None:
        """What a module holds under a name; None where its files are looked through one by one."""
        return None

    def heirs(self, use: ReferenceRow) -> list[SymbolRow]:
        """The types that say with a use that they inherit from something."""
        rows = self.facts.defined(use.file, use.scope)
        return [row for row in rows if row.kind in CLASSES and row.start <= use.line <= row.end]

    def satisfying(self, row: SymbolRow) -> list[tuple[SymbolRow, bool]]:
        """Types that implement an interface without a word of it, and whether that is proven."""
        return []

    def satisfied_by(self, row: SymbolRow) -> list[tuple[SymbolRow, bool]]:
        """The interfaces that a type implements without a word of it, and whether that is proven."""
        return []

    def made(self, row: SymbolRow) -> Found:
        """What a function gives that says nothing of it."""
        return UNKNOWN

    def call_module(self, module: Module) -> Found:
        """What calling a module gives, where that can be done."""
        return UNKNOWN

    def is_one(self, rows: list[SymbolRow]) -> bool:
        """Whether definitions of one qualified name are one thing, or alternatives to each other."""
        return True

    def nearest(self, found: Found, use: ReferenceRow) -> Found:
        """Of several definitions of one name, those that are seen where it is used."""
        return found

    def fixture(self, name: str, file: FileRow) -> Found:
        """What a test of this file is handed under a name, qualified by the test's class."""
        return UNKNOWN

    def member(self, row: SymbolRow, name: str) -> Found | None:
        """What every object of a class has though nobody defines it; None when there is no such thing."""
        return None

    def answers_all(self, line: Sequence[SymbolRow]) -> bool:
        """Whether objects of a class with these classes above it answer to names that nobody defines."""
        return False

    def is_abstract(self, row: SymbolRow) -> bool:
        """Whether a class or method only says what its heirs do."""
        return False

    def is_harmless(self, base: str) -> bool:
        """Whether a base from outside brings no methods worth a doubt."""
        return False

    def is_read(self, decorators: list[str]) -> bool:
        """Whether a method is read like an attribute."""
        return False

    def is_getter(self, row: SymbolRow) -> bool:
        """Whether a method says of itself that it is read like an attribute."""
        return False

    def is_declaration(self, decorators: list[str]) -> bool:
        """Whether a function only says how another one of its name may be called."""
        return False

    def keeps_result(self, decorators: list[str]) -> bool:
        """Whether a decorated function gives back what its body does."""
        return not decorators
