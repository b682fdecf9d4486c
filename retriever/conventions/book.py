"""What a generation of a repository takes for granted: counted, written down, and decided upon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.conventions import FileFacts, Known, Rule
from indexer.conventions.written import Saying

from .shelf import Shelf
from .written import Contradiction, cited

Members = Mapping[tuple[str, str], Sequence[FileFacts]]


@dataclass(frozen=True, slots=True)
class Book:
    """The rules of a repository, and what all its files together tell.

    `known` is what a changed file is resolved with, so that it is counted as the others were. `members`
    are the files that answer a question, by language and question. `sayings` are sentences of guides that
    ask for something that is not counted. `rejected` rules are not among `rules`; `problems` are those of
    the file in which people steer.
    """

    rules: tuple[Rule, ...]
    known: Known
    members: Members = field(repr=False)
    sayings: tuple[Saying, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    rejected: tuple[Rule, ...] = ()
    problems: tuple[str, ...] = ()


def book_of(facts: Iterable[tuple[str, str, str]]) -> Book:
    """From (path, language, facts as JSON) of every file, in whatever order they come."""
    shelf = Shelf()
    shelf.fill(facts)
    return book_from(shelf)


def book_from(shelf: Shelf) -> Book:
    """What the files on a shelf tell as they are now."""
    counted = shelf.rules()
    found = cited(counted, shelf.sayings(), shelf.members)
    return Book(found.rules, shelf.known, dict(shelf.members), found.sayings, found.contradictions)
