"""What SQLite or the system says of a file of ours -> the error that tells a reader what to do."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import CairnError, IndexBusy, IndexDamaged, NotWritable

REBUILD = "run: cairn index --rebuild (it knows the repositories, and lays the damaged files aside)"
_RIGHTS = (
    "the embedded store writes there even to search. Give this user the right to, or copy the data directory "
    "to a place where it may and name that with --data. Nothing that was indexed is lost"
)
_FULL = frozenset({sqlite3.SQLITE_FULL})
_CLOSED = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_LOG_INDEX = 32_768  # bytes: the least it takes, https://sqlite.org/walformat.html#the_wal_index_file_format


@contextmanager
def explained(path: Path, what: str = "the catalog", remedy: str = REBUILD) -> Iterator[None]:
    """Raise IndexDamaged, NotWritable or IndexBusy for what goes wrong with the database at `path`."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _of_sqlite(f"{what} {path}", remedy, path, error) from error
    except (zlib.error, UnicodeDecodeError) as error:
        raise IndexDamaged(f"a text in {what} {path} is damaged ({error}); {remedy}") from error
    except OSError as error:
        raise not_writable(path, error) from error


@contextmanager
def written(path: Path) -> Iterator[None]:
    """Raise NotWritable where the system does not let a file or folder of the data directory be made."""
    try:
        yield
    except OSError as error:
        raise not_writable(path, error) from error


def not_writable(path: Path, error: OSError) -> CairnError:
    """The error for a file of the data directory that the system would not let us write."""
    said = error.strerror or str(error)
    if error.errno in _NO_ROOM:
        return no_room(path, said)
    if error.errno == errno.ENOENT:
        return _gone(path)
    return NotWritable(f"{path} cannot be written ({said}); {_RIGHTS}")


def no_room(path: Path, said: str) -> NotWritable:
    return NotWritable(
        f"there is no room for {path} ({said}); make room on that disk and run the same command again. "
        "Nothing that was indexed is lost"
    )


def _gone(path: Path) -> IndexDamaged:
    return IndexDamaged(
        f"{path} is gone: the data directory was deleted or moved while this process was using it. What it "
        "held has to be indexed again; for each repository run: cairn index PATH"
    )


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether it is the file that is at fault, and not the disk, the rights or another process."""
    return _code(error) not in _FULL | _CLOSED | _BUSY | {sqlite3.SQLITE_IOERR}


def _of_sqlite(what: str, remedy: str, path: Path, error: sqlite3.DatabaseError) -> CairnError:
    code = _code(error)
    if code in _FULL:
        return no_room(path, str(error))
    if code in _CLOSED:
        if not path.parent.exists():
            return _gone(path)
        return NotWritable(f"{what} cannot be opened for writing ({error}); {_RIGHTS}")
    if code == sqlite3.SQLITE_IOERR and _is_full(path):
        return no_room(path, str(error))
    if code == sqlite3.SQLITE_IOERR:
        return NotWritable(
            f"the disk failed under {what} ({error}); see to its space and health, and run the "
            "same command again"
        )
    if code in _BUSY:
        return IndexBusy(f"another process has been writing {what} for a while ({error}); try again")
    return IndexDamaged(f"{what} is damaged ({error}); {remedy}")


def _code(error: sqlite3.DatabaseError) -> int:
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF  # the rest tells it finer


def _is_full(path: Path) -> bool:
    """Whether there is no room even for the index of the write-ahead log, without which nothing is read."""
    try:
        return shutil.disk_usage(path.parent).free < _LOG_INDEX
    except OSError:
        return False
