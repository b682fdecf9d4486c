"""A repository's conventions: all of them as a book, and the few that matter for the files at hand."""

from __future__ import annotations

from .book import Book, book_of
from .choose import HANDFUL, by_importance, most_telling, rules_for
from .library import Library
from .served import Asked, Conventions, served
from .written import Contradiction

__all__ = [
    "HANDFUL",
    "Asked",
    "Book",
    "Contradiction",
    "Conventions",
    "Library",
    "book_of",
    "by_importance",
    "most_telling",
    "rules_for",
    "served",
]
