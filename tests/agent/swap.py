"""Two paths -> exchanged at one stroke, as somebody would who races the agent."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of renameat2(2)


@contextmanager
def swapping(one: Path, other: Path) -> Iterator[None]:
    """Exchange the two over and over while the block runs."""
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "renameat2"):
        pytest.skip("this C library has no renameat2")
    done = Event()

    def swap() -> None:
        while not done.is_set():
            libc.renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)

    swapper = Thread(target=swap)
    swapper.start()
    try:
        yield
    finally:
        done.set()
        swapper.join()
