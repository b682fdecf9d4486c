"""current.json -> the editions of a data directory's index: the one that answers, and those around it.

An edition is an index of one fingerprint. The file is replaced whole, so whatever dies while it is
written leaves the old state or the new one.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import IndexDamaged
from .schema import DataDir, Parts, digest_of, parts_of, why_unreadable
from .vectors import collection_name

INDEX_FILE = "index.json"
Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Edition:
    """An index by its fingerprint, with the setting that named its model and that model's address."""

    fingerprint: str
    embedder: str
    url: str | None = None

    @property
    def digest(self) -> str:
        return digest_of(self.fingerprint)

    @property
    def parts(self) -> Parts:
        return parts_of(self.fingerprint)

    @property
    def collection(self) -> str:
        return collection_name(self.fingerprint)

    @property
    def why_unreadable(self) -> str | None:
        """What keeps this program from answering from it; None when nothing does."""
        return why_unreadable(self.fingerprint)


@dataclass(frozen=True, slots=True)
class Editions:
    """`current` answers since `since`; `building` takes its place when it is complete; `previous` is kept
    for a rollback. `declined` is the fingerprint somebody turned down: nothing builds it unasked."""

    current: Edition
    since: float
    previous: Edition | None = None
    building: Edition | None = None
    declined: str | None = None

    @property
    def kept(self) -> list[Edition]:
        return [edition for edition in (self.current, self.previous, self.building) if edition]

    def swapped(self, to: Edition, now: float) -> Editions:
        """`to` answers; what answered is kept, unless `to` is built in its place."""
        before = None if to.fingerprint == self.current.fingerprint else self.current
        return Editions(to, now, before or self.previous)

    def started(self, to: Edition) -> Editions:
        declined = None if self.declined == to.fingerprint else self.declined
        return replace(self, building=to, declined=declined)

    def stopped(self) -> Editions:
        declined = self.building.fingerprint if self.building else self.declined
        return replace(self, building=None, declined=declined)


def read_editions(data: DataDir) -> Editions | None:
    """What the data directory says; None where nothing was indexed yet. Raises IndexDamaged."""
    try:
        said = json.loads(data.current.read_bytes())
        return Editions(
            current=Edition(**said["current"]),
            since=float(said["since"]),
            previous=_edition(said["previous"]),
            building=_edition(said["building"]),
            declined=said["declined"],
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise IndexDamaged(
            f"{data.current} cannot be read ({error}); delete it, and the index that was written last answers"
        ) from error


def newest_edition(data: DataDir) -> Edition | None:
    """The index that was written last, by what lies in its folder: for when current.json is gone."""
    found = sorted(data.indexes.glob(f"[!.]*/{INDEX_FILE}"), key=_written, reverse=True)
    return next((edition for path in found if (edition := described(path.parent)) is not None), None)


def described(folder: Path) -> Edition | None:
    """What an index says of itself; None where it does not."""
    try:
        said = json.loads((folder / INDEX_FILE).read_bytes())
        return Edition(said["fingerprint"], said["embedder"], said["url"])
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _written(index_file: Path) -> float:
    try:
        return index_file.with_name("catalog.db").stat().st_mtime
    except OSError:
        return 0.0


def stamp_of(data: DataDir) -> Stamp | None:
    """Differs whenever current.json was replaced; a few microseconds."""
    try:
        found = os.stat(data.current)
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def change_editions(data: DataDir, change: Callable[[Editions | None], Editions]) -> Editions:
    """Read, change and write, alone among all processes."""
    data.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(data.current.with_suffix(".lock"), "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        before = read_editions(data)
        after = change(before)
        if after != before:
            for unfinished in data.root.glob(f".{data.current.name}.*"):
                unfinished.unlink(missing_ok=True)  # of a writer that was killed; the lock says it is gone
            write_whole(data.current, asdict(after))
        return after


def write_whole(path: Path, document: dict[str, Any]) -> None:
    """Replace a JSON file, readable by this user alone, so that it survives a power cut whole."""
    descriptor, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump(document, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _edition(said: dict[str, Any] | None) -> Edition | None:
    return None if said is None else Edition(**said)
