"""One writer per repository, among all processes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from .errors import IndexBusy
from .store.schema import DataDir, digest_of
from .store.troubles import not_writable


@contextmanager
def writing_lock(data: DataDir, repo: str) -> Iterator[None]:
    """Hold the repository's lock, which ends with the process that holds it. Raises IndexBusy."""
    path = data.locks / f"{digest_of(repo)}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "a+")  # noqa: SIM115 (closed below, where an error is the caller's own)
    except OSError as error:
        raise not_writable(path, error) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            owner = file.read().strip() or "another process"
            raise IndexBusy(
                f"{repo} is being indexed by {owner}; wait for it, or stop it and run this again"
            ) from None
        _sign(file)
        try:
            yield
        finally:
            fcntl.flock(file, fcntl.LOCK_UN)  # a child that was forked meanwhile holds it too


def _sign(file: TextIO) -> None:
    """Say who holds the lock, for whoever has to wait."""
    with suppress(OSError):  # it holds without a name too
        os.ftruncate(file.fileno(), 0)
        os.write(file.fileno(), f"process {os.getpid()}".encode())
