"""A task and a repository -> an agent run, with the model, the index and the log a service gives it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.runs import FINAL, Event, RunLog, RunRow
from indexer.errors import BadInput, CairnError, Cancelled, IndexBusy

from . import wire
from .service import WORKING_COPY, Service
from .settings import Settings

if TYPE_CHECKING:
    from agent.codebase import Codebase
    from agent.model import Model
    from agent.run import Outcome
    from indexer.store.catalog import RepoRow

log = logging.getLogger(__name__)

_AT_ONCE = 2  # runs of one server; each may use a sandbox with all memory it is allowed
_STOP_SECONDS = 10.0  # a run looks between two steps whether it shall stop; a model may answer later
_TURN = 0.2  # seconds between looks at whether a waiting run was cancelled


@dataclass(frozen=True, slots=True)
class Step:
    """An event of a run, as a stream sends it."""

    number: int
    name: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunChoice:
    """What to run, and who is told and asked on the way. `run_id` continues a run that was opened."""

    task: str
    repo: str
    root: Path
    run_id: str | None = None
    on_event: Callable[[Event], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False


def run(service: Service, codebase: Codebase, choice: RunChoice) -> Outcome:
    """Carry out a task with the model of the settings. `codebase` answers, here or over HTTP."""
    from agent.run import RunOptions, run_task
    from agent.workspace import RepoHandle

    forget_working_copies(service)
    options = RunOptions(
        data=service.data.root,
        run_id=choice.run_id,
        hidden=keys_of(service.settings),
        cancelled=choice.cancelled,
    )
    return run_task(
        choice.task,
        RepoHandle(choice.repo, choice.root),
        codebase,
        choose_model(service.settings),
        options,
        choice.on_event,
        lambda tree: WorkingCopy(service, tree),
    )


def choose_model(settings: Settings) -> Model:
    """The model behind the endpoint that is set; without one the scripted demonstration."""
    if settings.openai_api_key is None and settings.openai_base_url is None:
        from agent.model.scripted import ScriptedModel

        return ScriptedModel()
    from agent.model.openai import ModelOptions, OpenAIModel

    return OpenAIModel(ModelOptions(settings.model, settings.openai_api_key or "", settings.openai_base_url))


def model_name(settings: Settings) -> str:
    scripted = settings.openai_api_key is None and settings.openai_base_url is None
    return "scripted demonstration" if scripted else settings.model


def keys_of(settings: Settings) -> tuple[str, ...]:
    """Live keys, which no event may show."""
    keys = (
        settings.openai_api_key,
        settings.embedder_key,
        settings.qdrant_api_key,
        settings.api_key,
    )
    return tuple(key for key in keys if key)


class WorkingCopy:
    """The index of a run's working copy, under a name that lists leave out."""

    def __init__(self, service: Service, tree: Path) -> None:
        self.repo = f"{WORKING_COPY}{tree.parent.name}"
        self._service = service
        self._row = service.catalog.add_repo(self.repo, str(tree.resolve()))
        service.sync(self._row)

    def refresh(self, paths: Sequence[str]) -> None:
        self._service.sync(self._row, paths)

    def close(self) -> None:
        self._service.remove(self._row)


def forget_working_copies(service: Service) -> None:
    """Remove the indexes of working copies whose run has ended, or was killed with its folder gone."""
    states = {row.id: row.state for row in RunLog(service.data.runs).list(limit=1000)}
    for repo in service.catalog.repos():
        run_id = repo.name.removeprefix(WORKING_COPY)
        if run_id != repo.name and (states.get(run_id, "failed") in FINAL or not Path(repo.root).is_dir()):
            try:
                service.remove(repo)
            except IndexBusy:
                log.info("%s is still being indexed; it is removed another time", repo.name)


