"""A server whose settings or version ask for another index -> a migration in the background, as a job.

What answers meanwhile is the index before, and whatever goes wrong with the new one, it goes on answering.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from indexer.errors import (
    CairnError,
    Cancelled,
    Conflict,
    EmbeddingFailed,
    IndexBusy,
    NotFound,
    StoreUnreachable,
)
from indexer.store.editions import read_editions

from . import wire
from .estimate import estimate
from .jobs import ENDED, Job, Jobs
from .migration import Migrated, cancel, clean, migrate, roll_back, wanted
from .migration_state import progress_of, state_of
from .opened import Opened
from .problems import as_document, problem_of
from .service import Service

if TYPE_CHECKING:
    from indexer.sync import Hooks, Progress

log = logging.getLogger(__name__)

EVERY = "*"  # stands for a repository's name in a job that is about all of them
_PASSING = (EmbeddingFailed, StoreUnreachable, IndexBusy, NotFound)
_RETRY = 60.0  # seconds before it is tried again where what was in the way may be gone: an endpoint, a folder
_STOP_SECONDS = 30.0  # a batch is committed in about a second


class Migrating:
    """At most one migration at a time. `retry` is how many seconds later one is tried again that failed."""

    def __init__(self, service: Service, jobs: Jobs, retry: float = _RETRY) -> None:
        self._service = service
        self._jobs = jobs
        self._retry = retry
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._job: Job | None = None
        self._worker: threading.Thread | None = None
        self._wish = threading.Thread(target=self._obey, name="migration", daemon=True)
        self._may_pass = False
        self.problem: str | None = None

    def start(self) -> None:
        self._wish.start()

    def stop(self) -> None:
        """Stop building; the next server, or `cairn migrate`, goes on with it."""
        self._stopping.set()
        if self._job is not None:
            self._job.stop.set()
        for thread in (self._wish, self._worker):
            if thread is not None and thread.ident is not None:
                thread.join(_STOP_SECONDS)

    def begin(self) -> Job:
        """Build what the settings ask for. Raises Conflict when it answers already, or one is being built."""
        to = wanted(self._service)
        if to is None:
            raise Conflict(
                f"the index of {self._service.current.edition.embedder} answers, which is what this server's "
                "settings ask for; start it with another CAIRN_EMBEDDER"
            )
        return self._begin(to)

    def roll_back(self) -> Job:
        said = read_editions(self._service.data)
        if said is None or said.previous is None:
            raise Conflict("there is no index to go back to: none was kept, or it was removed")
        return self._submit(lambda hooks: roll_back(self._service, hooks))

    def cancel(self) -> wire.Json:
        cancel(self._service)
        return self.document()

    def clean(self) -> wire.Json:
        removed, notes = clean(self._service)
        return {"removed": list(removed), "notes": list(notes)}

    def estimate(self) -> wire.Json:
        to = wanted(self._service)
        if to is None:
            raise Conflict(
                "the index that the settings ask for answers already; there is nothing to estimate"
            )
        return asdict(estimate(self._service, to))

    def document(self) -> wire.Json:
        """All there is to say, sizes included."""
        job = self._job
        return {
            **state_of(self._service),
            "job": job.id if job is not None else None,
            "problem": self._service.problem or self.problem,
        }

    def brief(self) -> wire.Json | None:
        """What belongs into a list: None while nothing is built and nothing is wrong."""
        problem, progress = self._service.problem or self.problem, progress_of(self._service)
        if progress is None and problem is None:
            return None
        done, total = progress or (0, 0)
        return {"done": done, "total": total, "problem": problem}

    def _obey(self) -> None:
        """Build what the settings ask for, as long as nobody turned it down."""
        while not self._stopping.is_set():
            try:
                to = wanted(self._service)
                said = read_editions(self._service.data)
                if to is None or (said is not None and said.declined == to.edition.fingerprint):
                    return
                job = self._begin(to)
            except CairnError as error:
                self._note(error)
                if not isinstance(error, _PASSING):
                    return
            except Exception:
                log.exception("the model that the settings ask for could not be loaded")
                return
            else:
                self._wait_for(job)
                if job.status != "failed" or not self._may_pass:
                    return
            self._stopping.wait(self._retry)

    def _wait_for(self, job: Job) -> None:
        while job.status not in ENDED and not self._stopping.wait(0.1):
            pass

    def _begin(self, to: Opened) -> Job:
        return self._submit(lambda hooks: migrate(self._service, to, hooks))

    def _submit(self, work: Callable[[Hooks], Migrated]) -> Job:
        with self._lock:
            if self._stopping.is_set():
                raise Cancelled("the server is stopping; ask again when it is back")
            if self._job is not None and self._job.status not in ENDED:
                raise Conflict(f"an index is being built already, as job {self._job.id}")
            job = self._job = Job(secrets.token_hex(6), EVERY, "migration")
            self._jobs.carry(job)
            self._worker = threading.Thread(target=self._work, args=(job, work), name=f"job {job.id}")
            self._worker.daemon = True
            self._worker.start()
        return job

    def _work(self, job: Job, work: Callable[[Hooks], Migrated]) -> None:
        from indexer.sync import Hooks

        def progress(now: Progress) -> None:
            job.tell("progress", {"done": now.done, "total": now.total, "chunks": now.chunks})

        self.problem, self._may_pass = None, False
        try:
            job.tell("running", {"repo": EVERY}, "running")
            done = work(Hooks(progress, job.stop.is_set))
            report = {**asdict(done), "removed": list(done.removed), "notes": list(done.notes)}
            job.tell("done", report, "done")
        except Cancelled as error:
            job.tell("cancelled", as_document(problem_of(error), str(error)), "cancelled")
        except CairnError as error:
            self._note(error)
            job.tell("failed", as_document(problem_of(error), str(error)), "failed")
        except Exception as error:
            log.exception("the migration failed")
            self.problem = f"the migration failed ({type(error).__name__}); the server's log says where"
            job.tell("failed", as_document(problem_of(error), self.problem), "failed")

    def _note(self, error: CairnError) -> None:
        self._may_pass = isinstance(error, _PASSING)
        said = f"the index that the settings ask for is not built: {error}"
        if said != self.problem:
            log.warning("%s", said)
        self.problem = said
