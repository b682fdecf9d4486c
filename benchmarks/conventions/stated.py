"""A checkout -> everything Cairn states of it: the rules, and the sentences of its guides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from indexer.conventions import Rule
from indexer.conventions.written import Saying
from retriever.conventions import Book, book_of
from retriever.conventions.enforced import marked
from retriever.conventions.history import history_rules

from .checkout import Row


@dataclass(frozen=True, slots=True)
class Stated:
    """`sayings` are the sentences that are quoted as they stand."""

    rules: tuple[Rule, ...]
    sayings: tuple[Saying, ...]


def stated(rows: Iterable[Row], checkout: Path) -> Stated:
    """`rows` are the facts of the files, `checkout` has the history."""
    book = book_of(rows)
    return Stated((*rules_of(book), *history_rules(checkout)), book.sayings)


def rules_of(book: Book) -> list[Rule]:
    """Those of the book, each with the tool that insists on it."""
    return marked(book.rules, book.known.tools)
