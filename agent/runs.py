"""What an agent does -> an append-only log in SQLite, from which every state and figure is read.

A run is its events. The row in `runs` only repeats what the last of them said, for quick lists. All
text passes `_masked` on its way in: keys never reach the log, and nobody has to clean it later.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from indexer.errors import NotFound
from indexer.secrets import redact

State = Literal["queued", "running", "finished", "escalated", "failed", "cancelled"]

FINAL: tuple[State, ...] = ("finished", "escalated", "failed", "cancelled")
_STATE_AFTER: Mapping[str, State] = {
    "task.created": "queued",
    "run.started": "running",
    "finished": "finished",
    "escalated": "escalated",
    "failed": "failed",
    "cancelled": "cancelled",
}
_ID_BYTES = 4  # eight letters: short enough to type, and no collision among the runs of one machine
_SHORTEST_SECRET = 6  # letters; masking every "a" helps nobody

_SCHEMA = """
create table if not exists runs (
    id text primary key, task text not null, repo text not null, model text not null,
    state text not null, created real not null, updated real not null);
create table if not exists events (
    run text not null references runs(id), seq integer not null, at real not null,
    type text not null, payload text not null, primary key (run, seq)) without rowid;
create trigger if not exists events_stay before update on events
    begin select raise(abort, 'events are append-only'); end;
create trigger if not exists events_last before delete on events
    begin select raise(abort, 'events are append-only'); end;
"""


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
    """The log at `path`. Several threads and processes may write; each run has one writer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._connection() as connection:
            connection.execute("pragma journal_mode=wal")
            connection.executescript(_SCHEMA)

    def create(self, task: str, repo: str, model: str, hidden: tuple[str, ...] = ()) -> Event:
        """Open a run with its first event; its id is the event's `run`."""
        run_id, now = secrets.token_hex(_ID_BYTES), time.time()
        task = _masked_text(task, hidden)
        with self._connection() as connection:
            connection.execute(
                "insert into runs values (?, ?, ?, ?, 'queued', ?, ?)", (run_id, task, repo, model, now, now)
            )
        return self.append(run_id, "task.created", {"task": task, "repo": repo, "model": model}, hidden)

    def append(
        self, run_id: str, type: str, payload: Mapping[str, Any], hidden: tuple[str, ...] = ()
    ) -> Event:
        """Add an event, with `hidden` values and everything that looks like a secret masked."""
        now = time.time()
        clean = _masked(dict(payload), hidden)
        with self._connection() as connection:
            connection.execute("begin immediate")
            row = connection.execute("select max(seq) from events where run = ?", (run_id,)).fetchone()
            seq = (row[0] or 0) + 1
            connection.execute(
                "insert into events values (?, ?, ?, ?, ?)",
                (run_id, seq, now, type, json.dumps(clean, ensure_ascii=False)),
            )
            connection.execute(
                "update runs set updated = ?, state = coalesce(?, state) where id = ?",
                (now, _STATE_AFTER.get(type), run_id),
            )
        return Event(run_id, seq, now, type, clean)

    def list(self, limit: int = 50) -> tuple[RunRow, ...]:
        """Runs, the newest first."""
        with self._connection() as connection:
            rows = connection.execute("select * from runs order by created desc, id limit ?", (limit,))
            return tuple(RunRow(*row) for row in rows)

    def show(self, run_id: str) -> RunRow:
        with self._connection() as connection:
            row = connection.execute("select * from runs where id = ?", (run_id,)).fetchone()
        if row is None:
            raise NotFound(f"there is no run {run_id}; `cairn runs` lists them")
        return RunRow(*row)

    def events(self, run_id: str, after: int = 0) -> tuple[Event, ...]:
        """The events of a run with a number above `after`, in order."""
        with self._connection() as connection:
            rows = connection.execute(
                "select run, seq, at, type, payload from events where run = ? and seq > ? order by seq",
                (run_id, after),
            ).fetchall()
        return tuple(Event(run, seq, at, type, json.loads(text)) for run, seq, at, type, text in rows)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=30.0, isolation_level=None)
        try:
            yield connection
            if connection.in_transaction:
                connection.commit()
        finally:
            connection.close()


@dataclass(frozen=True, slots=True)
class Recorder:
    """Writes the events of one run and hands each to whoever watches."""

    log: RunLog
    run_id: str
    hidden: tuple[str, ...] = ()
    on_event: Callable[[Event], None] = lambda _: None

    def __call__(self, type: str, **payload: Any) -> None:
        self.on_event(self.log.append(self.run_id, type, payload, self.hidden))


def _masked(value: Any, hidden: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        return _masked_text(value, hidden)
    if isinstance(value, dict):
        return {key: _masked(item, hidden) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item, hidden) for item in value]
    return value


def _masked_text(text: str, hidden: tuple[str, ...]) -> str:
    for secret in hidden:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, "[redacted:key]")
    # A lone surrogate stands for a byte that is no UTF-8; SQLite stores text only.
    return redact(text)[0].encode("utf-8", "replace").decode()
