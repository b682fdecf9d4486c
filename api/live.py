"""The registered repositories -> an index in step with their files, for as long as a process runs."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import CairnError, Cancelled, NotFound
from indexer.sync import Hooks
from indexer.watch import Backlog, Watcher, WatchOptions
from retriever.freshness import freshness
from retriever.types import Freshness

from .jobs import ENDED, Job, Jobs
from .service import Service

if TYPE_CHECKING:
    from indexer.store.catalog import RepoRow
    from indexer.sync import SyncReport

log = logging.getLogger(__name__)

_LOOK = 2.0  # seconds between looks at the list of repositories, which `cairn index` may extend
_RETRY = 20.0  # seconds before a sync is tried again that failed for a reason which may pass
_PASSING = ("urn:cairn:store-unreachable", "urn:cairn:embedding-failed", "urn:cairn:index-busy")
_PATIENCE = 3600.0  # seconds to wait for another writer: a first index of a huge repository takes minutes


@dataclass(frozen=True, slots=True)
class Watched:
    """Whether a repository is followed, how far behind its index is, and what is in the way if it is."""

    watching: bool = False
    backlog: Backlog = field(default_factory=Backlog)
    problem: str | None = None
    beat_age: float = 0.0
    overflows: int = 0
    watches: int = 0


@dataclass(slots=True)
class Ticket:
    """What has to be over before everything written until a moment is searchable; `Live.arrived` tells."""

    repo: RepoRow
    watcher: Watcher | None
    number: int
    job: Job | None


class Live:
    """Watches the repositories of a service, each with a whole sync first, and begins anew where watching
    ended by itself; `restarts` counts those by repository and reason.

    `only` restricts it to one repository. `told` hears the report of each sync that a change asked for,
    `searchable` the seconds from a change until it could be found. `retry` is how many seconds later a sync
    is tried again whose store did not answer.
    """

    def __init__(
        self,
        service: Service,
        jobs: Jobs,
        retry: float = _RETRY,
        only: str | None = None,
        told: Callable[[SyncReport], None] = lambda report: None,
        searchable: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self.restarts: Counter[tuple[str, str]] = Counter()
        self._service = service
        self._jobs = jobs
        self._retry = retry
        self._only = only
        self._told = told
        self._searchable = searchable
        self._watchers: dict[str, Watcher] = {}
        self._first: dict[str, tuple[Job, float]] = {}  # the whole sync with which watching began, and when
        self._problems: dict[str, str] = {}
        self._left_alone: set[str] = set()
        self._lock = threading.Lock()
        self._comparing = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._look_after, name="live", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End watching; a sync in progress commits what it has."""
        self._stopping.set()
        self._thread.join()
        for name in list(self._watchers):
            self._unwatch(name)

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def add(self, path: Path, name: str | None) -> tuple[RepoRow, bool, Job]:
        """Register a folder and follow it from now on; True when it is new, and the sync that was begun.

        Raises what Service.add_repo raises.
        """
        with self._lock:  # or the next look would find it first, and begin another sync
            repo, new = self._service.add_repo(path, name)
            return repo, new, self._watch(repo) or self._jobs.submit(repo)

    @contextmanager
    def left_alone(self, name: str) -> Iterator[None]:
        """Stop following a repository, and every job of it, while it is removed."""
        with self._lock:
            self._left_alone.add(name)
        try:
            self._unwatch(name)
            self._jobs.cancel_repo(name)
            yield
        finally:
            with self._lock:
                self._left_alone.discard(name)

    def state(self, name: str) -> Watched:
        """How a repository is followed, with every change counted that was written before this call."""
        watcher = self._watchers.get(name)
        if watcher is None:
            return Watched(problem=self._problems.get(name))
        job = self._jobs.newest(name)
        failed = job.error["detail"] if job and job.error and job.status == "failed" else None
        trouble = watcher.trouble if Path(watcher.root).is_dir() else _gone(watcher.root, name)
        error = str(watcher.last_error) if watcher.last_error else None
        return Watched(
            watching=trouble is None,
            backlog=watcher.backlog(),
            problem=trouble or error or failed or watcher.note or None,
            beat_age=watcher.seconds_since_beat,
            overflows=watcher.overflows,
            watches=watcher.watches,
        )

    def looking_since(self, name: str) -> float | None:
        """When the first look at a repository was asked for (time.monotonic), while it is not over."""
        job, since = self._first.get(name, (None, 0.0))
        return since if job is not None and job.status not in ENDED else None

    def freshness(self, repo: RepoRow, state: Watched | None = None) -> Freshness:
        """What an answer about `repo` is served from. To be asked before the answer is sought: a change that
        was written by now is in the answer, or counted as pending here."""
        state = state or self.state(repo.name)
        lag, looking = state.backlog.lag, self.looking_since(repo.name)
        if looking is not None:  # what happened while nobody watched is as old as the question, at least
            lag = max(lag, time.monotonic() - looking)
        return replace(
            freshness(repo),
            pending=state.backlog.waiting + max(state.backlog.under_way, repo.pending),
            lag_seconds=round(lag, 3),
            watching=state.watching,
        )

    def catch_up(self, repo: RepoRow) -> Ticket:
        """Begin at once with what was written before this call; `arrived` tells when it is searchable."""
        watcher = self._watchers.get(repo.name)
        if watcher is None or not watcher.alive:
            self._compare()
            watcher = self._watchers.get(repo.name)
        if watcher is None:
            return Ticket(repo, None, 0, self._jobs.submit(repo))
        return Ticket(repo, watcher, watcher.catch_up(), self._first[repo.name][0])

    def arrived(self, ticket: Ticket) -> bool:
        if ticket.job is not None and ticket.job.status not in ENDED:
            return False
        if ticket.watcher is None:
            return True
        if self._watchers.get(ticket.repo.name) is not ticket.watcher:  # it began anew meanwhile
            if self._stopping.is_set():
                return True
            again = self.catch_up(ticket.repo)
            ticket.watcher, ticket.number, ticket.job = again.watcher, again.number, again.job
            return False
        return ticket.watcher.caught_up(ticket.number)

    def _watch(self, repo: RepoRow) -> Job | None:
        """Follow a repository that is not followed yet, with a whole sync first. The lock is held."""
        if self._stopping.is_set() or repo.name in self._watchers or repo.name in self._left_alone:
            return None
        if not Path(repo.root).is_dir():
            self._problems[repo.name] = _gone(repo.root, repo.name)
            return None
        options = WatchOptions(files=self._service.settings.file_options)
        watcher = Watcher(Path(repo.root), lambda paths: self._sync(repo, paths), options, self._searchable)
        watcher.start()  # before the whole sync, so that nothing falls between the two
        try:
            job = self._jobs.submit(repo)
        except Cancelled:
            watcher.stop()
            raise
        self._first[repo.name] = job, time.monotonic()
        self._watchers[repo.name] = watcher
        self._problems.pop(repo.name, None)
        return job

    def _look_after(self) -> None:
        while not self._stopping.is_set():
            try:
                self._compare()
            except CairnError as error:
                log.warning("the list of repositories cannot be read: %s", error)
            except Exception:
                log.exception("looking after the repositories failed; it goes on")
            self._stopping.wait(_LOOK)

    def _compare(self) -> None:
        with self._comparing:
            repos = {repo.name: repo for repo in self._service.repos() if self._only in (None, repo.name)}
            for name in [name for name in self._watchers if name not in repos]:
                self._unwatch(name)
            for repo in repos.values():
                watcher = self._watchers.get(repo.name)
                trouble = watcher.trouble if watcher is not None else None
                if trouble is not None:
                    log.warning("watching %s begins anew: %s", repo.name, trouble)
                    self.restarts[repo.name, trouble] += 1
                    self._unwatch(repo.name)  # its folder may be gone, perhaps to come back
                try:
                    with self._lock:
                        self._watch(repo)
                except (CairnError, OSError) as error:  # the others are followed all the same
                    self._problems[repo.name] = f"{repo.root} cannot be watched: {error}"
                self._try_again(repo)

    def _try_again(self, repo: RepoRow) -> None:
        """Sync again what failed because a store or an endpoint did not answer: it may by now."""
        job = self._jobs.newest(repo.name)
        if job is None or job.status != "failed" or job.error is None or job.ended is None:
            return
        if job.error["type"] in _PASSING and time.time() - job.ended > self._retry:
            self._jobs.submit(repo)

    def _unwatch(self, name: str) -> None:
        with self._lock:
            watcher = self._watchers.pop(name, None)
        if watcher is not None:
            watcher.stop()

    def _sync(self, repo: RepoRow, paths: set[str] | None) -> None:
        try:
            hooks = Hooks(cancelled=lambda: self._ending(repo.name))
            self._told(self._service.sync(repo, paths, hooks, patience=_PATIENCE))
        except Cancelled:
            return  # what is left undone is found by the next start
        except NotFound:
            if repo.name in {known.name for known in self._service.repos()}:
                raise  # its folder is away, perhaps for a moment: the watcher tries these changes again

    def _ending(self, name: str) -> bool:
        """Whether a sync has to stop. Asked for by a sync that goes on, so this is its sign of life."""
        watcher = self._watchers.get(name)
        if watcher is None or self._stopping.is_set():
            return True
        watcher.beat()
        return False


def _gone(root: str, name: str) -> str:
    return f"{root} is gone; put it back or run: cairn remove {name}"
