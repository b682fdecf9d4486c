"""A folder -> an index of its own, through the same code as the product; or one that was made before."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.embed import Embedder
from indexer.embed.load import load_embedder
from indexer.errors import NotFound
from indexer.store.catalog import Catalog
from indexer.store.edge import EdgeVectors
from indexer.store.schema import DataDir, fingerprint_of
from indexer.sync import Indexer, SyncReport
from retriever.search import Retriever


@contextmanager
def indexed(root: Path, embedder: str = "static") -> Iterator[tuple[Retriever, SyncReport]]:
    """Index `root` in this process, under its folder's name, and hand out a Retriever over it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _retriever(Path(folder), load_embedder(embedder)) as retriever,
    ):
        yield retriever, _synced(root, Path(folder), retriever)


@contextmanager
def kept(root: Path, folder: Path, embedder: str = "static") -> Iterator[Retriever]:
    """`indexed` in the data directory `folder`, made only once for this version and model."""
    model = load_embedder(embedder)
    ready = DataDir(folder).index(fingerprint_of(model.fingerprint, model.dimensions)) / "ready"
    if not ready.exists():
        shutil.rmtree(folder, ignore_errors=True)
    with _retriever(folder, model) as retriever:
        if not ready.exists():
            _synced(root, folder, retriever)
            ready.touch()
        yield retriever


@contextmanager
def opened(folder: Path, embedder: str = "static") -> Iterator[Retriever]:
    """A Retriever over the index in a data directory; only one process at a time may open it."""
    model = load_embedder(embedder)
    if not DataDir(folder).catalog(fingerprint_of(model.fingerprint, model.dimensions)).exists():
        raise NotFound(f"{folder} holds no index of this version and model; index the checkout again")
    with _retriever(folder, model) as retriever:
        yield retriever


@contextmanager
def _retriever(folder: Path, model: Embedder) -> Iterator[Retriever]:
    data = DataDir(folder)
    fingerprint = fingerprint_of(model.fingerprint, model.dimensions)
    catalog = Catalog(data.catalog(fingerprint))
    vectors = EdgeVectors(data.index(fingerprint) / "vectors", model.dimensions)
    try:
        yield Retriever(catalog, vectors, model)
    finally:
        vectors.close()
        catalog.close()


def _synced(root: Path, folder: Path, retriever: Retriever) -> SyncReport:
    repo = retriever.catalog.add_repo(root.resolve().name, str(root.resolve()))
    return Indexer(DataDir(folder), retriever.catalog, retriever.vectors, retriever.embedder).sync(repo)
