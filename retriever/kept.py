"""Rows that every search of a repository reads again, kept as long as the repository stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.store.catalog import Catalog, ChunkRow, HeadRow, RepoRow

from .traits import Traits, traits

MOST_CHUNKS = 32_768  # of a repository, some 30 MB; then start afresh
_MOST_LOOKED_INTO = 8_192  # chunks of it whose heads are kept, some 12 MB; then start afresh
MOST_REPOS = 4  # at a time

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
    heads: dict[int, list[HeadRow]]
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
            if len(known) + len(new) > MOST_CHUNKS:
                known.clear()
            for id_, row in new.items():
                found[id_] = known[id_] = KeptChunk(row, traits(row))
        return found

    def heads(self, repo: RepoRow, chunks: Sequence[int]) -> dict[int, list[HeadRow]]:
        """The definitions in each of these chunks, by their numbers: Catalog.heads_in."""
        known = self._of(repo).heads
        found = {nr: heads for nr in chunks if (heads := known.get(nr)) is not None}
        if new := [nr for nr in chunks if nr not in found]:
            if len(known) + len(new) > _MOST_LOOKED_INTO:
                known.clear()
            read = self.catalog.heads_in(new)
            for nr in new:
                found[nr] = known[nr] = read.get(nr, [])
        return found

    def add(self, repo: RepoRow, rows: Sequence[ChunkRow]) -> bool:
        """Keep rows that nobody has asked for yet; False when there is no room for them."""
        known = self._of(repo).chunks
        if len(known) + len(rows) > MOST_CHUNKS:
            return False
        known.update((row.id, KeptChunk(row, traits(row))) for row in rows)
        return True

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
            rows = _Rows(state, {}, {}, [])
            self._rows.pop(repo.id, None)  # the newest goes last
            for oldest in list(self._rows)[: 1 - MOST_REPOS]:
                self._rows.pop(oldest, None)
            self._rows[repo.id] = rows
        return rows
