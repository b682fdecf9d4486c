"""An index in this process, what one look at it finds, and its repair."""

from __future__ import annotations

from pathlib import Path

from indexer.files import FileOptions
from indexer.store.catalog import RepoRow
from indexer.store.edge import EdgeVectors
from indexer.store.schema import fingerprint_of
from indexer.verify import Look
from indexer.verify.mend import invalidate
from indexer.verify.rebuild import Recipe
from retriever.proof import Live, look
from tests.conftest import Index


def live(index: Index, files: FileOptions | None = None) -> Live:
    embedder = index.embedder

    def open_beside(folder: Path) -> EdgeVectors:
        return EdgeVectors(folder / "vectors", embedder.dimensions)

    fingerprint = fingerprint_of(embedder.fingerprint, embedder.dimensions)
    recipe = Recipe(index.data, embedder, fingerprint, files or FileOptions(), open_beside, workers=1)
    return Live(index.catalog, index.vectors, recipe)


def full(index: Index, repo: RepoRow) -> Look:
    return look(live(index), index.catalog.repo(repo.name), None)


def mend(index: Index, repo: RepoRow, found: Look) -> list[str]:
    mended = invalidate(index.catalog, index.vectors, repo, found.findings)
    index.indexer.sync(index.catalog.repo(repo.name), workers=1)
    return mended
