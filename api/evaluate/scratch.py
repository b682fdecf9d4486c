"""A folder of its own for one evaluation, gone when that ends; what a killed one left goes with the next."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from indexer.store.locking import Lock

_PREFIX = "cairn-eval-"
_YOUNG = 60.0  # seconds
_LOCK = "lock"  # held while the folder is used: one without a holder was left by a kill


@contextmanager
def scratch() -> Iterator[Path]:
    """Make it where TMPDIR says. SIGTERM ends the evaluation as Ctrl-C does, so that nothing is left."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))  # for this user alone
    lock = Lock.take(folder / _LOCK)
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield folder
    finally:
        signal.signal(signal.SIGTERM, before)
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            lock.release()


def sweep() -> None:
    """Remove the folders of this user that no evaluation uses any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if _is_old(folder) and (lock := Lock.take(folder / _LOCK)) is not None:
            shutil.rmtree(folder, ignore_errors=True)
            lock.release()


def _is_old(folder: Path) -> bool:
    """Whether it is this user's and was not made just now: then it may not be locked yet."""
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return False
    mine = stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
    return mine and time.time() - status.st_mtime > _YOUNG


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
