"""What an agent does -> an append-only log in SQLite, from which every state and figure is read.

A run is its events. The row in `runs` only repeats what the last of them said, for quick lists. All
text passes `masked` on its way in: keys never reach the log, and nobody has to clean it later. What
goes on after a crash is read from here as well, so an event is written before the next thing is done.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.log.states import STATE_AFTER, State, after
from indexer.errors import BadInput, Conflict, NotFound
from indexer.secrets import redact

_ID_BYTES = 4  # eight letters: short enough to type, and no collision among the runs of one machine
_SHORTEST_SECRET = 6  # letters; masking every "a" helps nobody

_LOOKS, _LOOK = 5, 0.01  # tries and seconds between them: a look at a lock takes microseconds
_ROW = "id, task, repo, model, state, created, updated"
_SCHEMA = """
create table if not exists runs (
    id text primary key, task text not null, repo text not null, model text not null,
    state text not null, created real not null, updated real not null, key text unique);
create table if not exists events (
    run text not null references runs(id), seq integer not null, at real not null,
    type text not null, payload text not null, primary key (run, seq)) without rowid;
create trigger if not exists events_stay before update on events
    begin select raise(abort, 'events are append-only'); end;
create trigger if not exists events_last before delete on events
    begin select raise(abort, 'events are append-only'); end;
