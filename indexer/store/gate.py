"""Syncs of the current index pass together, who replaces it passes alone: two locks among all processes.

A sync that ended before a swap began was seen by the swap's last look at the files; one that begins
after it finds the new index. So no edit falls between the two. A damaged index begins again here as well.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from ..errors import IndexBusy
from .schema import DataDir
from .troubles import not_writable

_GLANCE = 0.02  # seconds between tries for the lock of a swap


class Gate:
    """`turnstile` is held while somebody waits, so that a stream of syncs keeps no swap out."""

    def __init__(self, data: DataDir) -> None:
        self._folder = data.root / "locks"

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Pass as one of many; waits while a swap is on."""
        with self._open("turnstile") as turnstile, self._open("gate") as gate:
            fcntl.flock(turnstile, fcntl.LOCK_EX)
            fcntl.flock(gate, fcntl.LOCK_SH)
            fcntl.flock(turnstile, fcntl.LOCK_UN)
            yield

    @contextmanager
    def alone(self, patience: float) -> Iterator[None]:
        """Pass when all others have left. Raises IndexBusy when they stay longer than `patience` seconds:
        whoever else wants in waits as long."""
        until = time.monotonic() + patience
        with self._open("turnstile") as turnstile, self._open("gate") as gate:
            _take(turnstile, until)
            _take(gate, until)
            yield

    def _open(self, name: str) -> IO[str]:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            return open(self._folder / name, "a")
        except OSError as error:
            raise not_writable(self._folder, error) from error


def _take(file: IO[str], until: float) -> None:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise IndexBusy(
                    "the index is being written, and is replaced only when nobody writes; try again when the "
                    "sync that is running is done"
                ) from None
            time.sleep(_GLANCE)
