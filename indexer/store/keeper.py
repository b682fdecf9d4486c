"""The process that owns the embedded vectors: requests on a local socket -> answers.

One per data directory, started by whoever needs it first (embedded.py), gone when nobody has called
for a while, replaced by the next caller when killed. It exists because a shard is open in one process
only and because every call into Edge stops the interpreter it runs in.

A request is a pickled tuple (method, collection, dimensions, *arguments), for "upsert" followed by
the packed points. A reply is (ending, instance, value). `instance` names one opening of the
collection: what was written to one and not flushed is lost to the next.
"""

from __future__ import annotations

import os
import pickle
import secrets
import shutil
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any, Literal

from indexer.errors import BadInput, CairnError, StoreUnreachable
from indexer.store.edge import EdgeVectors
from indexer.store.locking import Lock
from indexer.store.owner import LOCK_FILE, OWNER_FILE, Owner, read_owner, shake_hands, write_owner
from indexer.store.shard import set_aside, swap
from indexer.store.unsynced import Unsynced
from indexer.store.vacuum import copy_live, is_wasteful

SHARDS = "vectors"
SOCKET_FILE = "keeper.sock"
Ending = Literal["done", "refused", "bug"]
_SOCKET_PATH_BYTES = 100  # macOS takes 104, Linux 108
_HANDOVER = 15.0  # seconds to wait for an owner that is leaving: it flushes first
_QUIET = 20.0  # seconds without a write before dead points are looked for
_GLANCE = 0.5  # seconds between looks at whether anybody still needs this process
_CALLS: dict[str, Callable[..., Any]] = {
    "search": EdgeVectors.search,
    "dense": EdgeVectors.dense,
    "stored": EdgeVectors.stored,
    "ids_after": EdgeVectors.ids_after,
    "count": EdgeVectors.count,
    "delete": EdgeVectors.delete,
    "delete_repo": EdgeVectors.delete_repo,
}
_WRITES = frozenset({"delete", "delete_repo"})


def keep(data: Path, idle: float, announce: Callable[[str], None]) -> None:
    """Own `data` until nobody was connected for `idle` seconds, or until told to stop.

    `announce` hears "ready" when callers can connect, "taken" when another process is the owner.
    """
    lock = _own(data)
    if lock is None:
        announce("taken")
        return
    try:
        with _listen(data) as listener:
            keeper = Keeper(data, listener)
            signal.signal(signal.SIGTERM, keeper.stop)
            write_owner(data, keeper.owner)
            announce("ready")
            keeper.serve(idle)
    finally:
        lock.release()


def _own(data: Path) -> Lock | None:
    """Take the directory. None when another process has it and can be found."""
    deadline = time.monotonic() + _HANDOVER
    while (lock := Lock.take(data / LOCK_FILE)) is None:
        # An owner that leaves unpublishes itself first: then its lock is about to be free.
        if read_owner(data) is not None or time.monotonic() > deadline:
            return None
        time.sleep(0.02)
    return lock


def _listen(data: Path) -> socket.socket:
    path = data / SOCKET_FILE
    if len(os.fsencode(path)) <= _SOCKET_PATH_BYTES:
        listener = socket.socket(socket.AF_UNIX)
        try:
            path.unlink(missing_ok=True)  # left by a killed owner; the lock says that it is gone
            listener.bind(str(path))
            listener.listen(64)
            return listener
        except OSError:  # a file system without sockets
            listener.close()
    return socket.create_server(("127.0.0.1", 0), backlog=64)


