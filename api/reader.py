"""Settings -> whoever answers questions: the running server, or this process itself."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import BadInput, IndexBusy, NotFound
from retriever.client import Client, KnownRepo, running_server
from retriever.types import Freshness

from . import terminal
from .settings import Settings

if TYPE_CHECKING:
    from retriever.search import Retriever

    from .service import Service

WAIT_S = 30.0  # seconds; a server waits no longer either


@dataclass(frozen=True, slots=True)
class Reader:
    """`repos` are those that the server of `client` knows, or without one `service`, this process's own."""

    repos: Sequence[KnownRepo]
    client: Client | None = None
    service: Service | None = None

    @property
    def verbs(self) -> Retriever | Client:
        """Whoever answers. Its own takes a while to load, so it is loaded for the first question."""
        if self.client is not None:
            return self.client
        assert self.service is not None
        return self.service.retriever

    def choose(self, given: str | None) -> KnownRepo:
        return choose(self.repos, given)

    def index_of(self, repo: str) -> Freshness:
        """What an answer about a repository is served from. To be asked before the question."""
        if self.client is not None:
            return self.client.index_of(repo)
        assert self.service is not None
        from retriever.freshness import freshness

        return freshness(self.service.catalog.repo(repo))

    def catch_up(self, repos: Sequence[str]) -> None:
        """Wait until everything that is on the disk now is in the index, or as long as one waits for that."""
        for repo in repos:
            if self.client is not None:
                self.client.catch_up(repo, WAIT_S)
            elif self.service is not None:
                try:
                    self.service.sync(self.service.named(repo), patience=WAIT_S)
                except IndexBusy as busy:  # the answer says how much is missing
                    terminal.say(f"{busy}; answering with what there is")


def choose(repos: Sequence[KnownRepo], given: str | None) -> KnownRepo:
    """The repository that `given` names or lies in; without it the one around the working directory, else
    the only one.

    Raises NotFound for one that is not indexed, BadInput when it stays open which is meant.
    """
    names = ", ".join(repo.name for repo in repos) or "none"
    if given is not None:
        named = [repo for repo in repos if repo.name == given]
        found = named[0] if named else _at(repos, given)
        if found is None:
            raise NotFound(
                f"no repository {given!r} is indexed (known: {names}); index it with: cairn index PATH"
            )
        return found
    here = around(repos, Path())
    if here is not None:
        return here
    if not repos:
        raise NotFound("nothing is indexed yet; index a repository with: cairn index PATH")
    if len(repos) > 1:
        raise BadInput(f"several repositories are indexed; say which with --repo (known: {names})")
    return repos[0]


def open_reader(settings: Settings) -> Reader:
    """Ask the server of CAIRN_URL, else the one that runs on the data directory, else answer here."""
    if settings.url is not None:
        client: Client | None = Client(settings.url, settings.api_key)
    else:
        client = running_server(settings.data)
    if client is not None:
        return Reader(client.repos(), client)
    from .service import Service

    service = Service(settings)
    if service.wish:
        terminal.say(f"{service.advice}")
    return Reader(known_of(service), service=service)


def known_of(service: Service) -> list[KnownRepo]:
    return [KnownRepo(repo.name, repo.root) for repo in service.repos()]


def _at(repos: Sequence[KnownRepo], given: str) -> KnownRepo | None:
    """The repository that a path lies in. What is no path here may be a root that is gone, or a slip of a
    name, and never stands for the repository around."""
    place = Path(os.path.expanduser(given)) if given else None
    if place is None or not os.path.lexists(place):
        return next((repo for repo in repos if place and os.path.abspath(place) == repo.root), None)
    return around(repos, place)


def around(repos: Sequence[KnownRepo], place: Path) -> KnownRepo | None:
    """The innermost repository that holds a path."""
    try:
        real = place.expanduser().resolve()
    except (OSError, RuntimeError, ValueError):  # a loop of links, an unknown user, a NUL
        return None
    holding = [repo for repo in repos if real.is_relative_to(repo.root)]
    return max(holding, key=lambda repo: len(repo.root), default=None)
