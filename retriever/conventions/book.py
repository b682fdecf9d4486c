"""What a generation of a repository takes for granted: counted, written down, and decided upon."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from indexer.conventions import FileFacts, Known, Rule, tooling_rules
from indexer.conventions.written import Saying

from .choose import by_importance
from .enforced import marked
from .shelf import Shelf
from .written import Contradiction, cited

Members = Mapping[tuple[str, str], Sequence[FileFacts]]


@dataclass(frozen=True, slots=True)
class Book:
    """The rules of a repository, and what all its files together tell.

    `known` is what a changed file is resolved with, so that it is counted as the others were. `members`
    are the files that answer a question, by language and question, to be asked about that one alone;
    `files` are all, as they were counted. `sayings` are sentences of guides that
    ask for something that is not counted. `rejected` rules are not among `rules`; `problems` are those of
    the file in which people steer.
    """

    rules: tuple[Rule, ...]
    known: Known
    members: Members = field(repr=False, compare=False)
    files: tuple[FileFacts, ...] = field(repr=False)
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
    known = shelf.known
    found = cited(shelf.rules(), shelf.sayings(), shelf.members)
    counted = marked(found.rules, known.tools)
    rules = by_importance([*counted, *tooling_rules(known.tools, counted)])
    members, files = dict(shelf.members), shelf.files()
    return Book(tuple(rules), known, members, files, found.sayings, found.contradictions)