def of_run(row: RunRow, events: Sequence[Event] = ()) -> wire.Json:
    """A run, with what its events say came of it."""
    said = {event.type: event.payload for event in events}
    ending = next((said[state] for state in FINAL if state in said), {})
    commit = said.get("commit.created", {})
    return {
        "id": row.id,
        "task": row.task,
        "repo": row.repo,
        "model": row.model,
        "status": row.state,
        "created": wire.of_time(row.created),
        "updated": wire.of_time(row.updated),
        "summary": ending.get("summary") or ending.get("reason") or "",
        "question": ending.get("question", ""),
        "branch": commit.get("branch") or said.get("workspace.made", {}).get("branch", ""),
        "commit": commit.get("commit"),
        "paths": list(commit.get("paths", [])),
    }


def of_step(event: Event) -> Step:
    return Step(
        event.seq, event.type, {"run": event.run, "seq": event.seq, "at": event.at, "payload": event.payload}
    )


@dataclass(slots=True)
class Tasks:
    """The runs of one server: begun in threads, kept in the log of the data directory."""

    service: Service
    _stops: dict[str, threading.Event] = field(default_factory=dict)
    _threads: dict[str, threading.Thread] = field(default_factory=dict)
    _turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_AT_ONCE))

    @property
    def log(self) -> RunLog:
        return RunLog(self.service.data.runs)

    def submit(self, task: str, repo: RepoRow) -> str:
        """Open a run and return its id; the work follows."""
        settings = self.service.settings
        run_id = self.log.create(task, repo.name, model_name(settings), keys_of(settings)).run
        self._stops[run_id] = threading.Event()
        choice = RunChoice(task, repo.name, Path(repo.root), run_id, cancelled=self._stops[run_id].is_set)
        thread = threading.Thread(target=self._work, args=(choice,), name=f"run {run_id}", daemon=True)
        self._threads[run_id] = thread
        thread.start()
        return run_id

    def recent(self, limit: int) -> list[wire.Json]:
        return [of_run(row) for row in self.log.list(limit)]

    def show(self, run_id: str) -> wire.Json:
        return of_run(self.log.show(run_id), self.log.events(run_id))

    def steps(self, run_id: str, after: int) -> tuple[list[Step], bool]:
        """The events after number `after`, and whether the run has ended."""
        ended = self.log.show(run_id).state in FINAL  # asked first: what is logged before the end is read
        return [of_step(event) for event in self.log.events(run_id, after)], ended

    def cancel(self, run_id: str) -> wire.Json:
        row = self.log.show(run_id)
        if row.state in FINAL:
            raise BadInput(f"run {run_id} has ended already ({row.state})")
        if run_id not in self._stops:
            raise BadInput(f"run {run_id} belongs to another process; stop it there")
        self._stops[run_id].set()
        return of_run(row)

    def stop(self) -> None:
        """Ask every run to stop, and wait a moment for each."""
        for stop in self._stops.values():
            stop.set()
        until = time.monotonic() + _STOP_SECONDS
        for run_id, thread in list(self._threads.items()):
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():  # it waits for a model, and ends with this process
                self._end(run_id, Cancelled("the server stopped while the model was answering"))

    def _work(self, choice: RunChoice) -> None:
        assert choice.run_id is not None
        try:
            while not self._turns.acquire(timeout=_TURN):
                if choice.cancelled():
                    raise Cancelled("stopped before it began")
            try:
                run(self.service, self.service.retriever, choice)
            finally:
                self._turns.release()
        except CairnError as error:
            self._end(choice.run_id, error)
        except Exception as error:
            log.exception("run %s failed", choice.run_id)
            self._end(choice.run_id, error)
        finally:
            self._threads.pop(choice.run_id, None)
            self._stops.pop(choice.run_id, None)

    def _end(self, run_id: str, error: Exception) -> None:
        """Say in the log what ended a run from outside of it."""
        if self.log.show(run_id).state not in FINAL:
            kind = "cancelled" if isinstance(error, Cancelled) else "failed"
            self.log.append(run_id, kind, {"reason": str(error)}, keys_of(self.service.settings))
