"""Small collections of points with known neighbours, and the end of the keepers that tests start."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from indexer.store import Points, VectorQuery, Where
from indexer.store.embedded import KeeperVectors
from indexer.store.locking import Lock
from indexer.store.owner import LOCK_FILE, read_owner

DIMENSIONS = 8
TREE = {"a.py": (1, 2), "b.py": (1, 3)}


def point_id(repo: str, path: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{repo}/{path}"))


def make_points(
    repo: str,
    words: Mapping[str, Sequence[int]],
    *,
    language: str = "python",
    kind: str = "code",
    seed: int = 0,
) -> Points:
    """One point per path of `words`, with those words at weight 1 and a random unit vector."""
    generator = np.random.default_rng(seed)
    dense = generator.normal(size=(len(words), DIMENSIONS))
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    lengths = [len(row) for row in words.values()]
    return Points(
        ids=[point_id(repo, path) for path in words],
        dense=dense.astype(np.float16),
        offsets=np.cumsum([0, *lengths], dtype=np.int64),
        indices=np.array([word for row in words.values() for word in row], dtype=np.uint32),
        values=np.ones(sum(lengths), dtype=np.float32),
        payloads=[{"repo": repo, "path": path, "language": language, "kind": kind} for path in words],
    )


def make_many(repo: str, number: int, seed: int = 0) -> Points:
    """`number` points with one rare and two common words each."""
    words = {f"src/part{i // 10}/file{i}.py": (i + 100, i % 7, 10 + i % 3) for i in range(number)}
    return make_points(repo, words, seed=seed)


def words(repo: str, *indices: int, limit: int = 10, **where: tuple[str, ...]) -> VectorQuery:
    return VectorQuery(
        Where(repo, **where),
        limit,
        indices=np.array(indices, dtype=np.uint32),
        values=np.ones(len(indices), dtype=np.float32),
    )


def stop_keeper(data: Path) -> None:
    """End the keeper of `data`, if there is one, and wait until it is gone."""
    owner = read_owner(data)
    if owner is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(owner.pid, signal.SIGTERM)
    wait_until_free(data)


def wait_until_free(data: Path) -> None:
    for _ in range(3000):
        lock = Lock.take(data / LOCK_FILE) if data.exists() else None
        if lock is not None or not data.exists():
            if lock is not None:
                lock.release()
            return
        time.sleep(0.01)
    raise AssertionError(f"the keeper of {data} did not leave")


def vectors_in(data: Path, **options: float) -> KeeperVectors:
    return KeeperVectors(data, "points", DIMENSIONS, **options)


def pid_of(data: Path) -> int:
    owner = read_owner(data)
    assert owner is not None, "no keeper is published"
    return owner.pid


def kill(data: Path) -> None:
    os.kill(pid_of(data), signal.SIGKILL)
    wait_until_free(data)


@contextlib.contextmanager
def forked() -> Iterator[None]:
    """A child that holds what this process has open, as one does until it starts its own program."""
    child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
    child.start()
    try:
        yield
    finally:
        child.kill()
        child.join()
