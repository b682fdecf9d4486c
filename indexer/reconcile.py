"""The rows and the points of a repository -> the same ones: points without a row go, files without their
points are named.

Both happen after a crash, and after a store lost what it had. In pages, so that memory does not grow with
the repository.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import islice

from .errors import IndexBusy
from .lock import writing_lock
from .store import Vectors
from .store.catalog import Catalog, RepoRow
from .store.schema import DataDir

_PAGE = 500


def reconcile(catalog: Catalog, vectors: Vectors, repo: RepoRow) -> set[int]:
    """Delete the points no row names, and return the files of which a point is missing.

    The caller holds the repository's lock. Numbers that agree are believed, unless the last sync was
    interrupted.
    """
    chunks = catalog.chunk_count(repo)
    if not repo.dirty and vectors.count(repo.name) == chunks:
        return set()
    _sweep(catalog, vectors, repo)
    return _without_points(catalog, vectors, repo) if vectors.count(repo.name) < chunks else set()


def clear_removed(data: DataDir, catalog: Catalog, vectors: Vectors) -> None:
    """Delete the points of removed repositories. One whose name is in use again is left to its sync."""
    for name in catalog.leaving():
        with suppress(IndexBusy), writing_lock(data, name):
            if name not in {repo.name for repo in catalog.repos()}:
                vectors.delete_repo(name)
                vectors.flush()
            catalog.left(name)


def _sweep(catalog: Catalog, vectors: Vectors, repo: RepoRow) -> None:
    ids = vectors.ids(repo.name)
    orphans: list[str] = []
    while page := list(islice(ids, _PAGE)):
        named = catalog.named(page)
        orphans += [id_ for id_ in page if id_ not in named]
    # Deleted afterwards: a page that is asked for by the last id of the one before needs that id.
    vectors.delete(orphans)
    if orphans:
        vectors.flush()


def _without_points(catalog: Catalog, vectors: Vectors, repo: RepoRow) -> set[int]:
    files: set[int] = set()
    nr = 0
    while page := catalog.chunks_after(repo, nr, _PAGE):
        nr = page[-1][0]
        there = vectors.dense([id_ for _, id_, _ in page])
        files.update(file for _, id_, file in page if id_ not in there)
    return files
