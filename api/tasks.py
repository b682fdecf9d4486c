"""Tasks for the agent as the doors know them: begun, followed, decided on by people, gone on with."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.log.runs import Event, RunLog, RunRow
from agent.log.states import ENDED, RESTING
from indexer.errors import BadInput, CairnError, Cancelled, Conflict, NotFound

from . import wire
from .means import forget_working_copies, means_of
from .service import Service

if TYPE_CHECKING:
    from agent.codebase import Codebase
    from agent.log.outcome import Outcome
    from indexer.store.catalog import RepoRow

log = logging.getLogger(__name__)

_AT_ONCE = 2  # runs of one server; each may use a sandbox with all memory it is allowed
_STOP_SECONDS = 10.0  # a run looks between two steps whether it shall stop; a model may answer later
_TURN = 0.2  # seconds between looks at whether a waiting run was cancelled
_KEY_LETTERS = 200
_LISTED_LETTERS = 300  # of a task in a list; an issue with its comments has 60,000
_PUT_AWAY_SECONDS = 30.0  # for the worker before, which removes its index after its last event


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
    runs = RunLog(service.data.runs)
    repo = runs.show(run_id).repo
    means = means_of(service, codebase, repo, root, cancelled=watch.cancelled, on_event=watch.on_event)
    _let_it_put_away(runs, run_id)
    return work_on(run_id, RepoHandle(repo, root), means)


def _let_it_put_away(runs: RunLog, run_id: str) -> None:
    """Wait for a worker whose run rests already; one that is at work is not waited for."""
    until = time.monotonic() + _PUT_AWAY_SECONDS
    while runs.show(run_id).state != "running" and runs.worked_on(run_id) and time.monotonic() < until:
        time.sleep(_TURN)


_ENDINGS = {"rejected": "gate.rejected"}  # states whose event has another name


def of_run(row: RunRow, events: Sequence[Event] = (), worked_on: bool = True) -> wire.Json:
    """A run, with what its events say came of it. One that runs and has no worker was interrupted."""
    said = {event.type: event.payload for event in events}
    ending, work = said.get(_ENDINGS.get(row.state, row.state), {}), said.get("work.finished", {})
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
        "summary": ending.get("summary") or ending.get("reason") or ending.get("note") or "",
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
class _Worker:
    """A thread that works on a run. `begun` is set when it has got its turn."""

    stop: threading.Event
    begun: threading.Event
    thread: threading.Thread


class Tasks:
    """The runs of one server: worked on in threads, kept in the log of the data directory."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._workers: dict[str, _Worker] = {}
        self._turns = threading.Semaphore(_AT_ONCE)
        self._lock = threading.Lock()

    @cached_property
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
        with self._lock:  # two requests with one key: the second finds the run of the first
            run_id = open_run(task, RepoHandle(repo.name, root), means, choices, key or None)
            if self.log.show(run_id).state == "queued" and run_id not in self._workers:
                self._start(run_id, root)
        return run_id

    def resume(self, run_id: str) -> wire.Json:
        """Go on with a run: after an approval or an answer, a failure, or a server that was killed."""
        with self._lock:
            row = self.log.show(run_id)
            if row.state in (*ENDED, "awaiting_approval") or self._has_a_worker(row):
                why = "is worked on already" if row.state in ("queued", "running") else f"is {row.state}"
                raise Conflict(f"run {row.id} {why}; there is nothing to resume")
            self._start(row.id, self._root_of(row))
        return self.show(row.id)

    def recent(self, limit: int) -> list[wire.Json]:
        """Runs, the newest first, with the beginning of their tasks."""
        shown = [of_run(row, worked_on=self._at_work(row)) for row in self.log.list(limit)]
        return [{**run, "task": run["task"][:_LISTED_LETTERS]} for run in shown]

    def show(self, run_id: str) -> wire.Json:
        row = self.log.show(run_id)
        return of_run(row, self.log.events(row.id), self._at_work(row))

    def outcome(self, run_id: str) -> wire.Json:
        """Everything that came of a run: plan, tests, proof, cost, diff."""
        from agent.log.outcome import as_json, outcome_of

        return as_json(outcome_of(self.log, run_id, self.service.data.root))

    def steps(self, run_id: str, after: int) -> tuple[list[Step], bool]:
        """The events after number `after`, and whether none will follow for now."""
        row = self.log.show(run_id)  # asked first: what is logged before the end is read
        rests = row.state in RESTING or not self._at_work(row)
        return [of_step(event) for event in self.log.events(row.id, after)], rests

    def cancel(self, run_id: str, actor: str) -> wire.Json:
        """Stop a run before its next step, or end one that waits."""
        from agent.log import persons

        row = self.log.show(run_id)
        worker = self._workers.get(row.id)
        if worker is not None and row.state not in RESTING:
            worker.stop.set()
        elif row.state == "running" and self.log.worked_on(row.id):
            raise Conflict(f"run {row.id} is worked on by another process; stop it there, with Ctrl-C")
        else:
            _let_it_put_away(self.log, row.id)
            persons.cancel(self.log, row.id, actor)
        return self.show(row.id)

    def stop(self) -> None:
        """Ask every run to stop, and wait a moment for each. All of them can be resumed."""
        workers = dict(self._workers)
        for worker in workers.values():
            worker.stop.set()
        until = time.monotonic() + _STOP_SECONDS
        for run_id, worker in workers.items():
            worker.thread.join(max(0.0, until - time.monotonic()))
            if worker.thread.is_alive():  # it waits for a model or a test run, and ends with this process
                self._end(run_id, Cancelled("the server stopped in the middle of a step"))

    def _at_work(self, row: RunRow) -> bool:
        return row.state != "running" or row.id in self._workers or self.log.worked_on(row.id)

    def _has_a_worker(self, row: RunRow) -> bool:
        """Whether somebody works on it, or will when its turn comes. A worker that only puts its things
        away after a gate is none: the next one waits for it."""
        worker = self._workers.get(row.id)
        if row.state == "running":
            return worker is not None or self.log.worked_on(row.id)
        return worker is not None and not worker.begun.is_set()

    def _root_of(self, row: RunRow) -> Path:
        try:
            return Path(self.service.named(row.repo).root)
        except NotFound as error:
            raise NotFound(f"run {row.id} works on {row.repo}, which is not indexed any more") from error

    def _start(self, run_id: str, root: Path) -> None:
        """Begin to work; `_lock` is held."""
        stop, begun = threading.Event(), threading.Event()
        thread = threading.Thread(
            target=self._work, args=(run_id, root, stop, begun), name=f"run {run_id}", daemon=True
        )
        self._workers[run_id] = _Worker(stop, begun, thread)
        thread.start()

    def _work(self, run_id: str, root: Path, stop: threading.Event, begun: threading.Event) -> None:
        try:
            while not self._turns.acquire(timeout=_TURN):
                if stop.is_set():
                    raise Cancelled("stopped before it began")
            try:
                begun.set()
                go_on(self.service, self.service.retriever, root, run_id, Watch(cancelled=stop.is_set))
            finally:
                self._turns.release()
        except Conflict as error:
            log.info("%s", error)  # another process has it, or ended it; its word counts
        except CairnError as error:
            self._end(run_id, error)
        except Exception as error:
            log.exception("run %s failed", run_id)
            self._end(run_id, error)
        finally:
            with self._lock:
                if self._workers[run_id].stop is stop:  # else the next one has taken over
                    del self._workers[run_id]

    def _end(self, run_id: str, error: Exception) -> None:
        """Say in the log what ended a run from outside of it."""
        if self.log.show(run_id).state not in RESTING:
            kind = "cancelled" if isinstance(error, Cancelled) else "failed"
            self.log.append(run_id, kind, {"reason": str(error)})