"""
_ADD = "insert into events values (?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `seq` counts from 1 within a run, `at` is Unix time."""

    run: str
    seq: int
    at: float
    type: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run, as a list shows it."""

    id: str
    task: str
    repo: str
    model: str
    state: State
    created: float
    updated: float


class RunLog:
    """The log at `path`. Several threads and processes may write; each run has one worker at a time.

    `hidden` are live keys, masked in whatever anybody writes.
    """

    def __init__(self, path: Path, hidden: Sequence[str] = ()) -> None:
        self._path = path
        self.hidden = tuple(hidden)
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.execute("pragma journal_mode=wal")
            connection.executescript(_SCHEMA)

    def create(
        self,
        task: str,
        repo: str,
        model: str,
        hidden: Sequence[str] = (),
        options: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> Event:
        """Open a run with its first event; its id is the event's `run`.

        `options` say how it is to be done. With a `key` that was used for the same request before, that
        run's first event is returned and nothing is opened; raises Conflict for another request.
        """
        run_id, now = secrets.token_hex(_ID_BYTES), time.time()
        written = {"task": task, "repo": repo, "model": model, "options": dict(options or {})}
        first = masked(written, (*self.hidden, *hidden))
        with self._connection() as connection:
            connection.execute("begin immediate")  # a run without its first event could never be read
            row = connection.execute("select id from runs where key = ?", (key,)).fetchone()
            if row is None:
                connection.execute(
                    "insert into runs values (?, ?, ?, ?, 'queued', ?, ?, ?)",
                    (run_id, first["task"], repo, model, now, now, key),
                )
                text = json.dumps(first, ensure_ascii=False)
                connection.execute(_ADD, (run_id, 1, now, "task.created", text))
                return Event(run_id, 1, now, "task.created", first)
        known = self.events(row[0])[0]
        if any(known.payload[name] != first[name] for name in ("task", "repo", "options")):
            raise Conflict("this idempotency key was used for another task; use a new one")
        return known

    def append(self, run_id: str, type: str, payload: Mapping[str, Any], hidden: Sequence[str] = ()) -> Event:
        """Add an event, with `hidden` values and everything that looks like a secret masked.

        Raises Conflict for an event that the run's state does not allow; then nothing is written.
        """
        now = time.time()
        clean = masked(dict(payload), (*self.hidden, *hidden))
        with self._connection() as connection:
            connection.execute("begin immediate")
            row = connection.execute("select state from runs where id = ?", (run_id,)).fetchone()
            if row is None:
                raise _unknown(run_id)
            state = after(row[0], type, run_id) if type in STATE_AFTER else row[0]
            row = connection.execute("select max(seq) from events where run = ?", (run_id,)).fetchone()
            seq = (row[0] or 0) + 1
            connection.execute(_ADD, (run_id, seq, now, type, json.dumps(clean, ensure_ascii=False)))
            connection.execute("update runs set updated = ?, state = ? where id = ?", (now, state, run_id))
        return Event(run_id, seq, now, type, clean)

    def list(self, limit: int = 50) -> tuple[RunRow, ...]:
        """Runs, the newest first."""
        with self._connection() as connection:
            rows = connection.execute(
                f"select {_ROW} from runs order by created desc, id limit ?",
                (limit,),
            )
            return tuple(RunRow(*row) for row in rows)

    def show(self, run_id: str) -> RunRow:
        """The run whose id is or begins with `run_id`. Raises NotFound, BadInput when several do."""
        with self._connection() as connection:
            rows = connection.execute(
                f"select {_ROW} from runs where substr(id, 1, length(?1)) = ?1 order by id = ?1 desc limit 2",
                (run_id,),
            ).fetchall()
        if not rows or not run_id:
            raise _unknown(run_id)
        if len(rows) > 1 and rows[0][0] != run_id:
            raise BadInput(f"several runs begin with {run_id!r}; give more letters of the id")
        return RunRow(*rows[0])

    def events(self, run_id: str, after: int = 0) -> tuple[Event, ...]:
        """The events of a run with a number above `after`, in order."""
        with self._connection() as connection:
            rows = connection.execute(
                "select run, seq, at, type, payload from events where run = ? and seq > ? order by seq",
                (run_id, after),
            ).fetchall()
        return tuple(Event(run, seq, at, type, json.loads(text)) for run, seq, at, type, text in rows)

    @contextmanager
    def lease(self, run_id: str) -> Iterator[None]:
        """Be the one worker of a run; the kernel takes the lease back when the process dies.

        Raises Conflict while another process or thread works on it.
        """
        fd = self._lock_file(run_id)
        try:
            if not _locked(fd):
                raise Conflict(f"run {run_id} is being worked on; follow it, or cancel it first")
            yield
        finally:
            _let_go(fd)

    def worked_on(self, run_id: str) -> bool:
        """Whether some process holds the lease; a run that is `running` without one was interrupted."""
        fd = self._lock_file(run_id)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
        except BlockingIOError:
            return True
        finally:
            _let_go(fd)

    def _lock_file(self, run_id: str) -> int:
        folder = self._path.parent / "run-locks"
        folder.mkdir(exist_ok=True)
        return os.open(folder / run_id, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=30.0, isolation_level=None)
        try:
            yield connection
            if connection.in_transaction:
                connection.commit()
        finally:
            connection.close()


class Recorder:
    """Writes the events of one run and hands each to whoever watches."""

    def __init__(
        self,
        log: RunLog,
        run_id: str,
        hidden: Sequence[str] = (),
        on_event: Callable[[Event], None] = lambda _: None,
    ) -> None:
        self.log = log
        self.run_id = run_id
        self.hidden = tuple(hidden)
        self._followers = [on_event]

    def hide(self, values: Sequence[str]) -> None:
        """Mask these values too, from now on."""
        self.hidden = tuple(dict.fromkeys((*self.hidden, *values)))

    def __call__(self, type: str, **payload: Any) -> Event:
        """Write an event; what comes back is what stands in the log, with secrets masked."""
        event = self.log.append(self.run_id, type, payload, self.hidden)
        for follow in self._followers:
            follow(event)
        return event

    @contextmanager
    def followed_by(self, follow: Callable[[Event], None]) -> Iterator[None]:
        self._followers.append(follow)
        try:
            yield
        finally:
            self._followers.remove(follow)

    def events(self) -> tuple[Event, ...]:
        return self.log.events(self.run_id)

    def last(self, type: str, **like: Any) -> Event | None:
        """The newest event of a type whose payload has these values."""
        for event in reversed(self.events()):
            if event.type == type and all(event.payload.get(key) == value for key, value in like.items()):
                return event
        return None


def masked(value: Any, hidden: Sequence[str]) -> Any:
    """The same without secrets: `hidden` values, and whatever looks like one."""
    if isinstance(value, str):
        return _masked_text(value, hidden)
    if isinstance(value, dict):
        return {key: masked(item, hidden) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [masked(item, hidden) for item in value]
    return value


def _masked_text(text: str, hidden: Sequence[str]) -> str:
    for secret in hidden:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "[redacted:key]")
    # A lone surrogate stands for a byte that is no UTF-8; SQLite stores text only.
    return redact(text)[0].encode("utf-8", "replace").decode()


def _locked(fd: int) -> bool:
    """Take the lock; whoever only looks whether it is taken holds it for a moment too."""
    for _ in range(_LOOKS):
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(_LOOK)
    return False


def _let_go(fd: int) -> None:
    """Closing alone leaves a lock with a child that was forked meanwhile, until that starts its program."""
    fcntl.flock(fd, fcntl.LOCK_UN)
    os.close(fd)


def _unknown(run_id: str) -> NotFound:
    return NotFound(f"there is no run {run_id!r}; `cairn runs` lists them")
