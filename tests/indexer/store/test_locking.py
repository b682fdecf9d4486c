"""A lock is free when its holder lets go, and when the holder ends."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from indexer.lock import writing_lock
from indexer.store.locking import Lock
from indexer.store.schema import DataDir

from .make import forked


def test_a_lock_that_was_let_go_is_free_though_a_forked_child_lives(tmp_path: Path) -> None:
    lock = Lock.take(tmp_path / "lock")
    assert lock is not None
    with forked():
        assert Lock.take(tmp_path / "lock") is None
        lock.release()
        again = Lock.take(tmp_path / "lock")
    assert again is not None
    again.release()


def test_a_repository_can_be_written_again_though_a_forked_child_lives(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    with ExitStack() as children:
        with writing_lock(data, "shop"):
            children.enter_context(forked())
        with writing_lock(data, "shop"):
            pass
