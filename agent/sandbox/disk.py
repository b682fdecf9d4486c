"""Folders that a command fills -> whether they have grown too much.

A quota needs root and a file system made for it, so the folders are counted while the command runs. A
count takes a second for some 80,000 files, so it is paced by what it costs; a fall of the free space,
which costs nothing to see, brings the next one forward.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

_ENTRY = 4096  # bytes charged for each entry at least: a million empty files fill a disk's inodes
_INTERVAL = 2.0  # seconds between two counts when the free space does not fall
_SHARE = 20  # a count that took a second is repeated after twenty: at most 5 % of the time goes there


class Disk:
    """Watches `folders` for growth beyond `limit` bytes from `start` (measured when None)."""

    def __init__(self, folders: Sequence[Path], limit: int, start: int | None = None) -> None:
        self._folders = tuple(folders)
        self._limit = limit
        self._start = disk_bytes(self._folders) if start is None else start
        self._free = self._first_free = self._available()
        self._due = self._earliest = 0.0

    def begin(self) -> None:
        """A command starts: count at the first look, whatever was counted before."""
        self._due = 0.0

    def full(self) -> bool:
        """Whether the limit is broken, as far as was worth finding out now."""
        now = time.monotonic()
        free = self._available()
        falling = self._free - free > self._limit // 8
        if not self._folders or now < self._earliest or (now < self._due and not falling):
            return False
        grown, hidden = _count(self._folders, self._start + self._limit)
        self._free = free
        took = time.monotonic() - now
        self._due = now + max(_INTERVAL, _SHARE * took)
        self._earliest = now + _SHARE * took
        # What cannot be counted is told by the free space, though others may use it too.
        return grown > self._start + self._limit or (hidden and self._first_free - free > self._limit)

    def _available(self) -> int:
        if not self._folders:
            return 0
        state = os.statvfs(self._folders[0])
        return state.f_bfree * state.f_frsize


def disk_bytes(folders: Sequence[Path]) -> int:
    """The bytes on disk under `folders`; links are not followed."""
    return _count(folders, None)[0]


def _count(folders: Sequence[Path], enough: int | None) -> tuple[int, bool]:
    """The bytes, counted until they are more than `enough`, and whether a folder could not be read."""
    total, hidden = 0, False
    todo = [str(folder) for folder in folders]
    while todo and (enough is None or total <= enough):
        try:
            with os.scandir(todo.pop()) as entries:
                for entry in entries:
                    total += max(_ENTRY, entry.stat(follow_symlinks=False).st_blocks * 512)
                    if entry.is_dir(follow_symlinks=False):
                        todo.append(entry.path)
        except FileNotFoundError:
            continue  # it was there a moment ago
        except OSError:
            hidden = True
    return total, hidden
