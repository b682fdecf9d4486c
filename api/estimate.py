"""The present index and another model -> how long an index of that model takes, and how much room.

Measured, not guessed: a sample of the indexed files is read, cut and encoded as a sync would.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.pool import available_cores
from indexer.prepare import Task, prepare

from .leftovers import size_of
from .opened import Opened
from .service import Service

_SAMPLE = 200  # chunks
_SECONDS = 10.0  # for the sample: a transformer on a slow machine encodes a few chunks in a second
_TASK_FILES = 8
_ENCODE = 16  # texts of a costly model at a time, between two looks at the clock
_STORING = (
    0.4  # of the time to prepare a chunk is what vectors and rows cost; benchmarks/results/migration.md
)
_VECTOR_BYTES = 2  # float16
_WARM_UP = 2.0  # seconds: worker processes, the keeper


@dataclass(frozen=True, slots=True)
class Estimate:
    """For `files` files in `chunks` chunks, from a sample of `sampled`. `bytes` is what the new index takes,
    `free` what the disk has; while both are there, both are taken."""

    embedder: str
    fingerprint: str
    files: int
    chunks: int
    sampled: int
    seconds: float
    bytes: int
    free: int

    @property
    def fits(self) -> bool:
        return self.bytes < self.free


def estimate(service: Service, to: Opened) -> Estimate:
    """Raises what encoding with the new model raises."""
    current = service.current
    repos = current.catalog.repos()
    counts = [current.catalog.counts(repo) for repo in repos]
    files, chunks = (sum(count[what] for count in counts) for what in ("files", "chunks"))
    sample = _measure(_tasks(current), to)
    workers = to.settings.workers or available_cores()
    preparing = chunks * sample.preparing * (1 + _STORING) / max(1, min(workers, available_cores()))
    dimensions = to.edition.parts.dimensions - current.edition.parts.dimensions
    size = size_of(service.data, current.edition) + chunks * dimensions * _VECTOR_BYTES
    return Estimate(
        embedder=to.edition.embedder,
        fingerprint=to.edition.fingerprint,
        files=files,
        chunks=chunks,
        sampled=sample.chunks,
        seconds=round(preparing + chunks * sample.encoding + _WARM_UP, 1),
        bytes=max(0, size),
        free=shutil.disk_usage(service.data.root).free,
    )


@dataclass(frozen=True, slots=True)
class _Sample:
    """`preparing` and `encoding` are seconds for each chunk."""

    chunks: int = 0
    preparing: float = 0.0
    encoding: float = 0.0


def _tasks(current: Opened) -> list[Task]:
    """Files from all over the repositories, in the order in which they are tried."""
    tasks = []
    for repo in current.catalog.repos():
        if Path(repo.root).is_dir():
            paths = [file.path for file in current.catalog.files(repo)]
            step = max(1, len(paths) // _SAMPLE)
            spread = paths[step // 2 :: step]
            groups = max(1, len(spread) // _TASK_FILES)
            files = current.settings.file_options
            tasks += [Task(repo.name, repo.root, tuple(spread[n::groups]), {}, files) for n in range(groups)]
    return tasks[:: max(1, len(tasks) // (_SAMPLE // _TASK_FILES))]


def _measure(tasks: Sequence[Task], to: Opened) -> _Sample:
    texts: list[str] = []
    chunks, started = 0, time.perf_counter()
    for task in tasks:
        batch = prepare(task, to.embedder)
        texts += batch.inputs
        chunks += sum(len(file.chunks) for file in batch.prepared)
        if chunks >= _SAMPLE or time.perf_counter() - started > _SECONDS:
            break
    if not chunks:
        return _Sample()
    preparing = (time.perf_counter() - started) / chunks
    return _Sample(chunks, preparing, _encoding(texts[:_SAMPLE], to))


def _encoding(texts: Sequence[str], to: Opened) -> float:
    """Seconds for each text of a costly model. What is encoded stays in the cache, so nothing is lost."""
    done, started = 0, time.perf_counter()
    while done < len(texts) and time.perf_counter() - started < _SECONDS:
        to.embedder.encode(texts[done : done + _ENCODE])
        done += _ENCODE
    return (time.perf_counter() - started) / min(done, len(texts)) if texts else 0.0
