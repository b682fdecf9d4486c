"""An index that is damaged -> an empty one that knows the same repositories, for the next syncs to fill."""

from __future__ import annotations

import time
from pathlib import Path

from .errors import IndexDamaged
from .store import Vectors
from .store.catalog import Catalog
from .store.gate import Gate
from .store.registered import read_registered
from .store.schema import DataDir
from .store.troubles import not_writable


def start_again(data: DataDir, fingerprint: str, vectors: Vectors) -> Path | None:
    """Drop the vectors, and lay a catalog aside that cannot be read; return where it lies then.

    A sound catalog stays: it answers by names and texts, and its files get their vectors again. Raises
    IndexBusy while somebody writes.
    """
    path = data.catalog(fingerprint)
    with Gate(data).alone(0.0):
        aside = None if _is_sound(path) else _lay_aside(path)
        vectors.drop([name for name, _ in read_registered(path.parent)])
    return aside


def _is_sound(path: Path) -> bool:
    if not path.exists():
        return True
    try:
        catalog = Catalog(path)
    except IndexDamaged:
        return False
    try:
        return not catalog.check()
    finally:
        catalog.close()


def _lay_aside(path: Path) -> Path:
    aside = path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
    try:
        # The database last: a kill in between leaves it where this finds it again.
        for suffix in ("-wal", "-shm", ""):
            part = path.with_name(path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise not_writable(path, error) from error
    return aside
