"""The registered repositories -> an index in step with their files, for as long as a server runs."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import CairnError, Cancelled, NotFound
from indexer.sync import Hooks
from indexer.watch import Watcher, WatchOptions

from .jobs import Job, Jobs
from .service import Service

if TYPE_CHECKING:
    from indexer.store.catalog import RepoRow

log = logging.getLogger(__name__)

_LOOK = 2.0  # seconds between looks at the list of repositories, which `cairn index` may extend
_RETRY = 20.0  # seconds before a sync is tried again that failed for a reason which may pass
_PASSING = ("urn:cairn:store-unreachable", "urn:cairn:embedding-failed", "urn:cairn:index-busy")
_PATIENCE = 3600.0  # seconds to wait for another writer: a first index of a huge repository takes minutes


@dataclass(frozen=True, slots=True)
class Watched:
    """Whether a repository is followed, and what is in the way if it is not."""

    watching: bool
    waiting: int = 0
    problem: str | None = None


class Live:
    """Watches every repository of a service, each with a whole sync first.

    `retry` is how many seconds later a sync is tried again whose store did not answer.
    """

    def __init__(
        self,
        service: Service,
        jobs: Jobs,
        retry: float = _RETRY,
    ) -> None:
        self._service = service
        self._jobs = jobs
        self._retry = retry
        self._watchers: dict[str, Watcher] = {}
        self._problems: dict[str, str] = {}
        self._left_alone: set[str] = set()
        self._lock = threading.Lock()
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

    def add(self, path: Path, name: str | None) -> tuple[RepoRow, bool, Job]:
        """Register a folder and follow it from now on; True when it is new, and the sync that was begun.

        Raises what Service.add_repo raises.
        """
        with self._lock:  # or the next look would find it first, and begin another sync
            repo, new = self._service.add_repo(path, name)
            return repo, new, self._watch(repo) or self._jobs.submit(repo)

    def _watch(self, repo: RepoRow) -> Job | None:
        """Follow a repository that is not followed yet, with a whole sync first. The lock is held."""
        if self._stopping.is_set() or repo.name in self._watchers or repo.name in self._left_alone:
            return None
        if not Path(repo.root).is_dir():
            self._problems[repo.name] = f"{repo.root} is gone; put it back or run: cairn remove {repo.name}"
            return None
        options = WatchOptions(files=self._service.settings.file_options)
        watcher = Watcher(Path(repo.root), lambda paths: self._sync(repo, paths), options)
        watcher.start()  # before the whole sync, so that nothing falls between the two
        self._watchers[repo.name] = watcher
        self._problems.pop(repo.name, None)
        return self._jobs.submit(repo)

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
        watcher = self._watchers.get(name)
        if watcher is None:
            return Watched(False, 0, self._problems.get(name))
        job = self._jobs.newest(name)
        failed = job.error["detail"] if job and job.error and job.status == "failed" else None
        problem = str(watcher.last_error) if watcher.last_error else failed or watcher.note or None
        return Watched(watcher.alive, watcher.pending, problem)

    def _look_after(self) -> None:
        while not self._stopping.is_set():
            try:
                self._compare()
            except CairnError as error:
                log.warning("the list of repositories cannot be read: %s", error)
            self._stopping.wait(_LOOK)

    def _compare(self) -> None:
        repos = {repo.name: repo for repo in self._service.repos()}
        for name in [name for name in self._watchers if name not in repos]:
            self._unwatch(name)
        for repo in repos.values():
            watcher = self._watchers.get(repo.name)
            if watcher is not None and not watcher.alive:
                self._unwatch(repo.name)  # its folder is gone, perhaps to come back
            with self._lock:
                self._watch(repo)
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
            self._service.sync(repo, paths, hooks, patience=_PATIENCE)
        except Cancelled:
            return  # what is left undone is found by the next start
        except NotFound:
            return  # removed meanwhile

    def _ending(self, name: str) -> bool:
        return self._stopping.is_set() or name not in self._watchers
