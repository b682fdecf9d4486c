"""Kill the keeper again and again while it writes: how many flushed points are lost? (None may be.)

    python benchmarks/keeper_kills.py [KILLS] [SEED]

Each round upserts a repository of its own, deletes a third of an older one and flushes, while another
thread kills the keeper with signal 9: in odd rounds at any moment, in even ones during the flush. What
`flush` did not confirm is written again, as an indexer does. After every round all confirmed points
are read back and compared bit by bit; the exit code is 1 when one is missing, changed or risen from
the dead.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import threading
import time
import uuid
from pathlib import Path

import numpy as np

from indexer.errors import StoreUnreachable
from indexer.store import Points
from indexer.store.embedded import KeeperVectors
from indexer.store.owner import read_owner

DIMENSIONS = 256
POINTS = 2500
WORDS = 60


def main(kills: int, seed: int) -> int:
    rng = random.Random(seed)
    data = Path(tempfile.mkdtemp(prefix="cairn-kills-"))
    vectors = KeeperVectors(data, "kills", DIMENSIONS)
    vectors.count("warm-up")
    confirmed: dict[str, Points] = {}
    unconfirmed = faults = 0
    writing, flushing = _time_writing(vectors, confirmed)
    for round in range(1, kills + 1):
        points = make_points(f"repo{round}", POINTS, seed * 1000 + round)
        older, doomed = _choose(confirmed, rng)
        now = threading.Event()
        delay = rng.uniform(0, writing + flushing if round % 2 else flushing)
        killer = threading.Thread(target=_kill_after, args=(data, now, delay))
        killer.start()
        try:
            if round % 2:
                now.set()
            _write(vectors, points, doomed, now)
        except StoreUnreachable:
            unconfirmed += 1
            killer.join()
            _write(vectors, points, doomed, now)
        killer.join()
        confirmed[f"repo{round}"] = points
        if older:
            confirmed[older] = _without(confirmed[older], len(doomed))
        faults += _faults(vectors, confirmed)
    total = sum(len(points.ids) for points in confirmed.values())
    print(f"{kills} kills, {unconfirmed} flushes refused and repeated, {total} points kept, {faults} faults")
    owner = read_owner(data)
    if owner is not None:
        os.kill(owner.pid, signal.SIGTERM)
    return 1 if faults else 0


def _time_writing(vectors: KeeperVectors, confirmed: dict[str, Points]) -> tuple[float, float]:
    """Write two repositories; return the seconds of an upsert and of a flush, to spread the kills over."""
    spent = (0.0, 0.0)
    for number in range(2):  # the first pays for what is loaded once
        points = make_points(f"first{number}", POINTS, number)
        spent = _write(vectors, points, [], threading.Event())
        confirmed[f"first{number}"] = points
    return spent


def _write(
    vectors: KeeperVectors, points: Points, doomed: list[str], flushing: threading.Event
) -> tuple[float, float]:
    started = time.perf_counter()
    vectors.upsert(points)
    vectors.delete(doomed)
    written = time.perf_counter()
    flushing.set()
    vectors.flush()
    return written - started, time.perf_counter() - written


def _kill_after(data: Path, signalled: threading.Event, seconds: float) -> None:
    signalled.wait()
    time.sleep(seconds)
    owner = read_owner(data)
    if owner is not None:
        os.kill(owner.pid, signal.SIGKILL)


def _choose(confirmed: dict[str, Points], rng: random.Random) -> tuple[str, list[str]]:
    candidates = [repo for repo, points in confirmed.items() if len(points.ids) > POINTS // 2]
    if not candidates:
        return "", []
    older = rng.choice(candidates)
    return older, list(confirmed[older].ids[: POINTS // 3])


def _faults(vectors: KeeperVectors, confirmed: dict[str, Points]) -> int:
    faults = 0
    for repo, points in confirmed.items():
        stored = vectors.dense(points.ids)
        listed = set(vectors.ids(repo))
        wrong = [
            id
            for id, dense in zip(points.ids, points.dense, strict=True)
            if id not in stored or not np.array_equal(stored[id], dense)
        ]
        risen = listed - set(points.ids)
        unlisted = set(points.ids) - listed
        if wrong or risen or unlisted:
            print(f"{repo}: {len(wrong)} missing or changed, {len(risen)} risen, {len(unlisted)} unlisted")
            faults += len(wrong) + len(risen) + len(unlisted)
    return faults


def make_points(repo: str, number: int, seed: int) -> Points:
    """Random unit vectors and words, one repository of a realistic width."""
    rng = np.random.default_rng(seed)
    dense = rng.normal(size=(number, DIMENSIONS))
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    # Words are drawn as in text: a few are everywhere, most are rare.
    drawn = np.minimum((rng.pareto(0.6, size=(number, WORDS)) * 3).astype(np.int64), 59_999)
    rows = [np.unique(row) for row in drawn]
    indices = np.concatenate(rows).astype(np.uint32)
    payloads = [
        {"repo": repo, "path": f"pkg{i // 600}/file{i // 6}.py", "language": "python", "kind": "code"}
        for i in range(number)
    ]
    return Points(
        ids=[str(uuid.uuid5(uuid.NAMESPACE_URL, f"{repo}/{i}")) for i in range(number)],
        dense=dense.astype(np.float16),
        offsets=np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64),
        indices=indices,
        values=np.ones(len(indices), dtype=np.float32),
        payloads=payloads,
    )


def _without(points: Points, number: int) -> Points:
    start = points.offsets[number]
    return Points(
        ids=points.ids[number:],
        dense=points.dense[number:],
        offsets=points.offsets[number:] - start,
        indices=points.indices[start:],
        values=points.values[start:],
        payloads=points.payloads[number:],
    )


if __name__ == "__main__":
    sys.exit(main(*(int(argument) for argument in (sys.argv[1:] + ["40", "1"][len(sys.argv) - 1 :]))))
