"""Rows that every search of a repository reads again, kept as long as their files stay as they are."""

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


class _KeptHeads(NamedTuple):
    file: int
    heads: list[HeadRow]


class _Rows(NamedTuple):
    """What was read of a repository in one state; each is filled as it is asked for. `readings` are those of
    its files before anything else was read (Catalog.readings), or nothing where no change is expected."""

    state: State
    readings: dict[int, int]
    chunks: dict[str, KeptChunk]
    heads: dict[int, _KeptHeads]
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

    def heads(self, repo: RepoRow, chunks: Sequence[ChunkRow]) -> dict[int, list[HeadRow]]:
        """The definitions in each of these chunks, by their numbers: Catalog.heads_in."""
        known = self._of(repo).heads
        found = {chunk.nr: kept.heads for chunk in chunks if (kept := known.get(chunk.nr))}
        if new := [chunk for chunk in chunks if chunk.nr not in found]:
            if len(known) + len(new) > _MOST_LOOKED_INTO:
                known.clear()
            read = self.catalog.heads_in([chunk.nr for chunk in new])
            for chunk in new:
                found[chunk.nr] = read.get(chunk.nr, [])
                known[chunk.nr] = _KeptHeads(chunk.file, found[chunk.nr])
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

    def expect_changes(self, repo: RepoRow) -> None:
        """Let rows outlive the first change, too; who answers one question has no use for that."""
        rows = self._of(repo)
        if not rows.readings:
            self._rows[repo.id] = _Rows(rows.state, self.catalog.readings(repo), {}, {}, rows.sample)

    def _of(self, repo: RepoRow) -> _Rows:
        rows = self._rows.get(repo.id)
        if rows is None or rows.state != state_of(repo):
            rows = self._following(rows, repo) if rows else _Rows(state_of(repo), {}, {}, {}, [])
            self._rows.pop(repo.id, None)  # the newest goes last
            for oldest in list(self._rows)[: 1 - MOST_REPOS]:
                self._rows.pop(oldest, None)
            self._rows[repo.id] = rows
        return rows

    def _following(self, before: _Rows, repo: RepoRow) -> _Rows:
        """Begin with the rows of those files that were not read anew. Numbers alone would not do: they are
        given again."""
        readings = self.catalog.readings(repo)
        same = {file for file, _ in readings.items() & before.readings.items()}
        chunks = {id_: kept for id_, kept in before.chunks.copy().items() if kept.row.file in same}
        heads = {nr: kept for nr, kept in before.heads.copy().items() if kept.file in same}
        return _Rows(state_of(repo), readings, chunks, heads, [])
