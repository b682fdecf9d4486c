"""What a check asks of an index: a Retriever answers it, and so does `Alone`, with far less to load first."""

from __future__ import annotations

from typing import Protocol

from indexer.embed import Embedder
from indexer.errors import NotFound
from indexer.store import Vectors
from indexer.store.catalog import Catalog

from ..conventions import Book, Library


class Opened(Protocol):
    """An index whose parts are opened when they are asked for."""

    @property
    def catalog(self) -> Catalog: ...

    @property
    def vectors(self) -> Vectors: ...

    @property
    def embedder(self) -> Embedder: ...


class Index(Opened, Protocol):
    def book(self, repo: str) -> Book: ...

    def file(self, repo: str, path: str) -> str:
        """The indexed text. Raises NotFound."""
        ...


class Alone:
    """For a process that makes one check: what answers searches costs half a second of imports."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._library = Library(opened.catalog)

    @property
    def catalog(self) -> Catalog:
        return self._opened.catalog

    @property
    def vectors(self) -> Vectors:
        return self._opened.vectors

    @property
    def embedder(self) -> Embedder:
        return self._opened.embedder

    def book(self, repo: str) -> Book:
        return self._library.book(self.catalog.repo(repo))

    def file(self, repo: str, path: str) -> str:
        file = self.catalog.file(self.catalog.repo(repo), path)
        if file is None:
            raise NotFound(f"{path} is not in the index of {repo}")
        return self.catalog.text_of(file.id)
