"""Turn tasks into batches on all cores, and find the one file that kills a worker."""

from __future__ import annotations

import faulthandler
import gc
import marshal
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

from .embed import Embedder, Matrix, Side
from .prepare import Batch, Task, prepare
from .store.rows import PreparedFile

_FEW_FILES = 48  # starting workers costs about 0.4 s of CPU each: more than preparing this many files
_HANG_SECONDS = 120.0  # for one task, which takes a second or two
_AHEAD = 4  # tasks waiting per worker: enough to never starve, few enough to bound memory


def prepare_all(tasks: list[Task], embedder: Embedder, workers: int = 0, here: int = 0) -> Iterator[Batch]:
    """Yield the batch of each task as it is ready, in any order but for the first: `here` of them are
    prepared in this process while the workers start."""
    files = sum(len(task.paths) for task in tasks[here:])
    workers = workers or available_cores()
    if files <= _FEW_FILES or workers < 2:
        for task in tasks:
            yield prepare(task, embedder)
        return
    yield from _in_workers(tasks[here:], embedder, min(workers, len(tasks) - here), tasks[:here])


def available_cores() -> int:
    """The cores this process may use, at most 16: beyond that one writer is the bottleneck."""
    return min(16, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def _in_workers(
    tasks: Iterable[Task], embedder: Embedder, workers: int, here: Iterable[Task]
) -> Iterator[Batch]:
    waiting = iter(tasks)
    undone: list[Task] = []
    with _pool(embedder, workers) as pool:
        running: dict[Future[_Sent], Task] = {}
        try:
            while True:
                while len(running) < workers * _AHEAD and (task := next(waiting, None)):
                    running[pool.submit(_prepare_here, task)] = task
                for task in here:
                    yield prepare(task, embedder)
                here = ()
                if not running:
                    break
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield _received(future.result())
                    del running[future]  # only now: what is in `running` when the pool breaks is tried again
        except BrokenProcessPool:
            undone = [*running.values(), *waiting]
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    if undone and _can_start(embedder):
        yield from _one_by_one(undone, embedder)
    else:  # no worker starts at all, as below a script that is read from a pipe
        yield from (prepare(task, embedder) for task in undone)


def _can_start(embedder: Embedder) -> bool:
    with _pool(embedder, 1) as pool:
        try:
            return pool.submit(_is_ready).result()
        except BrokenProcessPool:
            return False


def _one_by_one(tasks: Iterable[Task], embedder: Embedder) -> Iterator[Batch]:
    """After a crash: each file in a worker of its own, so that the guilty one is named."""
    singles = [replace(task, paths=(path,)) for task in tasks for path in task.paths]
    pool: ProcessPoolExecutor | None = None
    for task in singles:
        pool = pool or _pool(embedder, 1)
        try:
            yield _received(pool.submit(_prepare_here, task).result())
        except BrokenProcessPool:
            pool = None
            yield Batch(
                [], [], [(task.paths[0], "failed", "the parser crashed or hung on this file", 0, 0, 0)]
            )
    if pool:
        pool.shutdown()


def _pool(embedder: Embedder, workers: int) -> ProcessPoolExecutor:
    # A fork is quicker by half a second, but copies the locks of other threads: a server spawns.
    alone = threading.active_count() == 1 and sys.platform == "linux"
    context = multiprocessing.get_context("fork" if alone else "spawn")
    sent = Awaited(embedder) if embedder.costly else embedder
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(sent,))


class Awaited:
    """Stands in a worker for a costly embedder, which encodes later, in the process that has the model."""

    costly = True

    def __init__(self, embedder: Embedder) -> None:
        self.fingerprint = embedder.fingerprint
        self.dimensions = embedder.dimensions

    def encode(self, texts: Sequence[str], side: Side = "document") -> Matrix:
        raise AssertionError("a costly embedder does not encode in a worker")


_embedder: Embedder


def _start_worker(embedder: Embedder) -> None:
    global _embedder
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who commits
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    gc.set_threshold(100_000)  # a task makes many small objects and no cycles
    _embedder = embedder


def _end_with_parent() -> None:
    """A worker whose parent was killed would wait for tasks forever, and hold the locks it inherited."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _is_ready() -> bool:
    return True


_Sent = tuple[bytes, Batch]  # the rows of a batch, and the rest of it


def _prepare_here(task: Task) -> _Sent:
    """Prepare, or die: a grammar can loop in C, where no time limit of ours is asked."""
    with open(os.devnull, "w") as nowhere:
        faulthandler.dump_traceback_later(_HANG_SECONDS, exit=True, file=nowhere)
        try:
            return _sent(prepare(task, _embedder))
        finally:
            faulthandler.cancel_dump_traceback_later()


def _sent(batch: Batch) -> _Sent:
    """Nearly all of a batch is rows of plain values: marshal writes them in a third of pickle's time."""
    rows = [(f.file, f.chunks, f.texts, f.symbols, f.references, f.bindings) for f in batch.prepared]
    return marshal.dumps(rows), replace(batch, prepared=[])


def _received(sent: _Sent) -> Batch:
    rows, batch = sent
    return replace(batch, prepared=[PreparedFile(*row) for row in marshal.loads(rows)])
