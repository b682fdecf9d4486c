"""What went wrong with a file of ours is told by its cause."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from pathlib import Path

import pytest

from indexer.errors import CairnError, IndexDamaged, NotWritable
from indexer.store.catalog import damage_of
from indexer.store.troubles import explained, written


@pytest.mark.parametrize(
    ("free", "said"),
    [(4_096, r"no room for .*catalog\.db \(disk I/O error\); make room"), (10**9, "the disk failed under")],
)
def test_a_disk_that_is_full_is_no_disk_that_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, free: int, said: str
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=free))
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR | 19 << 8  # as for a log whose index finds no room
    with pytest.raises(NotWritable, match=said), explained(tmp_path / "catalog.db"):
        raise error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EROFS, "Read-only file system"), r"locks cannot be written \(Read-only file system\)"),
        (OSError(errno.ENOENT, "No such file"), "locks is gone"),
    ],
)
def test_what_cannot_be_written_is_told_apart_from_what_is_gone(
    tmp_path: Path, error: OSError, said: str
) -> None:
    with pytest.raises(CairnError, match=said) as raised, written(tmp_path / "locks"):
        raise error
    lost, told = isinstance(raised.value, IndexDamaged), str(raised.value)
    assert ("cairn index PATH" in told) is lost
    for hint in ("copy the data directory to a place where it may", "Nothing that was indexed is lost"):
        assert (hint in told) is not lost


def test_a_database_that_cannot_be_opened_is_not_called_damaged(tmp_path: Path) -> None:
    with pytest.raises(NotWritable, match=r"the database .*gone\.db cannot be opened"):
        damage_of(tmp_path / "gone.db")
    (tmp_path / "text.db").write_text("no database at all")
    assert damage_of(tmp_path / "text.db") == "file is not a database"
