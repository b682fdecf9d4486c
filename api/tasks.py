"""Tasks for the agent as the doors know them: begun, followed, decided on by people, gone on with."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.runs import Event, RunLog, RunRow
from agent.states import ENDED, RESTING
from indexer.errors import BadInput, CairnError, Cancelled, Conflict, NotFound

from . import wire
from .means import forget_working_copies, means_of
from .service import Service

if TYPE_CHECKING:
    from agent.codebase import Codebase
    from agent.outcome import Outcome
    from indexer.store.catalog import RepoRow

log = logging.getLogger(__name__)

_AT_ONCE = 2  # runs of one server; each may use a sandbox with all memory it is allowed
_STOP_SECONDS = 10.0  # a run looks between two steps whether it shall stop; a model may answer later
_TURN = 0.2  # seconds between looks at whether a waiting run was cancelled
_KEY_LETTERS = 200


@dataclass(frozen=True, slots=True)
class Step:
    """An event of a run, as a stream sends it."""

    number: int
    name: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told and asked while a run is worked on."""

    on_event: Callable[[Event], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False


def begin(
    service: Service,
    codebase: Codebase,
    repo: str,
    root: Path,
    task: str,
    choices: Mapping[str, Any],
    watch: Watch,
) -> Outcome:
    """Open a run and work on it until it rests."""
    from agent.run import run_task
    from agent.workspace import RepoHandle

    forget_working_copies(service)
    means = means_of(service, codebase, repo, root, cancelled=watch.cancelled, on_event=watch.on_event)
    return run_task(task, RepoHandle(repo, root), means, choices)


def go_on(service: Service, codebase: Codebase, root: Path, run_id: str, watch: Watch) -> Outcome:
    """Work on a run that was opened, granted, answered or interrupted, until it rests."""
    from agent.run import work_on
    from agent.workspace import RepoHandle

    forget_working_copies(service)
    repo = RunLog(service.data.runs).show(run_id).repo
    means = means_of(service, codebase, repo, root, cancelled=watch.cancelled, on_event=watch.on_event)
    return work_on(run_id, RepoHandle(repo, root), means)


def of_run(row: RunRow, events: Sequence[Event] = (), worked_on: bool = True) -> wire.Json:
    """A run, with what its events say came of it. One that runs and has no worker was interrupted."""
    said = {event.type: event.payload for event in events}
    ending, work = said.get(row.state, {}), said.get("work.finished", {})
    gate = said.get("gate.requested") if row.state == "awaiting_approval" else None
    return {
        "id": row.id,
        "task": row.task,
        "repo": row.repo,
        "model": row.model,
        "status": row.state,
        "interrupted": row.state == "running" and not worked_on,
        "created": wire.of_time(row.created),
        "updated": wire.of_time(row.updated),
        "summary": ending.get("summary") or ending.get("reason") or "",
        "question": ending.get("question", ""),
        "gate": {key: gate[key] for key in ("gate", "subject", "reasons")} if gate else None,
        "branch": said.get("workspace.made", {}).get("branch", ""),
        "commit": said.get("commit.created", {}).get("commit"),
        "request": said.get("request.opened", {}).get("url"),
        "paths": list(work.get("review", {}).get("paths", [])),
    }


def of_step(event: Event) -> Step:
    return Step(
        event.seq, event.type, {"run": event.run, "seq": event.seq, "at": event.at, "payload": event.payload}
    )


@dataclass(slots=True)
class Tasks:
    """The runs of one server: worked on in threads, kept in the log of the data directory."""

    service: Service
    _stops: dict[str, threading.Event] = field(default_factory=dict)
    _threads: dict[str, threading.Thread] = field(default_factory=dict)
    _turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_AT_ONCE))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def log(self) -> RunLog:
        return RunLog(self.service.data.runs)

    def submit(self, task: str, repo: RepoRow, choices: Mapping[str, Any], key: str = "") -> str:
        """Open a run and return its id; the work follows. The same `key` again gives the same run."""
        from agent.run import open_run
        from agent.workspace import RepoHandle

        if len(key) > _KEY_LETTERS:
            raise BadInput(f"the idempotency key has more than {_KEY_LETTERS} letters")
        root = Path(repo.root)
        means = means_of(self.service, self.service.retriever, repo.name, root)
        run_id = open_run(task, RepoHandle(repo.name, root), means, choices, key or None)
        if self.log.show(run_id).state == "queued" and run_id not in self._threads:
            self._start(run_id, root)
        return run_id

    def resume(self, run_id: str) -> wire.Json:
        """Go on with a run: after an approval or an answer, a failure, or a server that was killed."""
        row = self.log.show(run_id)
        if (
            row.state in (*ENDED, "awaiting_approval")
            or self.log.worked_on(row.id)
            or row.id in self._threads
        ):
            why = "is worked on" if row.state == "running" else f"is {row.state}"
            raise Conflict(f"run {row.id} {why}; there is nothing to resume")
        self._start(row.id, self._root_of(row))
        return self.show(row.id)

    def recent(self, limit: int) -> list[wire.Json]:
        return [of_run(row, worked_on=self._at_work(row)) for row in self.log.list(limit)]

    def show(self, run_id: str) -> wire.Json:
        row = self.log.show(run_id)
        return of_run(row, self.log.events(row.id), self._at_work(row))

    def outcome(self, run_id: str) -> wire.Json:
        """Everything that came of a run: plan, tests, proof, cost, diff."""
        from agent.outcome import as_json, outcome_of

        return as_json(outcome_of(self.log, run_id, self.service.data.root))

    def steps(self, run_id: str, after: int) -> tuple[list[Step], bool]:
        """The events after number `after`, and whether none will follow for now."""
        rests = self.log.show(run_id).state in RESTING  # asked first: what is logged before the end is read
        return [of_step(event) for event in self.log.events(run_id, after)], rests

    def cancel(self, run_id: str, actor: str) -> wire.Json:
        """Stop a run before its next step, or end one that waits."""
        from agent import persons

        row = self.log.show(run_id)
        stop = self._stops.get(row.id)
        if stop is not None:
            stop.set()
        elif self.log.worked_on(row.id):
            raise Conflict(f"run {row.id} belongs to another process; stop it there")
        else:
            persons.cancel(self.log, row.id, actor)
        return self.show(row.id)

    def stop(self) -> None:
        """Ask every run to stop, and wait a moment for each."""
        for stop in self._stops.values():
            stop.set()
        until = time.monotonic() + _STOP_SECONDS
        for run_id, thread in list(self._threads.items()):
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():  # it waits for a model, and ends with this process
                self._end(run_id, Cancelled("the server stopped while the model was answering"))

    def _at_work(self, row: RunRow) -> bool:
        return row.id in self._threads or row.state != "running" or self.log.worked_on(row.id)

    def _root_of(self, row: RunRow) -> Path:
        try:
            return Path(self.service.named(row.repo).root)
        except NotFound as error:
            raise NotFound(f"run {row.id} works on {row.repo}, which is not indexed any more") from error

    def _start(self, run_id: str, root: Path) -> None:
        with self._lock:
            if run_id in self._threads:
                raise Conflict(f"run {run_id} is worked on already")
            self._stops[run_id] = threading.Event()
            thread = threading.Thread(
                target=self._work, args=(run_id, root), name=f"run {run_id}", daemon=True
            )
            self._threads[run_id] = thread
        thread.start()

    def _work(self, run_id: str, root: Path) -> None:
        cancelled = self._stops[run_id].is_set
        try:
            while not self._turns.acquire(timeout=_TURN):
                if cancelled():
                    raise Cancelled("stopped before it began")
            try:
                go_on(self.service, self.service.retriever, root, run_id, Watch(cancelled=cancelled))
            finally:
                self._turns.release()
        except CairnError as error:
            self._end(run_id, error)
        except Exception as error:
            log.exception("run %s failed", run_id)
            self._end(run_id, error)
        finally:
            with self._lock:
                self._threads.pop(run_id, None)
                self._stops.pop(run_id, None)

    def _end(self, run_id: str, error: Exception) -> None:
        """Say in the log what ended a run from outside of it."""
        if self.log.show(run_id).state not in RESTING:
            kind = "cancelled" if isinstance(error, Cancelled) else "failed"
            self.log.append(run_id, kind, {"reason": str(error)})
