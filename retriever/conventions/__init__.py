"""A repository's conventions: all of them as a book, and the few that matter for the files at hand."""

from __future__ import annotations

from .book import Book, book_of
from .choose import HANDFUL, most_telling, rules_for

__all__ = ["HANDFUL", "Book", "book_of", "most_telling", "rules_for"]
