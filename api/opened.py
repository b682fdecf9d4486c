"""An edition of the index, and the settings -> its model, catalog, vectors and retriever, opened."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.embed.load import EmbedderOptions, load_embedder
from indexer.errors import CairnError, IndexDamaged
from indexer.store.editions import (
    INDEX_FILE,
    Edition,
    Editions,
    change_editions,
    newest_edition,
    read_editions,
    write_whole,
)
from indexer.store.schema import DataDir, fingerprint_of
from indexer.store.vectors import VectorOptions, open_vectors

from .settings import Settings

if TYPE_CHECKING:
    from indexer.embed import Embedder
    from indexer.store import Vectors
    from indexer.store.catalog import Catalog, RepoRow
    from indexer.sync import Hooks, Indexer, SyncReport
    from retriever.rerank import SecondStage
    from retriever.search import Retriever
    from retriever.second import SecondOptions

log = logging.getLogger(__name__)

DEFAULT_EMBEDDER = "static"
_ENDPOINT = "openai:"  # the kind of model that has an address


def choose(data: DataDir, settings: Settings) -> Opened:
    """Open the edition that answers: the current one, unless it is empty or cannot be asked any more.

    Then what the settings name takes its place at once, for nothing is lost by that. Raises what
    loading a model raises; an endpoint that is down makes no index unreadable.
    """
    said = read_editions(data)
    before = said.current if said else newest_edition(data)
    if before is None:
        opened = open_wish(data, settings, None)
    else:
        try:
            opened = open_edition(data, settings, before)
        except Unreadable as why:
            log.warning("%s; it is built again", why)
            opened = open_wish(data, settings, before)
        else:
            other_model = settings.embedder not in (None, before.embedder)
            other_points = settings.with_text(before.parts.with_text) != before.parts.with_text
            if (other_model or other_points) and not opened.catalog.repos():
                opened = open_wish(data, settings, before)
        if opened.edition.fingerprint != before.fingerprint:
            register_again(data.catalog(before.fingerprint), opened.catalog)
        elif said is not None:
            return opened
    edition, now = opened.edition, time.time()

    def write(found: Editions | None) -> Editions:
        if found is None:
            return Editions(edition, now)
        # A swap of somebody else's since it was read counts.
        return found.swapped(edition, now) if said and found.current == said.current else found

    chosen = change_editions(data, write).current
    return opened if chosen.fingerprint == edition.fingerprint else open_edition(data, settings, chosen)


def answers(data: DataDir, settings: Settings) -> Opened:
    """The edition that answers, or would, whatever state its catalog is in. Raises what loading raises."""
    said = read_editions(data)
    return open_edition(data, settings, said.current) if said else open_wish(data, settings, None)


class Unreadable(IndexDamaged):
    """An edition whose model is gone, or which another version of this program wrote."""


class Opened:
    """One edition. Nothing is opened before its first use; safe to share between threads once `retriever`
    was asked for."""

    def __init__(self, data: DataDir, settings: Settings, edition: Edition, embedder: Embedder) -> None:
        self.data = data
        self.settings = settings
        self.edition = edition
        self.embedder = embedder

    @cached_property
    def catalog(self) -> Catalog:
        from indexer.store.catalog import Catalog

        folder = self.data.index(self.edition.fingerprint)
        catalog = Catalog(folder / "catalog.db")
        _describe(folder / INDEX_FILE, self.edition, self.settings)
        return catalog

    @cached_property
    def vectors(self) -> Vectors:
        """For reading; each sync opens its own, because a flush answers for one writer."""
        return self.open_vectors()

    def wake_vectors(self) -> None:
        """Begin to start the process that keeps them, where they are kept here: calls come soon."""
        if self.settings.qdrant_url is None:
            from indexer.store.starting import wake

            wake(self.data.root)

    @cached_property
    def retriever(self) -> Retriever:
        from retriever.search import Retriever

        second = second_stage(self.data, self.settings)
        return Retriever(self.catalog, self.vectors, self.embedder, self.settings.tokenizer, second)

    def sync(
        self, repo: RepoRow, paths: Iterable[str] | None = None, hooks: Hooks | None = None, lane: str = ""
    ) -> SyncReport:
        """Index what changed. Raises what Indexer.sync raises."""
        with self._indexer(lane) as indexer:
            return indexer.sync(repo, paths, hooks, self.settings.workers)

    def remove(self, repo: RepoRow, lane: str = "") -> None:
        with self._indexer(lane) as indexer:
            indexer.remove(repo)

    def open_vectors(self) -> Vectors:
        return vectors_of(self.data, self.settings, self.edition)

    def close(self, model: bool = True) -> None:
        """Let go of connections; of the catalog's, this thread's. `model`: of the model's as well."""
        if model and hasattr(self.embedder, "close"):
            self.embedder.close()
        if "vectors" in self.__dict__:
            self.vectors.close()
        if "catalog" in self.__dict__:
            self.catalog.close()

    @contextmanager
    def _indexer(self, lane: str) -> Iterator[Indexer]:
        from indexer.sync import Indexer

        vectors = self.open_vectors()
        try:
            data = replace(self.data, lane=lane)
            options, with_text = self.settings.file_options, self.edition.parts.with_text
            yield Indexer(data, self.catalog, vectors, self.embedder, options, with_text)
        finally:
            vectors.close()


