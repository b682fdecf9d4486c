"""What the agent asks of an index: the retriever has these methods, in process and over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from indexer.conventions import Rule
from retriever.types import Caller, Context, Query, SearchResult, SymbolPlace


class Codebase(Protocol):
    """Answers about indexed repositories, each by its name."""

    def search(self, query: Query) -> SearchResult: ...

    def context(self, task: str, repo: str, budget: int, paths: Sequence[str] = ()) -> Context: ...

    def symbols(self, repo: str, name: str) -> Sequence[SymbolPlace]: ...

    def callers(self, repo: str, name: str) -> Sequence[Caller]: ...

    def conventions(self, repo: str, path: str | None = None) -> Iterable[Rule]: ...


class LiveIndex(Protocol):
    """The index of a working copy. `repo` is the name it has in the Codebase."""

    repo: str

    def refresh(self, paths: Sequence[str]) -> None:
        """Index these files again, or forget them where they are gone. Returns when searches see it."""
        ...

    def close(self) -> None:
        """Forget the working copy."""
        ...


Follow = Callable[[Path], LiveIndex]  # starts to index the tree of a working copy


class Unfollowed:
    """The index of the repository itself: it answers, but does not learn what the agent writes."""

    def __init__(self, repo: str) -> None:
        self.repo = repo

    def refresh(self, paths: Sequence[str]) -> None:
        return None

    def close(self) -> None:
        return None
