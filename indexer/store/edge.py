"""Turn Points into a Qdrant Edge shard on disk, and a VectorQuery into Candidates.

Edge holds Python's global lock through every call and keeps nothing before `flush`, so it lives in
a process of its own (keeper.py) and is handed small batches. It takes no lock of its own without a
write-ahead log: this file does.
"""

from __future__ import annotations

import pickle
import shutil
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
import qdrant_edge as edge
from numpy.typing import NDArray

from indexer.errors import IndexBusy, StoreUnreachable
from indexer.store import Candidates, Points, Stored, VectorQuery, Where, shard
from indexer.store.locking import Lock
from indexer.store.mapped import let_go
from indexer.store.points import as_uuid, check, check_query, stored
from indexer.store.troubles import REBUILD, no_room, not_writable

_UPDATE_POINTS = 128  # one update holds the interpreter 2 to 4 ms; a search waits for at most one
_PAGE = 256  # ids per scroll, read or delete: a few ms each, for the same reason
_ROOM = 64_000_000  # bytes: Edge maps files of 32 MB and fills them later
_WRITERS = 8  # at once: a journal takes several files in one go
_Answer = TypeVar("_Answer")


class EdgeVectors:
    """The points of one fingerprint in the directory `path`, open in this process alone.

    Raises IndexBusy when another process has it open, IndexDamaged when it cannot be read or holds
    vectors of another size, NotWritable before the disk is full: a file that is mapped and has no room
    ends the process that writes to it.
    """

    def __init__(self, path: Path, dimensions: int) -> None:
        self._path = path
        self.dimensions = dimensions
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = Lock.take(path.with_name(path.name + ".lock"))
        except OSError as error:
            raise not_writable(path, error) from error
        if lock is None:
            raise IndexBusy(f"the vectors in {path} are open in another process; stop it and try again")
        self._lock = lock
        try:
            shard.clear_unfinished(path)
            if not path.exists():
                shard.create(path, dimensions)
            self._shard = self._load()
        except BaseException:
            lock.release()
            raise

    def upsert(self, points: Points) -> None:
        for batch in self.batches(points):
            batch()

    def upsert_packed(self, blob: bytes) -> None:
        self.upsert(pickle.loads(blob))

    def batches(self, points: Points) -> Iterator[Callable[[], None]]:
        """Yield the upsert of `points` in short steps, so that searches can run in between."""
        check(points, self.dimensions)
        self._see_to_room()
        for start in range(0, len(points.ids), _UPDATE_POINTS):
            stop = min(start + _UPDATE_POINTS, len(points.ids))
            upsert = edge.UpdateOperation.upsert_points(_build(points, start, stop))
            yield partial(self._update, upsert, *_describe(points, start, stop))

    def _update(self, *operations: edge.UpdateOperation) -> None:
        info = self._ask(self._shard.info)
        if info.points_count >= shard.LARGE and info.segments_count < shard.PARTS:
            self._add_part()
        for operation in operations:
            self._ask(self._shard.update, operation)

    def _add_part(self) -> None:
        self._ask(self._shard.close)  # flushes
        try:
            shard.add_part(self._path, self.dimensions)
        finally:
            self._shard = self._load()

    def _load(self) -> edge.EdgeShard:
        opened = shard.load(self._path, self.dimensions)
        let_go(self._path)
        return opened

    def delete(self, ids: Sequence[str]) -> None:
        known: list[Any] = [as_uuid(id) for id in ids]
        for start in range(0, len(known), _PAGE):
            self._ask(self._shard.update, edge.UpdateOperation.delete_points(known[start : start + _PAGE]))

    def delete_repo(self, repo: str) -> None:
        self._ask(self._shard.update, edge.UpdateOperation.delete_points_by_filter(_filter(Where(repo))))

    def drop(self, repos: Iterable[str]) -> None:
        with suppress(StoreUnreachable):  # it could not flush what is removed anyway
            self._ask(self._shard.close)
        if (gone := shard.set_aside(self._path)) is not None:
            shutil.rmtree(gone, ignore_errors=True)
        shard.create(self._path, self.dimensions)
        self._shard = self._load()

    def point_here(self) -> None:
        """Nothing to do: only Cairn reads this store."""

    def search(self, query: VectorQuery) -> Candidates:
        check_query(query, self.dimensions)
        repo = Where(query.where.repo)
        # To ask every point whether it is of the only repository there is takes a quarter of a search.
        alone = self._holds_only(repo.repo)
        where = None if alone and query.where == repo else _filter(query.where)
        by_meaning: list[tuple[str, float]] = []
        by_words: list[tuple[str, float]] = []
        if query.dense is not None:
            nearest = edge.Query.Nearest(query.dense.tolist(), using="dense")
            by_meaning = self._best(edge.QueryRequest(query.limit, query=nearest, filter=where))
        if query.indices is not None and query.values is not None and len(query.indices):
            words = edge.SparseVector(query.indices.tolist(), query.values.tolist())
            # Word statistics of this repository's live points: plain IDF counts deleted points and
            # other repositories as well.
            live = edge.Filter() if alone else _filter(repo)
            corpus = edge.SearchParams(idf=edge.IdfParams(corpus=live))
            nearest = edge.Query.Nearest(words, using="sparse")
            request = edge.QueryRequest(query.limit, query=nearest, filter=where, params=corpus)
            by_words = self._best(request)
        return Candidates(by_meaning, by_words)

    def _holds_only(self, repo: str) -> bool:
        found = self._ask(self._shard.facet, edge.FacetRequest("repo", limit=2))  # .02 ms
        return [hit.value for hit in found.hits] == [repo]

    @contextmanager
    def ask(self, queries: Iterable[VectorQuery]) -> Iterator[Iterator[Candidates]]:
        yield map(self.search, queries)

    def dense(self, ids: Sequence[str]) -> dict[str, NDArray[np.float16]]:
        found: dict[str, NDArray[np.float16]] = {}
        for start in range(0, len(ids), _PAGE):
            asked = [as_uuid(id) for id in ids[start : start + _PAGE]]
            for record in self._ask(self._shard.retrieve, asked, False, ["dense"]):
                vectors: Any = record.vector
                if "dense" in vectors:  # not where a file of it was lost
                    found[str(record.id)] = np.array(vectors["dense"], dtype=np.float16)
        return found

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        found: dict[str, Stored] = {}
        for start in range(0, len(ids), _PAGE):
            asked = [as_uuid(id) for id in ids[start : start + _PAGE]]
            for record in self._ask(self._shard.retrieve, asked, True, True):
                vectors: Any = record.vector
                words = vectors.get("sparse")
                indices, values = (words.indices, words.values) if words else ((), ())
                found[str(record.id)] = stored(vectors.get("dense", ()), indices, values, record.payload)
        return found

    def ids(self, repo: str) -> Iterator[str]:
        after: str | None = None
        while True:
            page, after = self.ids_after(repo, after)
            yield from page
            if after is None:
                return

    def ids_after(self, repo: str, after: str | None) -> tuple[list[str], str | None]:
        """One page of `ids`, and where the next one starts."""
        offset = None if after is None else as_uuid(after)
        request = edge.ScrollRequest(
            offset=offset, limit=_PAGE, filter=_filter(Where(repo)), with_payload=False, with_vector=False
        )
        records, following = self._ask(self._shard.scroll, request)
        return [str(record.id) for record in records], None if following is None else str(following)

    def sizes(self) -> tuple[int, int]:
        """The live points, and those that the disk holds dense vectors of, dead ones included."""
        # These files grow in holes of 32 MB.
        files = self._path.glob(f"{shard.SEGMENTS}/*/vector_storage-dense/vectors/*.mmap")
        held = sum(file.stat().st_blocks for file in files) * 512 // (2 * self.dimensions)
        return self._ask(self._shard.info).points_count, held

    def copy_page(self, other: EdgeVectors, after: str | None) -> str | None:
        """Write one page of all points to `other`, and return where the next one starts."""
        offset = None if after is None else as_uuid(after)
        request = edge.ScrollRequest(offset=offset, limit=_UPDATE_POINTS, with_payload=True, with_vector=True)
        records, following = self._ask(self._shard.scroll, request)
        points = [edge.Point(str(one.id), one.vector or {}, one.payload or {}) for one in records]
        if points:
            other._update(edge.UpdateOperation.upsert_points(points))
        return None if following is None else str(following)

    def count(self, repo: str) -> int:
        return self._ask(self._shard.count, edge.CountRequest(exact=True, filter=_filter(Where(repo))))

    def flush(self) -> None:
        self._see_to_room()
        self._ask(self._shard.flush)

    def sync(self) -> None:
        """Let the disk have every file as it is. Others may search meanwhile, and must not write."""
        with ThreadPoolExecutor(_WRITERS) as writers:
            list(writers.map(shard.sync, [self._path, *self._path.rglob("*")]))

    def _see_to_room(self) -> None:
        free = shutil.disk_usage(self._path).free
        if free < _ROOM:
            raise no_room(self._path, f"{free / 1e6:.0f} MB are free, {_ROOM / 1e6:.0f} are needed")

    def let_go(self) -> None:
        """Keep no more in memory than searches need (mapped.py)."""
        let_go(self._path)

    def close(self) -> None:
        """Flush and let go of the directory. Closing twice is harmless."""
        if self._lock.held:
            try:
                self._ask(self._shard.close)
            finally:
                self._lock.release()

    def _best(self, request: edge.QueryRequest) -> list[tuple[str, float]]:
        # Edge leaves the order of equal scores open.
        points: Any = self._ask(self._shard.query, request)
        hits = sorted([(-point.score, _written(point.id.int)) for point in points])
        return [(id, -score) for score, id in hits]

    def _ask(self, call: Callable[..., _Answer], *arguments: object) -> _Answer:
        try:
            return call(*arguments)
        except BaseException as error:
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            raise StoreUnreachable(
                f"the vectors in {self._path} refused ({shard.said(error)}); what was not flushed has to be "
                f"sent again. Where it stays so, {REBUILD}"
            ) from error


