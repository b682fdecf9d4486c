"""A repository -> a clean index of it, made by the real pipeline beside the live one, and gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ..embed import Embedder
from ..errors import CairnError
from ..files import FileOptions
from ..store import Vectors
from ..store.catalog import Catalog, RepoRow
from ..store.locking import Lock
from ..store.owner import LOCK_FILE, read_owner
from ..store.schema import DataDir, parts_of
from ..store.troubles import written
from ..sync import Hooks, Indexer

FOLDER = "verify"  # in the data directory: the same disk, and nobody else's to read
_LOCK = "lock"  # held while the rebuild is used: one without a holder was left by a kill
_ROOM = 3.0  # times the bytes of the files: an index takes 2.6 times of them, its first write a little more
_PATIENCE = 20.0  # seconds for the keeper of a rebuild to leave; it has a flush to do


class NoRoom(CairnError):
    """A rebuild would fill the disk."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A clean index of one repository."""

    catalog: Catalog
    vectors: Vectors
    repo: RepoRow


@dataclass(frozen=True, slots=True)
class Recipe:
    """How an index of this kind is made; `fingerprint` says whether its points carry their text.
    `open_vectors` opens an empty store in a folder of its own."""

    data: DataDir
    embedder: Embedder
    fingerprint: str
    files: FileOptions
    open_vectors: Callable[[Path], Vectors]
    workers: int = 0


@contextmanager
def rebuilt(
    recipe: Recipe, repo: RepoRow, paths: Iterable[str] | None = None, hooks: Hooks | None = None
) -> Iterator[Rebuilt]:
    """Index `repo` anew, all of it or only `paths`. Raises NoRoom, and what a sync raises."""
    folder, lock = _room_of_its_own(recipe.data.root / FOLDER)
    catalog = vectors = None
    try:
        inner = DataDir(folder)
        catalog = Catalog(inner.catalog(recipe.fingerprint))
        vectors = recipe.open_vectors(folder)
        row = catalog.add_repo(repo.name, repo.root)
        if paths is not None:
            catalog.mark(row, dirty=False, pending=0)  # else the first sync would do all of it
        with_text = parts_of(recipe.fingerprint).with_text
        indexer = Indexer(inner, catalog, vectors, recipe.embedder, recipe.files, with_text)
        indexer.sync(row, paths, hooks, recipe.workers)
        yield Rebuilt(catalog, vectors, catalog.repo(repo.name))
    finally:
        for opened in (vectors, catalog):
            if opened is not None:
                with suppress(CairnError):
                    opened.close()
        _dismiss_keeper(folder)
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def _room_of_its_own(above: Path) -> tuple[Path, Lock]:
    """A new folder and the lock that says it is used; what killed rebuilds left goes first."""
    with written(above):
        above.mkdir(parents=True, exist_ok=True, mode=0o700)
    while (making := Lock.take(above / ".making")) is None:  # or the next would sweep a folder without a lock
        time.sleep(0.01)
    try:
        sweep(above)
        folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=above))
        lock = Lock.take(folder / _LOCK)
        assert lock is not None  # the folder is new
        return folder, lock
    finally:
        making.release()


def check_room(data: Path, bytes_: int) -> None:
    """Raise NoRoom unless an index of files of that size fits beside what is there."""
    free, wanted = shutil.disk_usage(data).free, int(_ROOM * bytes_)
    if free < wanted:
        raise NoRoom(
            f"a clean rebuild takes about {wanted / 1e6:.0f} MB beside the index and {data} has "
            f"{free / 1e6:.0f} MB free; make room, or verify a sample of the files"
        )


def sweep(above: Path) -> list[str]:
    """Remove the rebuilds that a killed process left. Returns their names."""
    return [folder.name for folder in left_over(above) if _remove(folder)]


def left_over(above: Path) -> list[Path]:
    """Rebuilds that nobody uses any more."""
    found = []
    for folder in sorted(above.iterdir()) if above.is_dir() else []:
        if folder.is_dir() and (lock := Lock.take(folder / _LOCK)) is not None:
            lock.release()
            found.append(folder)
    return found


def _remove(folder: Path) -> bool:
    _dismiss_keeper(folder)
    shutil.rmtree(folder, ignore_errors=True)
    return not folder.exists()


def _dismiss_keeper(folder: Path) -> None:
    """End the process that keeps the vectors of a rebuild, and wait until it is gone."""
    owner = read_owner(folder)
    if owner is None:
        return
    with suppress(ProcessLookupError):
        os.kill(owner.pid, signal.SIGTERM)
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        lock = Lock.take(folder / LOCK_FILE)
        if lock is not None:
            lock.release()
            return
        time.sleep(0.02)
