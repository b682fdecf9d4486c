"""Vectors kept on this machine: calls -> the process that owns the data directory, started on demand."""

from __future__ import annotations

import os
import pickle
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing import AuthenticationError
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import StoreUnreachable
from indexer.store import Candidates, Points, Stored, VectorQuery, starting
from indexer.store.owner import LOG_FILE, PROTOCOL, Owner, read_owner, shake_hands
from indexer.store.starting import IDLE_SECONDS, START_SECONDS
from indexer.store.troubles import REBUILD

_REPLY_SECONDS = 120.0  # the longest call, a flush of a full index on a slow disk, takes a few
_PAGE = 256
_AHEAD = 4  # searches that wait for the owner; their answers, 12 kB each, wait in the socket
_WRITES = frozenset({"upsert", "delete", "delete_repo", "flush"})
_Reply = tuple[str, str, Any]  # how it ended, which opening of the collection it was, what it said


class KeeperVectors:
    """A collection in the data directory `data`, shared with every other process that uses it.

    Any number of threads may search through one object; give each writer an object of its own, for
    `flush` answers for what was written through this one: it raises StoreUnreachable when the owner
    was replaced in between, because what the old one had not flushed is gone.
    """

    def __init__(
        self, data: Path, collection: str, dimensions: int, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self._data = data.absolute()
        self._target = (collection, dimensions)
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._free: list[Connection] = []
        self._process = os.getpid()
        self._instance: str | None = None  # the opening that holds our unflushed writes
        self._lost = False

    def upsert(self, points: Points) -> None:
        self.upsert_packed(pickle.dumps(points, 5))

    def upsert_packed(self, blob: bytes) -> None:
        self._call("upsert", blob=blob)

    def delete(self, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), _PAGE):
            self._call("delete", list(ids[start : start + _PAGE]))

    def delete_repo(self, repo: str) -> None:
        self._call("delete_repo", repo)

    def search(self, query: VectorQuery) -> Candidates:
        found: Candidates = self._call("search", query)
        return found

    @contextmanager
    def ask(self, queries: Iterable[VectorQuery]) -> Iterator[Iterator[Candidates]]:
        """The first few are sent at once: the owner goes on to the next while an answer is read."""
        line, left, following = self._line(), deque[VectorQuery](), iter(queries)

        def send(several: int) -> None:
            for query in islice(following, several):
                left.append(query)
                with suppress(OSError):  # whoever reads sees that it is gone
                    line.send(("search", *self._target, query))

        def answers() -> Iterator[Candidates]:
            while left:
                reply = self._next_reply(line)
                query = left.popleft()
                send(1)
                yield self.search(query) if reply is None else self._value("search", reply)

        try:
            send(_AHEAD)
            yield answers()
        finally:
            if left:  # nobody takes the other answers off this line
                line.close()
            elif not line.closed:
                self._free_again(line)

    def dense(self, ids: Sequence[str]) -> dict[str, NDArray[np.float16]]:
        found: dict[str, NDArray[np.float16]] = {}
        for start in range(0, len(ids), _PAGE):
            found.update(self._call("dense", list(ids[start : start + _PAGE])))
        return found

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        found: dict[str, Stored] = {}
        for start in range(0, len(ids), _PAGE):
            found.update(self._call("stored", list(ids[start : start + _PAGE])))
        return found

    def ids(self, repo: str) -> Iterator[str]:
        after: str | None = None
        while True:
            page, after = self._call("ids_after", repo, after)
            yield from page
            if after is None:
                return

    def drop(self, repos: Iterable[str]) -> None:
        """Remove the collection, whatever it holds."""
        self._call("drop")

    def point_here(self) -> None:
        """Nothing to do: only Cairn reads this store."""

    def count(self, repo: str) -> int:
        return int(self._call("count", repo))

    def flush(self) -> None:
        try:
            self._call("flush")
            lost = self._lost
        finally:
            self._lost, self._instance = False, None
        if lost:
            raise StoreUnreachable(
                f"the process that keeps the vectors in {self._data} was replaced before it had flushed; "
                "what was written since the last flush has to be written again"
            )

    def close(self) -> None:
        """Hang up. The owner stays for others, and leaves when nobody calls."""
        with self._lock:
            lines, self._free = self._free, []
        for line in lines:
            line.close()

    def _call(self, method: str, *arguments: Any, blob: bytes | None = None) -> Any:
        """Ask the owner; ask once more when it was killed meanwhile, for every call may be repeated."""
        request = (method, *self._target, *arguments)
        for last in (False, True):
            line = self._line()
            try:
                line.send(request)
                if blob is not None:
                    line.send_bytes(blob)
                reply = _reply(line)
                break
            except (OSError, EOFError) as error:
                self._hung_up(line, error, last)
        self._free_again(line)
        return self._value(method, reply)

    def _next_reply(self, line: Connection) -> _Reply | None:
        """The reply that comes next; None when the owner was killed, and the question is to be asked anew."""
        try:
            return None if line.closed else _reply(line)
        except (OSError, EOFError) as error:
            self._hung_up(line, error)
            return None

    def _hung_up(self, line: Connection, error: Exception, last: bool = False) -> None:
        line.close()
        self.close()  # the others were to the same owner
        if last or isinstance(error, TimeoutError):
            raise StoreUnreachable(
                f"the process that keeps the vectors in {self._data} does not answer ({error!r}); "
                f"try again, and see {LOG_FILE} there. Where it stays so, {REBUILD}"
            ) from error

    def _free_again(self, line: Connection) -> None:
        with self._lock:
            self._free.append(line)

    def _value(self, method: str, reply: _Reply) -> Any:
        ending, instance, value = reply
        if method in _WRITES and instance:
            self._lost |= self._instance not in (None, instance)
            self._instance = instance
        if ending == "refused":
            raise value
        if ending == "bug":
            raise RuntimeError(f"{method} failed in the process that keeps the vectors:\n{value}")
        return value

    def _line(self) -> Connection:
        with self._lock:
            if self._process != os.getpid():  # a forked child must not talk on its parent's lines
                self._free, self._process = [], os.getpid()
            if self._free:
                return self._free.pop()
        return connect(self._data, self._idle_seconds)


