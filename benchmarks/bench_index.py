"""A folder -> an index of its own, through the same code as the product; or one that was made before."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    model = load_embedder(embedder)
    with tempfile.TemporaryDirectory() as folder:
        data = DataDir(Path(folder))
        fingerprint = fingerprint_of(model.fingerprint, model.dimensions)
        catalog = Catalog(data.catalog(fingerprint))
        vectors = EdgeVectors(data.index(fingerprint) / "vectors", model.dimensions)
        try:
            repo = catalog.add_repo(root.resolve().name, str(root.resolve()))
            report = Indexer(data, catalog, vectors, model).sync(repo)
            yield Retriever(catalog, vectors, model), report
        finally:
            vectors.close()
            catalog.close()


@contextmanager
def opened(folder: Path, embedder: str = "static") -> Iterator[Retriever]:
    """A Retriever over the index in a data directory; only one process at a time may open it."""
    model = load_embedder(embedder)
    data = DataDir(folder)
    fingerprint = fingerprint_of(model.fingerprint, model.dimensions)
    if not data.catalog(fingerprint).exists():
        raise NotFound(f"{folder} holds no index of this version and model; index the checkout again")
    catalog = Catalog(data.catalog(fingerprint))
    vectors = EdgeVectors(data.index(fingerprint) / "vectors", model.dimensions)
    try:
        yield Retriever(catalog, vectors, model)
    finally:
        vectors.close()
        catalog.close()
