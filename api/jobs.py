"""Ask for a sync or a proof -> a Job that can be followed and stopped, worked on in a thread of its own.

What a job did is in the index. Of the job itself a record is kept, so that who asked can ask the next
server: a job that did not end is worked on there, under the id it had.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from indexer.errors import BadInput, CairnError, Cancelled, NotFound

from . import wire
from .job_record import JobRecord
from .problems import as_document, problem_of

if TYPE_CHECKING:
    from indexer.store.catalog import RepoRow
    from indexer.sync import Hooks, Progress, SyncReport

log = logging.getLogger(__name__)

Status = Literal["queued", "running", "done", "failed", "cancelled"]
Kind = Literal["sync", "verify", "migration"]
Sync = Callable[["RepoRow", "Hooks"], "SyncReport"]
# What a job does: (the job's `tell` of progress, whether it is to stop) -> its report.
Work = Callable[[Callable[[dict[str, Any]], None], Callable[[], bool]], dict[str, Any]]
ENDED: tuple[Status, ...] = ("done", "failed", "cancelled")
_KEPT = 200  # ended jobs that can still be asked for
_EVENTS = 500  # per job: a million files report progress 20,000 times, and only the last of it matters
_STOP_SECONDS = 30.0  # a running sync commits what it has in about a second


@dataclass(frozen=True, slots=True)
class JobEvent:
    """One step of a job; `number` counts from 1."""

    number: int
    name: str
    data: dict[str, Any]


@dataclass(slots=True)
class Job:
    """A sync of one repository, whole, or the proof of its index. Read it through `document` and `events`."""

    id: str
    repo: str
    kind: Kind = "sync"
    created: float = field(default_factory=time.time)
    status: Status = "queued"
    ended: float | None = None
    progress: dict[str, Any] | None = None
    report: dict[str, Any] | None = None
    error: dict[str, Any] | None = None
    stop: threading.Event = field(default_factory=threading.Event)
    _events: list[JobEvent] = field(default_factory=list)
    _numbers: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def restored(cls, said: dict[str, Any]) -> Job:
        """A job of the server before, from its document; one that did not end is queued again."""
        job = cls(said["id"], said["repo"], said.get("kind", "sync"), wire.seconds_of(said["created"]))
        job.progress = said.get("progress")
        if said["status"] in ENDED:
            job.tell(said["status"], said.get("error") or said.get("report") or {}, said["status"])
            job.ended = wire.seconds_of(said["ended"])
        return job

    def document(self) -> dict[str, Any]:
        with self._lock:
            return {
                "id": self.id,
                "repo": self.repo,
                "kind": self.kind,
                "status": self.status,
                "created": wire.of_time(self.created),
                "ended": wire.of_time(self.ended),
                "progress": self.progress,
                "report": self.report,
                "error": self.error,
            }

    def events(self, after: int = 0) -> tuple[list[JobEvent], bool]:
        """What happened after event number `after`, and whether that was the end."""
        with self._lock:
            return [event for event in self._events if event.number > after], self.status in ENDED

    def tell(self, name: str, data: dict[str, Any], status: Status | None = None) -> None:
        with self._lock:
            if status:
                self.status = status
                self.ended = time.time() if status in ENDED else None
            if name == "progress":
                self.progress = data
            elif name == "done":
                self.report = data
            elif name in ("failed", "cancelled"):
                self.error = data
            self._numbers += 1
            self._events.append(JobEvent(self._numbers, name, data))
            del self._events[:-_EVENTS]


class Jobs:
    """All jobs of this server. `sync` does the work and waits for other writers of the repository.

    With a `record` the jobs of the server before are known, and those it did not end wait until their
    repository is submitted, which every start does.
    """

    def __init__(self, sync: Sync, record: JobRecord | None = None) -> None:
        self._sync = sync
        self._record = record
        self._jobs: dict[str, Job] = {}
        self._interrupted: dict[str, Job] = {}  # of the server before, by repository
        self._left_undone: set[str] = set()  # for the next server
        for document in [] if record is None else record.read():
            job = self._jobs[document["id"]] = Job.restored(document)
            if job.status not in ENDED and job.kind != "sync":
                gone = Cancelled(
                    f"the server ended before the {job.kind} of {job.repo} did; ask for it again"
                )
                job.tell("cancelled", as_document(problem_of(gone), str(gone)), "cancelled")
            elif job.status not in ENDED:
                before = self._interrupted.get(job.repo)
                if before is not None:  # one look at the files is enough for both
                    self._jobs[before.id] = job
                self._interrupted[job.repo] = job
        self._threads: dict[str, threading.Thread] = {}
        # A whole sync uses every core, and so does a proof: of each kind one after the other.
        self._turns: dict[Kind, threading.Lock] = {"sync": threading.Lock(), "verify": threading.Lock()}
        self._lock = threading.Lock()
        self._stopping = False

    def submit(self, repo: RepoRow) -> Job:
        """Queue a sync. One that is queued and not begun sees today's files as well, so it is shared."""
        with self._lock:
            for job in self._jobs.values():
                fresh = job.status == "queued" and not job.stop.is_set() and not self._stopping
                shared = job.kind == "sync" and job is not self._interrupted.get(repo.name)
                if job.repo == repo.name and fresh and shared:
                    return job
            before = None if self._stopping else self._interrupted.pop(repo.name, None)
            job = before or Job(secrets.token_hex(6), repo.name)
            return self._begin(job, lambda tell, stop: self._synced(repo, tell, stop))

    def prove(self, repo: RepoRow, work: Work) -> Job:
        """Queue a proof; `work` makes it."""
        with self._lock:
            return self._begin(Job(secrets.token_hex(6), repo.name, "verify"), work)

    def _begin(self, job: Job, work: Work) -> Job:
        """The lock is held."""
        if self._stopping:
            raise Cancelled("the server is stopping; ask again when it is back")
        self._jobs[job.id] = job
        self._forget_old()
        self._write_record()
        thread = threading.Thread(target=self._work, args=(job, work), name=f"job {job.id}", daemon=True)
        self._threads[job.id] = thread
        thread.start()
        return job

    def carry(self, job: Job) -> None:
        """Let a job be found whose work is done elsewhere."""
        with self._lock:
            self._jobs[job.id] = job
            self._forget_old()

    def get(self, job_id: str) -> Job:
        with self._lock:
            if job_id not in self._jobs:
                raise NotFound(f"there is no job {job_id}; a server keeps its last {_KEPT} jobs")
            return self._jobs[job_id]

    def cancel(self, job_id: str) -> Job:
        """Ask a job to stop. It commits what it has, so it may take a second."""
        job = self.get(job_id)
        if job.status in ENDED:
            raise BadInput(f"job {job_id} has ended already ({job.status})")
        job.stop.set()
        return job

    def cancel_repo(self, repo: str) -> None:
        """Stop every job of a repository and wait until none runs any more."""
        self._stop_all([job for job in self.all() if job.repo == repo])

    def drop_unknown(self, repos: Collection[str]) -> None:
        """End what the server before left undone for repositories that are none any more."""
        with self._lock:
            for name in self._interrupted.keys() - set(repos):
                job = self._interrupted.pop(name)
                gone = Cancelled(f"the server ended before the sync of {name} did, and {name} was removed")
                job.tell("cancelled", as_document(problem_of(gone), str(gone)), "cancelled")
            self._write_record()

    def newest(self, repo: str) -> Job | None:
        """The newest sync of a repository."""
        return next((job for job in reversed(self.all()) if job.repo == repo and job.kind == "sync"), None)

    def all(self) -> list[Job]:
        with self._lock:
            return list({job.id: job for job in self._jobs.values()}.values())

    def stop(self) -> None:
        with self._lock:
            self._stopping = True
        self._stop_all(self.all())

    def _stop_all(self, jobs: list[Job]) -> None:
        for job in jobs:
            job.stop.set()
        until = time.monotonic() + _STOP_SECONDS
        for job in jobs:
            thread = self._threads.get(job.id)
            if thread is not None:
                thread.join(max(0.0, until - time.monotonic()))

    def _work(self, job: Job, work: Work) -> None:
        turn = self._turns[job.kind]
        try:
            while not turn.acquire(timeout=0.1):
                if job.stop.is_set():
                    raise Cancelled(f"the {job.kind} of {job.repo} was stopped before it began")
            try:
                self._run(job, work)
            finally:
                turn.release()
        except Cancelled as error:
            if self._stopping and job.kind == "sync":
                self._left_undone.add(job.id)
            job.tell("cancelled", as_document(problem_of(error), str(error)), "cancelled")
        except CairnError as error:
            job.tell("failed", as_document(problem_of(error), str(error)), "failed")
        except Exception as error:
            log.exception("the %s of %s failed", job.kind, job.repo)
            detail = (
                f"the {job.kind} of {job.repo} failed ({type(error).__name__}); the server's log says where"
            )
            job.tell("failed", as_document(problem_of(error), detail), "failed")
        finally:
            with self._lock:
                self._threads.pop(job.id, None)
                self._write_record()

    def _run(self, job: Job, work: Work) -> None:
        if job.stop.is_set():
            raise Cancelled(f"the {job.kind} of {job.repo} was stopped before it began")
        job.tell("running", {"repo": job.repo}, "running")
        report = work(lambda progress: job.tell("progress", progress), job.stop.is_set)
        job.tell("done", report, "done")

    def _synced(
        self, repo: RepoRow, tell: Callable[[dict[str, Any]], None], stopped: Callable[[], bool]
    ) -> dict[str, Any]:
        from indexer.sync import Hooks

        def progress(now: Progress) -> None:
            tell({"done": now.done, "total": now.total, "chunks": now.chunks})

        return wire.of_report(self._sync(repo, Hooks(progress, stopped)))

    def _write_record(self) -> None:
        """The lock is held."""
        if self._record is not None:
            distinct = {job.id: job.document() for job in self._jobs.values()}
            for job_id in self._left_undone:
                distinct[job_id] |= {"status": "queued", "ended": None, "error": None}
            self._record.write(list(distinct.values()))

    def _forget_old(self) -> None:
        ended = [job for job in self._jobs.values() if job.status in ENDED]
        for job in ended[: max(0, len(ended) - _KEPT)]:
            self._jobs.pop(job.id, None)
