"""The files that a store has mapped -> out of this process's memory, until they are read.

Edge reads all it maps when it opens, holes included: 130 MB for Django's 17,833 points, of which a search
needs 22. What is let go stays in the system's cache of files, and a page that is needed is back at once.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from pathlib import Path


def let_go(folder: Path) -> None:
    """Let go of what lies below `folder`. Nothing where the system cannot."""
    if sys.platform != "linux":
        return
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    below = os.fsencode(folder.absolute()) + b"/"
    for line in Path("/proc/self/maps").read_bytes().split(b"\n"):
        region, rights, _, _, _, *name = line.split(maxsplit=5) if line else [b""] * 5
        # A private page that was written to is nowhere else; those of files that are shared are in the file.
        if name and name[0].startswith(below) and rights.endswith(b"s"):
            start, end = (int(address, 16) for address in region.split(b"-"))
            madvise(start, end - start, mmap.MADV_DONTNEED)