@lru_cache(maxsize=32_768)  # the same points come up again; writing an id costs as much as finding it
def _written(id: int) -> str:
    return str(UUID(int=id))


def _build(points: Points, start: int, stop: int) -> list[edge.Point]:
    """The points with their vectors alone."""
    size = points.dense.shape[1]
    first, last = points.offsets[start], points.offsets[stop]
    dense = _plain("f", points.dense[start:stop].astype(np.float32))
    indices = _plain("I", points.indices[first:last])
    values = _plain("f", points.values[first:last])
    ends = (points.offsets[start : stop + 1] - first).tolist()
    built = []
    for row, id in enumerate(points.ids[start:stop]):
        words = edge.SparseVector(indices[ends[row] : ends[row + 1]], values[ends[row] : ends[row + 1]])
        built.append(edge.Point(id, {"dense": dense[row * size : (row + 1) * size], "sparse": words}))
    return built


def _describe(points: Points, start: int, stop: int) -> Iterator[edge.UpdateOperation]:
    """Give the points their payloads. Edge takes longer to read one than to read the vectors, and those of a
    file are one."""
    payloads = zip(points.ids[start:stop], points.payloads[start:stop], strict=True)
    for payload, same in groupby(payloads, key=itemgetter(1)):
        yield edge.UpdateOperation.overwrite_payload([id for id, _ in same], dict(payload))


def _plain(code: str, numbers: NDArray[np.generic]) -> Any:
    # Edge's stub asks for a list, its code for any sequence: array.array costs a third less than a list.
    return array(code, numbers.tobytes())


def _filter(where: Where) -> edge.Filter:
    must: list[Any] = [edge.FieldCondition("repo", match=edge.MatchValue(where.repo))]
    if where.languages:
        must.append(edge.FieldCondition("language", match=edge.MatchAny(list(where.languages))))
    if where.kinds:
        must.append(edge.FieldCondition("kind", match=edge.MatchAny(list(where.kinds))))
    places: list[Any] = [
        edge.FieldCondition("path", match=edge.MatchPrefix(folder)) for folder in where.folders
    ]
    if where.paths:
        places.append(edge.FieldCondition("path", match=edge.MatchAny(list(where.paths))))
    if places:
        must.append(edge.Filter(should=places))
    return edge.Filter(must=must)
