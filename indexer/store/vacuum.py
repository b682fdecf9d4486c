"""A shard that holds more dead points than live ones -> the same points in a new one, which takes its place.

Edge keeps the space of deleted points, and its own `optimize` holds the interpreter for seconds. So the
points are read page by page and written to a shard beside it, while searches pass in between; a write that
comes meanwhile gives it up. Wherever this is killed, one whole shard is left (shard.py looks for it).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from .edge import EdgeVectors
from .shard import filling, vacuumed

_DEAD_BYTES = 8_000_000  # of dense vectors, 20 MB with all that hangs on them: less is not worth while


def is_wasteful(vectors: EdgeVectors) -> bool:
    """Whether at least half of the shard is dead, and enough of it."""
    live, held = vectors.sizes()
    return held > 2 * live + _DEAD_BYTES // (2 * vectors.dimensions)


def copy_live(
    vectors: EdgeVectors,
    path: Path,
    turn: Callable[[], AbstractContextManager[object]],
    may_go_on: Callable[[], bool],
) -> bool:
    """Write the live points to a complete shard beside `path`. False when it was given up."""
    unfinished = filling(path)
    shutil.rmtree(unfinished, ignore_errors=True)
    with turn():
        copy = EdgeVectors(unfinished, vectors.dimensions)
    done = False
    try:
        after: str | None = None
        while may_go_on():
            with turn():
                after = vectors.copy_page(copy, after)
            if after is None:
                done = True
                break
    finally:
        copy.close()  # flushes
        if done:
            unfinished.rename(vacuumed(path))
        else:
            shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.with_name(unfinished.name + ".lock").unlink(missing_ok=True)
    return done
