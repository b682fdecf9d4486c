"""Search through the keeper, quiet and while another process writes: latencies, memory, disk, start-up.

    python -m benchmarks.keeper_search [POINTS]

Points are random (256 numbers, up to 60 words), so this says nothing about quality. A query asks for
100 candidates on each side, as a search does. The writer upserts another repository as fast as the
keeper takes it, which no indexer does, and flushes every 4,000 points, as the indexer does.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.synchronize
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.keeper_kills import DIMENSIONS, make_points
from indexer.store import Points, VectorQuery, Where
from indexer.store.embedded import KeeperVectors
from indexer.store.owner import read_owner

BATCH = 2000
QUERIES = 400
CANDIDATES = 100


def main(number: int) -> None:
    data = Path(tempfile.mkdtemp(prefix="cairn-search-"))
    vectors = KeeperVectors(data, "bench", DIMENSIONS)
    print(f"start an empty keeper   {_seconds(lambda: vectors.count('repo')):.2f} s")
    points = make_points("repo", number, 1)
    blobs = [pickle.dumps(_cut(points, at, min(at + BATCH, number)), 5) for at in range(0, number, BATCH)]
    before, started = _cpu(data), time.perf_counter()
    for blob in blobs:
        vectors.upsert_packed(blob)
    upserted = time.perf_counter() - started
    flushed = _seconds(vectors.flush)
    print(
        f"upsert {number} points    {upserted:.2f} s, flush {flushed:.2f} s, CPU {_cpu(data) - before:.2f} s"
    )
    print(f"memory after writing    {_memory(data)}, disk {_disk(data):.0f} MB")
    print(f"search, quiet           {_latencies(vectors, points)}")
    spawning = multiprocessing.get_context("spawn")
    stop = spawning.Event()
    writer = spawning.Process(target=_write_until, args=(data, stop))
    writer.start()
    while vectors.count("writer") == 0:
        time.sleep(0.1)
    print(f"search, while writing   {_latencies(vectors, points)}")
    stop.set()
    writer.join()
    _end(data, signal.SIGTERM)
    vectors.close()
    print(f"start and open          {_seconds(lambda: vectors.count('repo')):.2f} s")
    _latencies(vectors, points)
    print(f"memory while serving    {_memory(data)}")
    _end(data, signal.SIGTERM)


def _write_until(data: Path, stop: multiprocessing.synchronize.Event) -> None:
    vectors = KeeperVectors(data, "bench", DIMENSIONS)
    points = make_points("writer", 4 * BATCH, 2)
    blobs = [pickle.dumps(_cut(points, at, at + BATCH), 5) for at in range(0, 4 * BATCH, BATCH)]
    written, started = 0, time.perf_counter()
    while not stop.is_set():
        vectors.upsert_packed(blobs[written % len(blobs)])
        written += 1
        if written % 2 == 0:
            vectors.flush()
    rate = written * BATCH / (time.perf_counter() - started)
    print(f"the writer meanwhile    {rate:.0f} points/s")


def _cut(points: Points, start: int, stop: int) -> Points:
    first, last = points.offsets[start], points.offsets[stop]
    return Points(
        ids=points.ids[start:stop],
        dense=points.dense[start:stop],
        offsets=points.offsets[start : stop + 1] - first,
        indices=points.indices[first:last],
        values=points.values[first:last],
        payloads=points.payloads[start:stop],
    )


def _latencies(vectors: KeeperVectors, points: Points) -> str:
    taken = []
    for i in range(QUERIES):
        words = points.indices[points.offsets[i] : points.offsets[i] + 6]
        query = VectorQuery(
            Where("repo"),
            CANDIDATES,
            points.dense[i].astype(np.float32),
            words,
            np.ones(len(words), np.float32),
        )
        started = time.perf_counter()
        vectors.search(query)
        taken.append(1000 * (time.perf_counter() - started))
        time.sleep(0.005)  # a user does not ask without a pause
    p50, p95, p99 = np.percentile(taken, [50, 95, 99])
    return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, longest {max(taken):.1f} ms"


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _pid(data: Path) -> int:
    owner = read_owner(data)
    assert owner is not None
    return owner.pid


def _cpu(data: Path) -> float:
    fields = Path(f"/proc/{_pid(data)}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(data: Path) -> str:
    process = Path(f"/proc/{_pid(data)}")
    lines = [
        *(process / "smaps_rollup").read_text().splitlines(),
        *(process / "status").read_text().splitlines(),
    ]
    sizes = {line.split(":")[0]: line.split()[1] for line in lines if line.endswith("kB")}
    return (
        f"PSS {int(sizes['Pss']) // 1024} MB, RSS {int(sizes['VmRSS']) // 1024} MB, "
        f"anonymous {int(sizes['RssAnon']) // 1024} MB"
    )


def _disk(data: Path) -> float:
    return (
        float(subprocess.run(["du", "-sk", data], capture_output=True, check=True).stdout.split()[0]) / 1024
    )


def _end(data: Path, how: int) -> None:
    os.kill(_pid(data), how)
    with contextlib.suppress(AssertionError):
        while _pid(data):
            time.sleep(0.02)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 17_000)
