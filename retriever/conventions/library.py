"""A catalog -> the book of each repository, kept until its files or what people decided change."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

from indexer.store.catalog import Catalog, RepoRow

from .book import Book, book_from
from .shelf import Shelf
from .steering import CONFIG, Steering, read_steering, steered

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


class Library:
    """Safe to share between threads: two who ask at once wait for one."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._kept: dict[str, _Kept] = {}
        self._reading = threading.Lock()

    def book(self, repo: RepoRow) -> Book:
        """Of this generation. Only what changed since the last one is read and counted."""
        with self._reading:
            kept = self._kept.pop(repo.name, None)
            if kept is None or kept.repo != repo.id:
                kept = _Kept(repo.id)
            book = self._caught_up(kept, repo)
            self._kept[repo.name] = kept  # the last one asked for goes last
            for oldest in list(self._kept)[:-_MOST]:
                del self._kept[oldest]
        return book

    def _caught_up(self, kept: _Kept, repo: RepoRow) -> Book:
        if kept.counted is None or kept.generation != repo.generation:
            kept.shelf.catch_up(self._catalog.digests(repo), lambda paths: self._catalog.facts(repo, paths))
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
