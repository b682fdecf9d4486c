"""Rows that every search of a repository reads again, kept as long as the repository stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.store.catalog import Catalog, ChunkRow, RepoRow

from .traits import Traits, traits

_MOST_CHUNKS = 32_768  # of a repository, some 30 MB; then start afresh
_MOST_REPOS = 4  # at a time

# A generation is a commit of rows. An index that is removed and made again counts from the beginning, but at
# another time, which also says when the sample was taken anew.
State = tuple[int, float | None]


def state_of(repo: RepoRow) -> State:
    return repo.generation, repo.synced_at


class KeptChunk(NamedTuple):
    row: ChunkRow
    traits: Traits


class _Rows(NamedTuple):
    """What was read of a repository in one state; each is filled as it is asked for."""

    state: State
    chunks: dict[str, KeptChunk]
    sample: list[NDArray[np.float32]]


class Kept:
    """Reads from a catalog. Safe to share between threads: rows are added to the state they were asked in."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._rows: dict[int, _Rows] = {}

    def chunks(self, repo: RepoRow, ids: Sequence[str]) -> dict[str, KeptChunk]:
        """Those of `ids` that exist, in no order. `repo` is its row as it is now."""
        known = self._of(repo).chunks
        found = {id_: kept for id_ in ids if (kept := known.get(id_))}
        if len(found) < len(ids):  # an id without a row may have one in a moment: it is asked for again
            new = self.catalog.chunks([id_ for id_ in ids if id_ not in found])
            if len(known) + len(new) > _MOST_CHUNKS:
                known.clear()
            for id_, row in new.items():
                found[id_] = known[id_] = KeptChunk(row, traits(row))
        return found

    def sample(self, repo: RepoRow, dimensions: int) -> NDArray[np.float32] | None:
        """Vectors of some chunks, drawn by chance, one a row; None before the first index is complete."""
        sample = self._of(repo).sample
        if not sample:
            packed = self.catalog.sample(repo)
            if not packed:
                return None
            with self.catalog.unpacking(f"the sample of {repo.name}'s vectors"):
                sample.append(np.frombuffer(packed, np.float16).reshape(-1, dimensions).astype(np.float32))
        return sample[0]

    def _of(self, repo: RepoRow) -> _Rows:
        state = state_of(repo)
        rows = self._rows.get(repo.id)
        if rows is None or rows.state != state:
            rows = _Rows(state, {}, [])
            self._rows.pop(repo.id, None)  # the newest goes last
            for oldest in list(self._rows)[: 1 - _MOST_REPOS]:
                self._rows.pop(oldest, None)
            self._rows[repo.id] = rows
        return rows
