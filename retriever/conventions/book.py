"""What a generation of a repository takes for granted, counted once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indexer.conventions import (
    FileFacts,
    Known,
    Rule,
    known_of,
    read_facts,
    resolved,
    rules_from,
    tooling_rules,
)

from .enforced import marked


@dataclass(frozen=True, slots=True)
class Book:
    """The rules of a repository, and what all its files together tell.

    `known` is what a changed file is resolved with, so that it is counted as the others were.
    """

    rules: tuple[Rule, ...]
    known: Known


def book_of(facts: Iterable[tuple[str, str, str]]) -> Book:
    """From (path, language, facts as JSON) of every file, in whatever order they come."""
    files: list[FileFacts] = read_facts(facts)
    known = known_of(files)
    counted = marked(rules_from(resolved(file, known) for file in files), known.tools)
    return Book((*counted, *tooling_rules(known.tools, counted)), known)
