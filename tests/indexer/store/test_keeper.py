"""The process that owns the embedded vectors: found, shared, replaced, and never a way to lose a flush."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from indexer.errors import IndexBusy, IndexDamaged, StoreUnreachable
from indexer.store.edge import EdgeVectors
from indexer.store.embedded import KeeperVectors
from indexer.store.locking import Lock
from indexer.store.owner import LOCK_FILE, OWNER_FILE

from .make import (
    DIMENSIONS,
    TREE,
    kill,
    make_many,
    make_points,
    pid_of,
    point_id,
    stop_keeper,
    vectors_in,
    wait_until_free,
    words,
)

ROOT = Path(__file__).parents[3]

# What another process of this program does: count through the keeper and name it, once per line read.
CALLER = """
import sys
from pathlib import Path
from indexer.store.embedded import KeeperVectors
from indexer.store.owner import read_owner
data = Path(sys.argv[1])
vectors = KeeperVectors(data, "points", 8)
for line in sys.stdin:
    print(vectors.count("shop"), read_owner(data).pid, flush=True)
"""


class Caller:
    """Another process that uses the same data directory."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", CALLER, str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=data,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )

    def ask(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def hear(self) -> tuple[int, int]:
        """The count it got, and the keeper it got it from."""
        assert self.process.stdout is not None
        count, pid = self.process.stdout.readline().split()
        return int(count), int(pid)

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def callers(data: Path):  # type: ignore[no-untyped-def]
    started = [Caller(data) for _ in range(3)]
    yield started
    for caller in started:
        caller.end()


def test_two_collections_share_one_keeper(data: Path) -> None:
    here = vectors_in(data)
    there = KeeperVectors(data, "others", 3)
    here.upsert(make_points("shop", TREE))
    assert (here.count("shop"), there.count("shop")) == (2, 0)
    assert {path.name for path in (data / "vectors").iterdir() if path.is_dir()} == {"points", "others"}


def test_callers_that_start_at_once_end_up_with_one_keeper(data: Path, callers: list[Caller]) -> None:
    for caller in callers:
        caller.ask()
    answers = {caller.hear() for caller in callers}
    assert answers == {(0, pid_of(data))}
    running = [
        entry.name
        for entry in Path("/proc").glob("[0-9]*")
        if os.fsencode(data) in _command(entry) and b"boot.py" in _command(entry)
    ]
    assert running in ([], [str(pid_of(data))])  # [] where there is no /proc


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def test_the_keeper_outlives_the_caller_that_started_it(data: Path, callers: list[Caller]) -> None:
    first, *others = callers
    first.ask()
    _, keeper = first.hear()
    for caller in others:
        caller.ask()
    assert [caller.hear() for caller in others] == [(0, keeper), (0, keeper)]
    os.killpg(first.process.pid, signal.SIGKILL)
    first.process.wait()
    vectors_in(data).upsert(make_points("shop", TREE))
    for caller in others:
        caller.ask()
    assert [caller.hear() for caller in others] == [(2, keeper), (2, keeper)]


def test_a_killed_keeper_is_replaced_and_flushed_points_are_there(data: Path) -> None:
    vectors = vectors_in(data)
    points = make_points("shop", TREE)
    vectors.upsert(points)
    vectors.flush()
    before = pid_of(data)
    kill(data)
    assert vectors.count("shop") == 2
    assert pid_of(data) != before
    assert np.array_equal(vectors.dense(points.ids)[points.ids[0]], points.dense[0])


@pytest.mark.parametrize("taken", [0, 1], ids=["before its first answer", "between two answers"])
def test_a_keeper_killed_while_it_was_asked_is_replaced_and_answers_all(data: Path, taken: int) -> None:
    vectors = vectors_in(data)
    vectors.upsert(make_points("shop", TREE))
    vectors.flush()
    with vectors.ask([words("shop", 2), words("shop", 3)]) as answers:
        found = [next(answers).by_words[0][0] for _ in range(taken)]
        kill(data)
        found += [answer.by_words[0][0] for answer in answers]
    assert found == [point_id("shop", "a.py"), point_id("shop", "b.py")]
    assert len(vectors.search(words("shop", 1)).by_words) == 2


def test_a_keeper_killed_between_two_searches_is_missed_by_neither(data: Path) -> None:
    vectors = vectors_in(data)
    vectors.upsert(make_points("shop", TREE))
    vectors.flush()
    kill(data)  # the line that is free now leads to nobody
    with vectors.ask([words("shop", 2), words("shop", 3)]) as answers:
        found = [answer.by_words[0][0] for answer in answers]
    assert found == [point_id("shop", "a.py"), point_id("shop", "b.py")]


def test_an_answer_that_nobody_took_is_given_to_nobody_else(data: Path) -> None:
    vectors = vectors_in(data)
    vectors.upsert(make_points("shop", TREE))
    with vectors.ask([words("shop", 2), words("shop", 3)]) as answers:
        next(answers)  # and then the caller gives up
    assert vectors.search(words("shop", 2)).by_words[0][0] == point_id("shop", "a.py")
    assert vectors.search(words("shop", 1, 3)).by_words[0][0] == point_id("shop", "b.py")


def test_flush_tells_that_the_keeper_died_with_unflushed_points(data: Path) -> None:
    vectors = vectors_in(data)
    vectors.upsert(make_points("shop", TREE))
    kill(data)
    with pytest.raises(StoreUnreachable, match="written again"):
        vectors.flush()
    vectors.upsert(make_points("shop", TREE))
    vectors.flush()
    assert vectors.count("shop") == 2


def test_flush_tells_it_even_when_another_write_met_the_new_keeper_first(data: Path) -> None:
    vectors = vectors_in(data)
    vectors.upsert(make_points("shop", {"a.py": (1,)}))
    kill(data)
    vectors.upsert(make_points("shop", {"b.py": (2,)}))
    vectors.delete([])
    with pytest.raises(StoreUnreachable, match="written again"):
        vectors.flush()
    vectors.flush()  # said once; what was written after it is safe
    assert vectors.count("shop") == 1


@pytest.mark.parametrize("milliseconds", [0, 2, 5, 15, 40])
def test_no_flushed_point_is_lost_when_the_keeper_is_killed_at_work(data: Path, milliseconds: int) -> None:
    vectors = vectors_in(data)
    kept = make_many("kept", 1500, seed=1)
    vectors.upsert(kept)
    vectors.flush()
    coming = make_many("coming", 3000, seed=2)

    def write() -> None:
        vectors.upsert(coming)
        vectors.delete(kept.ids[:500])
        vectors.flush()

    failures: list[StoreUnreachable] = []

    def try_to_write() -> None:
        try:
            write()
        except StoreUnreachable as error:
            failures.append(error)

    writer = threading.Thread(target=try_to_write)
    writer.start()
    time.sleep(milliseconds / 1000)
    kill(data)
    writer.join()
    survived = set(vectors.ids("kept"))
    assert survived >= set(kept.ids[500:])
    if failures:
        write()
    assert set(vectors.ids("kept")) == set(kept.ids[500:])
    assert set(vectors.ids("coming")) == set(coming.ids)
    for points in (kept, coming):
        stored = vectors.dense(points.ids[500:])
        assert np.array_equal(np.stack([stored[id] for id in points.ids[500:]]), points.dense[500:])
    found = vectors.search(words("coming", 2500 + 100)).by_words
    assert [id for id, _ in found] == [coming.ids[2500]]


def test_a_keeper_told_to_stop_keeps_even_what_was_not_flushed(data: Path) -> None:
    vectors = vectors_in(data)
    vectors.upsert(make_points("shop", TREE))
    stop_keeper(data)
    assert not (data / OWNER_FILE).exists()
    assert vectors.count("shop") == 2


def test_the_keeper_leaves_when_nobody_calls_and_comes_back(data: Path) -> None:
    vectors = vectors_in(data, idle_seconds=0.1)
    vectors.upsert(make_points("shop", TREE))
    vectors.flush()
    vectors.close()
    wait_until_free(data)
    assert not (data / OWNER_FILE).exists()
    assert (data / "keeper.log").read_text() == ""
    assert vectors.count("shop") == 2


def test_a_connected_caller_keeps_the_keeper(data: Path) -> None:
    vectors = vectors_in(data, idle_seconds=0.1)
    vectors.count("shop")
    before = pid_of(data)
    time.sleep(1.2)  # more than two glances of the keeper
    vectors.count("shop")
    assert pid_of(data) == before


def test_a_removed_data_directory_ends_its_keeper(data: Path) -> None:
    vectors_in(data).count("shop")
    lock = data / LOCK_FILE
    (data / OWNER_FILE).unlink()
    wait_until_free(data)
    taken = Lock.take(lock)
    assert taken is not None
    taken.release()


def test_a_damaged_collection_is_named_and_the_others_serve_on(data: Path) -> None:
    vectors = vectors_in(data)
    vectors.upsert(make_points("shop", TREE))
    stop_keeper(data)
    broken = data / "vectors" / "broken"
    (broken / "segments" / "junk").mkdir(parents=True)
    (broken / "edge_config.json").write_text("{")
    with pytest.raises(IndexDamaged, match=r"vectors/broken cannot be read.*index --rebuild"):
        KeeperVectors(data, "broken", DIMENSIONS).count("shop")
    assert vectors.count("shop") == 2


def test_vectors_of_another_size_are_refused_not_replaced(data: Path) -> None:
    vectors = vectors_in(data)
    vectors.upsert(make_points("shop", TREE))
    stop_keeper(data)
    with pytest.raises(IndexDamaged, match="model they were made with"):
        KeeperVectors(data, "points", DIMENSIONS + 1).count("shop")
    assert vectors.count("shop") == 2


def test_a_collection_that_was_cut_short_while_made_is_made_again(data: Path) -> None:
    unfinished = data / "vectors" / ".points.abc"
    unfinished.mkdir(parents=True)
    assert vectors_in(data).count("shop") == 0


def test_an_edge_directory_is_open_once(tmp_path: Path) -> None:
    first = EdgeVectors(tmp_path / "points", DIMENSIONS)
    with pytest.raises(IndexBusy, match="another process"):
        EdgeVectors(tmp_path / "points", DIMENSIONS)
    first.close()
    first.close()
    EdgeVectors(tmp_path / "points", DIMENSIONS).close()


def test_many_threads_may_search_through_one_object(data: Path) -> None:
    vectors = vectors_in(data)
    points = make_many("shop", 200)
    vectors.upsert(points)
    answers: dict[int, str] = {}

    def look(i: int) -> None:
        for _ in range(5):
            answers[i] = vectors.search(words("shop", i + 100)).by_words[0][0]

    threads = [threading.Thread(target=look, args=(i,)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {i: points.ids[i] for i in range(12)}


def test_a_forked_child_gets_lines_of_its_own(data: Path) -> None:
    script = """
import os, sys
from pathlib import Path
from indexer.store.embedded import KeeperVectors
vectors = KeeperVectors(Path(sys.argv[1]), "points", 8)
vectors.count("shop")
child = os.fork()
for _ in range(200):
    vectors.count("shop")
if child:
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    ended = subprocess.run(
        [sys.executable, "-P", "-c", script, str(data)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_bug_in_the_keeper_is_told_as_a_bug(data: Path) -> None:
    vectors = vectors_in(data)
    with pytest.raises(RuntimeError, match="KeyError: 'no_such_call'"):
        vectors._call("no_such_call")
    assert vectors.count("shop") == 0
    (data / "keeper.log").unlink()
