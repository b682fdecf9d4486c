"""The seam of the vector store: points in, candidates out. One interface, two engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Payload = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Points:
    """A batch of points, by column.

    `dense` is float16 of shape (n, dimensions); sparse vector i is `indices[offsets[i]:offsets[i+1]]`
    (uint32) with `values` (float32) in the same places. `payloads` hold the strings `repo`, `path`,
    `language` and `kind`; where an index is made with its texts also `text`, `symbols`, `start_line` and
    `end_line`.
    """

    ids: Sequence[str]
    dense: NDArray[np.float16]
    offsets: NDArray[np.int64]
    indices: NDArray[np.uint32]
    values: NDArray[np.float32]
    payloads: Sequence[Payload]


@dataclass(frozen=True, slots=True)
class Where:
    """Which points may answer. Empty means all. `folders` are prefixes of `path` ending in "/"."""

    repo: str
    paths: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VectorQuery:
    """What is looked for: a unit vector (dimensions,), a sparse vector, or both."""

    where: Where
    limit: int
    dense: NDArray[np.float32] | None = None
    indices: NDArray[np.uint32] | None = None
    values: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True)
class Candidates:
    """Ids with raw scores, best first: cosine similarity and the BM25 sum."""

    by_meaning: Sequence[tuple[str, float]] = ()
    by_words: Sequence[tuple[str, float]] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """One point as the store holds it: `indices` ascending, `values` in the same places."""

    dense: NDArray[np.float16]
    indices: NDArray[np.uint32]
    values: NDArray[np.float32]
    payload: Payload


class Vectors(Protocol):
    """A collection of points for one fingerprint, shared by all repositories.

    Every method raises StoreUnreachable when the store does not answer: that is never an empty
    answer. Writes are durable only after `flush`. When `flush` raises, everything written since the
    last successful one may be gone and has to be written again; doing it twice changes nothing.
    """

    def upsert(self, points: Points) -> None:
        """Add or replace points. Raises BadInput, and stores none of them, when they do not fit."""
        ...

    def upsert_packed(self, blob: bytes) -> None:
        """Upsert `pickle.dumps(points, 5)`, which workers make and nobody in between unpacks."""
        ...

    def delete(self, ids: Sequence[str]) -> None: ...

    def delete_repo(self, repo: str) -> None: ...

    def search(self, query: VectorQuery) -> Candidates: ...

    def ask(self, queries: Iterable[VectorQuery]) -> AbstractContextManager[Iterator[Candidates]]:
        """Begin several searches and hand out their answers in order, each waited for when it is taken: the
        store goes on meanwhile, and has begun with one query before the next is made."""
        ...

    def dense(self, ids: Sequence[str]) -> dict[str, NDArray[np.float16]]:
        """The dense vectors of those of `ids` that exist."""
        ...

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        """Everything of those of `ids` that exist, bit for bit."""
        ...

    def ids(self, repo: str) -> Iterator[str]: ...

    def count(self, repo: str) -> int: ...

    def drop(self, repos: Iterable[str]) -> None:
        """Remove the collection, which held these repositories, damaged beyond reading or not. On a server,
        where others may use it too, only their points, and the collection when nothing is left."""
        ...

    def point_here(self) -> None:
        """Say to readers that are not of ours that this collection is the one to ask."""
        ...

    def flush(self) -> None: ...

    def close(self) -> None: ...