class Keeper:
    """Serves each connection in a thread, and the shards one call at a time."""

    def __init__(self, data: Path, listener: socket.socket) -> None:
        name = listener.getsockname()
        self.owner = Owner(
            pid=os.getpid(),
            address=name if isinstance(name, str) else (name[0], name[1]),
            token=secrets.token_hex(32),
        )
        self._data = data
        self._listener = listener
        self._shards: dict[str, tuple[EdgeVectors, str]] = {}
        self._turn = threading.Lock()  # one call into the shards at a time
        self._writing = threading.Lock()  # taken before the turn by whoever writes; not held by searches
        self._unsynced = Unsynced()
        self._written = 0  # times something was written
        self._written_at = time.monotonic()
        self._vacuumed_at = 0  # the number of writes at the last look whether there is much to give back
        self._leaving = threading.Event()
        self._connected: set[Connection] = set()
        self._last_seen = time.monotonic()

    def stop(self, signal: int = 0, frame: FrameType | None = None) -> None:
        self._leaving.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes `accept` at once instead of at the next glance

    def serve(self, idle: float) -> None:
        self._listener.settimeout(_GLANCE)
        while not self._leaving.is_set() and self._needed(idle):
            try:
                caller, _ = self._listener.accept()
            except TimeoutError:
                self._vacuum_when_quiet()
                continue
            except OSError:  # `stop` was called, or no file descriptor is left: never spin on it
                self._leaving.wait(_GLANCE)
                continue
            caller.setblocking(True)
            connection = Connection(caller.detach())
            threading.Thread(target=self._attend, args=(connection,), daemon=True).start()
        self._leave()

    def _needed(self, idle: float) -> bool:
        if self._connected:
            self._last_seen = time.monotonic()
        # Somebody who removes the data directory, or this file, means this process too.
        return time.monotonic() - self._last_seen < idle and read_owner(self._data) == self.owner

    def _vacuum_when_quiet(self) -> None:
        if self._written == self._vacuumed_at or time.monotonic() - self._written_at < _QUIET:
            return
        self._vacuumed_at = self._written
        threading.Thread(target=self._vacuum, daemon=True).start()

    def _vacuum(self) -> None:
        """Give the space of dead points back, and the memory that writing took, unless somebody writes."""
        number = self._written
        for collection, (vectors, _) in list(self._shards.items()):
            path = self._data / SHARDS / collection
            with suppress(_Leaving, CairnError, OSError):
                with self._in_turn():
                    wasteful = is_wasteful(vectors)
                    vectors.let_go()
                if wasteful and copy_live(vectors, path, self._in_turn, lambda: self._written == number):
                    with self._writing, self._in_turn():
                        if self._written == number and self._shards.get(collection, (None,))[0] is vectors:
                            vectors.close()
                            del self._shards[collection]
                            swap(path)
                            self._open(collection, vectors.dimensions)  # clears what is beside it

    def _leave(self) -> None:
        self._leaving.set()
        if read_owner(self._data) == self.owner:
            (self._data / OWNER_FILE).unlink(missing_ok=True)
            (self._data / SOCKET_FILE).unlink(missing_ok=True)
        with self._turn:
            for vectors, _ in self._shards.values():
                vectors.close()
            self._shards.clear()

    def _attend(self, connection: Connection) -> None:
        with connection:
            try:
                shake_hands(connection, self.owner.token, owner=True)
                self._connected.add(connection)
                while not self._leaving.is_set():
                    request = connection.recv()
                    if request == ("stop",):
                        self.stop()
                        return
                    blob = connection.recv_bytes() if request[0] == "upsert" else b""
                    connection.send(self._answer(blob, *request))
            except (OSError, EOFError, AuthenticationError, _Leaving):
                pass  # the caller left, was killed, or is none of ours
            finally:
                self._connected.discard(connection)

    def _answer(
        self, blob: bytes, method: str, collection: str, dimensions: int, *arguments: Any
    ) -> tuple[Ending, str, Any]:
        instance = ""
        try:
            if method == "drop":
                self._drop(collection)
                return "done", instance, None
            with self._in_turn():
                vectors, instance = self._open(collection, dimensions)
            if method == "upsert":
                # Unpacking and building happen outside the turn: searches pass between the steps.
                for step in vectors.batches(pickle.loads(blob)):
                    with self._alone(), self._in_turn():
                        step()
                return "done", instance, None
            if method == "flush":
                self._flush(vectors)
                return "done", instance, None
            with self._alone() if method in _WRITES else nullcontext(), self._in_turn():
                return "done", instance, _CALLS[method](vectors, *arguments)
        except _Leaving:
            raise
        except CairnError as error:
            if isinstance(error, StoreUnreachable):
                self._forget(collection, instance)
            return "refused", instance, error
        except Exception:
            traceback.print_exc()
            return "bug", instance, traceback.format_exc()

    def _flush(self, vectors: EdgeVectors) -> None:
        """Flush, and let searches pass while the disk is waited for (unsynced.py)."""
        with self._writing:
            if self._unsynced.available:
                with self._in_turn():
                    self._unsynced.run(vectors.flush)
                vectors.sync()
            else:
                with self._in_turn():
                    vectors.flush()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """For what writes: nobody else does, and no vacuum goes on."""
        with self._writing:
            self._written += 1
            self._written_at = time.monotonic()
            yield

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        with self._turn:
            if self._leaving.is_set():
                raise _Leaving
            yield

    def _open(self, collection: str, dimensions: int) -> tuple[EdgeVectors, str]:
        if collection not in self._shards:
            vectors = EdgeVectors(self._data / SHARDS / collection, dimensions)
            self._shards[collection] = (vectors, secrets.token_hex(8))
        vectors, instance = self._shards[collection]
        if vectors.dimensions != dimensions:
            raise BadInput(f"{collection} holds vectors of {vectors.dimensions} numbers, not {dimensions}")
        return vectors, instance

    def _drop(self, collection: str) -> None:
        """Close a collection and remove its directory, which is out of the way at once and gone soon."""
        with self._in_turn():
            opened = self._shards.pop(collection, None)
            if opened is not None:
                with suppress(StoreUnreachable):  # it could not flush what is removed anyway
                    opened[0].close()
            path = self._data / SHARDS / collection
            gone = set_aside(path)
            path.with_name(path.name + ".lock").unlink(missing_ok=True)  # no other process opens shards
        if gone is not None:
            shutil.rmtree(gone, ignore_errors=True)

    def _forget(self, collection: str, instance: str) -> None:
        """Close a collection that failed, so that the next call reads what the disk really holds."""
        with self._turn:
            if collection in self._shards and self._shards[collection][1] == instance:
                vectors, _ = self._shards.pop(collection)
                try:
                    vectors.close()
                except StoreUnreachable as error:
                    print(error, file=sys.stderr)


class _Leaving(Exception):
    """The owner is on its way out; the caller hears a closed connection and finds the next owner."""
