"""A catalog -> the book of each repository, kept until its files or what people decided change."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.conventions import Rule
from indexer.store.catalog import Catalog, RepoRow

from .book import Book, book_from
from .enforced import marked
from .shelf import Shelf
from .steering import CONFIG, Steering, read_steering, steered

if TYPE_CHECKING:
    from .past import Past

_MOST = 8  # repositories: some 30 MB each at 3,000 files


@dataclass(slots=True)
class _Kept:
    """What is known of one repository, and of which state."""

    repo: int
    shelf: Shelf = field(default_factory=Shelf)
    generation: int = -1
    counted: Book | None = None
    stamp: tuple[int, ...] = ()
    steering: Steering = field(default_factory=Steering)
    book: Book | None = None
    memory: _Memory | None = None


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the history of a commit tells; `told` is the book that was `of`, with that added."""

    commit: str | None
    past: Past | None
    history: list[Rule]
    of: Book
    told: Book


class Library:
    """Safe to share between threads: two who ask at once wait for one."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._kept: dict[str, _Kept] = {}
        self._reading = threading.Lock()
        self._recalling = threading.Lock()

    def book(self, repo: RepoRow) -> Book:
        """Of this generation. Only what changed since the last one is read and counted."""
        return self._current(repo)[1]

    def with_history(self, repo: RepoRow) -> Book:
        """The book with the trend of each rule, and with what the history tells besides.

        A year is read the first time after a commit, which takes seconds: nothing that has to be quick
        asks for it.
        """
        kept, book = self._current(repo)
        with self._recalling:
            known = kept.memory
            if known is None or known.of is not book or known.commit != repo.commit:
                known = kept.memory = self._recalled(repo, kept, book)
        return known.told

    def _recalled(self, repo: RepoRow, kept: _Kept, book: Book) -> _Memory:
        # They load git and the parsers, which nothing that answers at once needs.
        from .history import history_rules
        from .past import past_of
        from .trend import with_trends

        known, root = kept.memory, Path(repo.root)
        if known is not None and known.commit == repo.commit:
            past, history = known.past, known.history
        else:
            past, history = past_of(root, self._catalog.path.parent), history_rules(root)
        rules = [
            *with_trends([*book.rules, *book.rejected], book.files, past),
            *marked(history, book.known.tools),
        ]
        whole = steered(replace(book, rules=tuple(rules), rejected=(), problems=()), kept.steering)
        return _Memory(repo.commit, past, history, book, whole)

    def _current(self, repo: RepoRow) -> tuple[_Kept, Book]:
        with self._reading:
            kept = self._kept.pop(repo.name, None)
            if kept is None or kept.repo != repo.id:
                kept = _Kept(repo.id)
            book = self._caught_up(kept, repo)
            self._kept[repo.name] = kept  # the last one asked for goes last
            for oldest in list(self._kept)[:-_MOST]:
                del self._kept[oldest]
        return kept, book

    def _caught_up(self, kept: _Kept, repo: RepoRow) -> Book:
        if kept.counted is None or kept.generation != repo.generation:
            digests = self._catalog.digests(repo)
            with self._catalog.unpacking(f"how the files of {repo.name} are written"):
                kept.shelf.catch_up(digests, lambda paths: self._catalog.facts(repo, paths))
            kept.counted, kept.generation, kept.book = book_from(kept.shelf), repo.generation, None
        stamp = _stamp(Path(repo.root) / CONFIG)
        if kept.book is None or stamp != kept.stamp:
            if stamp != kept.stamp:
                kept.steering = read_steering(Path(repo.root))
            kept.stamp = stamp
            kept.book = steered(kept.counted, kept.steering)
        return kept.book


def _stamp(path: Path) -> tuple[int, ...]:
    """What changes when a file does; nothing for one that is not there."""
    try:
        status = os.lstat(path)
    except OSError:
        return ()
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