def connect(data: Path, idle_seconds: float = IDLE_SECONDS) -> Connection:
    """Return a line to the owner of `data`, started when there is none. Raises StoreUnreachable."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        owner = read_owner(data)
        line = _dial(owner) if owner is not None else None
        if line is not None and owner is not None:
            if owner.protocol == PROTOCOL:
                return line
            with line, suppress(OSError):  # another version of this program started it
                line.send(("stop",))
        if time.monotonic() > deadline:
            raise StoreUnreachable(
                f"the process that keeps the vectors in {data} does not take calls; see {LOG_FILE} there"
            )
        starting.start(data, idle_seconds)
        if read_owner(data) == owner:
            time.sleep(0.05)  # a killed owner holds the lock until its memory is gone


def _dial(owner: Owner) -> Connection | None:
    """Connect to `owner`. None when it is gone or somebody else answers at its address."""
    family = socket.AF_UNIX if isinstance(owner.address, str) else socket.AF_INET
    caller = socket.socket(family)
    try:
        caller.connect(owner.address)
        line = Connection(caller.detach())
    except OSError:
        caller.close()
        return None
    try:
        shake_hands(line, owner.token, owner=False)
        return line
    except (OSError, EOFError, AuthenticationError):
        line.close()
        return None


def _reply(line: Connection) -> _Reply:
    if not line.poll(_REPLY_SECONDS):
        raise TimeoutError(f"no reply for {_REPLY_SECONDS:.0f} seconds")
    ending, instance, value = line.recv()
    return ending, instance, value