def second_stage(data: DataDir, settings: Settings) -> SecondStage | None:
    """What the settings ask for; one for all editions of a process, for its model is large."""
    from retriever.second import SecondOptions

    if settings.rerank is None:
        return None
    return _shared_stage(
        SecondOptions(
            settings.rerank,
            settings.rerank_candidates,
            settings.rerank_url,
            settings.rerank_key,
            data.embeddings,
        )
    )


@lru_cache(maxsize=1)
def _shared_stage(options: SecondOptions) -> SecondStage:
    from retriever.rerank import SecondStage

    return SecondStage(options)


def vectors_of(data: DataDir, settings: Settings, edition: Edition) -> Vectors:
    options = VectorOptions(data.root, settings.qdrant_url, settings.qdrant_api_key)
    return open_vectors(options, edition.fingerprint, edition.parts.dimensions)


def wished(settings: Settings, current: Edition | None) -> tuple[str, str | None]:
    """The model that is asked for, and its address: the settings', else what there is, else the default."""
    spec = settings.embedder or (current.embedder if current else DEFAULT_EMBEDDER)
    url = settings.embedder_url
    if url is None and current is not None and current.embedder == spec:
        url = current.url
    return spec, url if spec.startswith(_ENDPOINT) else None


def open_wish(data: DataDir, settings: Settings, current: Edition | None) -> Opened:
    """The edition that the settings and this program ask for. Raises what loading its model raises."""
    spec, url = wished(settings, current)
    return _opened(
        data, settings, spec, url, settings.with_text(current is not None and current.parts.with_text)
    )


def open_edition(data: DataDir, settings: Settings, edition: Edition) -> Opened:
    """An edition that is there already, with the model it was made with.

    Raises Unreadable when this program or machine cannot ask it any more, and what loading its model
    raises, which may pass.
    """
    why = edition.why_unreadable
    if why is not None:
        raise Unreadable(f"the index of {edition.embedder} cannot be read any more: {why}")
    spec, url = wished(settings, edition)
    address = url if spec == edition.embedder else edition.url
    opened = _opened(data, settings, edition.embedder, address, edition.parts.with_text)
    made, now = edition.parts, opened.edition.parts
    if (made.embedder, made.dimensions) != (now.embedder, now.dimensions):
        raise Unreadable(
            f"the index of {edition.embedder} cannot be asked any more: it was made by the model "
            f"{made.embedder}, and that setting names {now.embedder} now"
        )
    return Opened(data, settings, replace(edition, url=opened.edition.url), opened.embedder)


def _opened(data: DataDir, settings: Settings, spec: str, url: str | None, with_text: bool) -> Opened:
    # A key goes to the address it was set for and to no other.
    key = settings.embedder_key if url == settings.embedder_url else None
    embedder = load_embedder(spec, EmbedderOptions(url, key))
    if embedder.costly:
        from indexer.embed.cache import CachedEmbedder

        embedder = CachedEmbedder(embedder, data.embeddings)
    fingerprint = fingerprint_of(embedder.fingerprint, embedder.dimensions, with_text)
    return Opened(data, settings, Edition(fingerprint, spec, url), embedder)


def register_again(before: Path, catalog: Catalog) -> None:
    """Carry the list of repositories over to an index that takes the place of one that cannot be read."""
    from indexer.store.catalog import Catalog

    known = {repo.name for repo in catalog.repos()}
    if not before.exists():
        return
    with suppress(CairnError):  # of tables that were others: the repositories have to be named again
        old = Catalog(before)
        try:
            for repo in old.repos():
                if repo.name not in known and Path(repo.root).is_dir():
                    catalog.add_repo(repo.name, repo.root)
        finally:
            old.close()


def _describe(path: Path, edition: Edition, settings: Settings) -> None:
    """Say beside a catalog what it is of, for whoever finds it when nothing names it any more."""
    if not path.exists():
        said = {"fingerprint": edition.fingerprint, "embedder": edition.embedder, "url": edition.url}
        write_whole(path, {**said, "qdrant_url": settings.qdrant_url})
