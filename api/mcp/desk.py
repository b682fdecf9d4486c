"""Who answers a model, about which repository, and from how fresh an index."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from indexer.errors import BadInput, NotFound, StoreUnreachable
from retriever.client import Client, KnownRepo
from retriever.types import Freshness

from ..reader import around, known_of

if TYPE_CHECKING:
    from retriever.search import Retriever

    from ..live import Live
    from ..service import Service

# A model edits and asks at once, so each call waits for the files as they are now; some clients give a long
# call up, so it does not wait for a whole first index, only until there is something to answer from.
PATIENCE = 2.0  # seconds
COLD_PATIENCE = 15.0
_LOOK = 0.01  # seconds between looks at whether it is there


class Desk(Protocol):
    """Whoever answers. Every method raises what a Retriever raises."""

    @property
    def verbs(self) -> Retriever | Client: ...

    def repos(self) -> Sequence[KnownRepo]: ...

    def choose(self, given: str | None) -> KnownRepo:
        """The repository that is meant. Raises NotFound, BadInput where it stays open."""
        ...

    def index_of(self, repo: str) -> Freshness:
        """What an answer about a repository is served from at this moment."""
        ...

    def settle(self, repo: str) -> Freshness:
        """The same, after a moment for what is on the disk now."""
        ...

    def answers(self) -> bool:
        """Whether it is still there."""
        ...


class Here:
    """This process answers, from indexes that `live` keeps in step with the files.

    `standing` is where the caller works; None for a server, which cannot know. `leaving` ends all waiting.
    """

    def __init__(
        self,
        service: Service,
        live: Live,
        standing: Path | None = None,
        leaving: Callable[[], bool] = lambda: False,
    ) -> None:
        self._service = service
        self._live = live
        self._standing = standing
        self._leaving = leaving

    @property
    def verbs(self) -> Retriever:
        return self._service.retriever

    def repos(self) -> Sequence[KnownRepo]:
        return known_of(self._service)

    def choose(self, given: str | None) -> KnownRepo:
        return _choose(self.repos(), given, self._standing)

    def settle(self, repo: str) -> Freshness:
        row = self._service.named(repo)
        started = time.monotonic()
        ticket = self._live.catch_up(row)
        while not (self._leaving() or self._live.arrived(ticket)):
            row = row if row.generation or row.complete else self._service.named(repo)
            cold = not (row.generation or row.complete)  # of no files, it is complete in its generation 0
            if time.monotonic() - started > (COLD_PATIENCE if cold else PATIENCE):
                break
            time.sleep(_LOOK)
        return self.index_of(repo)

    def index_of(self, repo: str) -> Freshness:
        return self._live.freshness(self._service.named(repo))

    def answers(self) -> bool:
        return True


class There:
    """A running server answers; it keeps every index live, for all who ask."""

    def __init__(self, client: Client, standing: Path) -> None:
        self.verbs = client
        self._standing = standing

    def repos(self) -> Sequence[KnownRepo]:
        return self.verbs.repos()

    def choose(self, given: str | None) -> KnownRepo:
        return _choose(self.repos(), given, self._standing)

    def settle(self, repo: str) -> Freshness:
        until = time.monotonic() + COLD_PATIENCE
        index = self.verbs.catch_up(repo, PATIENCE)
        while index.partial and not index.generation and time.monotonic() < until:
            index = self.verbs.catch_up(repo, PATIENCE)
        return index

    def index_of(self, repo: str) -> Freshness:
        return self.verbs.index_of(repo)

    def answers(self) -> bool:
        try:
            self.verbs.get("/health")
        except StoreUnreachable:
            return False
        return True


def _choose(repos: Sequence[KnownRepo], given: str | None, standing: Path | None) -> KnownRepo:
    names = ", ".join(repo.name for repo in repos) or "none"
    if given is not None:
        for repo in repos:
            if given in (repo.name, repo.root):
                return repo
        place = standing / os.path.expanduser(given) if standing else None
        found = around(repos, place) if place and place.exists() else None
        if found is None:
            raise NotFound(
                f"no repository {given!r} is indexed (known: {names}); a person can run: cairn index PATH"
            )
        return found
    found = around(repos, standing) if standing else None
    if found is not None:
        return found
    if len(repos) == 1:
        return repos[0]
    if not repos:
        raise NotFound("nothing is indexed yet; a person can run: cairn index PATH")
    raise BadInput(f"several repositories are indexed; say which with `repo` (known: {names})")
