"""One writer per repository, among all processes; and nobody else while an index is replaced."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from .errors import IndexBusy
from .store.schema import DataDir, digest_of
from .store.troubles import not_writable

_ALL = "all.lock"  # shared by the writers, held alone by who replaces what they write to


@contextmanager
def writing_lock(data: DataDir, repo: str) -> Iterator[None]:
    """Hold the repository's lock, which ends with the process that holds it. Raises IndexBusy."""
    with (
        _held(data.locks / _ALL, fcntl.LOCK_SH, "the index is being replaced"),
        _held(data.locks / f"{digest_of(repo)}.lock", fcntl.LOCK_EX, f"{repo} is being indexed") as file,
    ):
        _sign(file)
        yield


@contextmanager
def lock_on_all(data: DataDir) -> Iterator[None]:
    """Keep every writer of every repository out. Raises IndexBusy while there is one."""
    with _held(data.locks / _ALL, fcntl.LOCK_EX, "the index is being written") as file:
        _sign(file)
        yield


@contextmanager
def _held(path: Path, how: int, what: str) -> Iterator[TextIO]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(path, "a+")  # noqa: SIM115 (closed below, where an error is the caller's own)
    except OSError as error:
        raise not_writable(path, error) from error
    with file:
        try:
            fcntl.flock(file, how | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            owner = file.read().strip() or "another process"
            raise IndexBusy(f"{what} by {owner}; wait for it, or stop it and run this again") from None
        yield file


def _sign(file: TextIO) -> None:
    """Say who holds the lock, for whoever has to wait."""
    with suppress(OSError):  # it holds without a name too
        os.ftruncate(file.fileno(), 0)
        os.write(file.fileno(), f"process {os.getpid()}".encode())
