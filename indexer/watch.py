"""Changes on disk -> one call with the paths that changed, once it is quiet for a moment."""

from __future__ import annotations

import errno
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from . import git
from .changes import Changes
from .errors import CairnError
from .files import FileOptions
from .inotify import Inotify
from .places import shared_kind
from .poll import Poller
from .skip import SkipReason

log = logging.getLogger(__name__)

OnChange = Callable[[set[str] | None], None]


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """When changes are handed on. Without a `source` events are used where the file system sends them, and
    all files are looked at every second or so where it does not (network shares)."""

    debounce_s: float = 0.05  # quiet time that ends a burst: an editor's save is over, a checkout goes on
    patience_s: float = 0.4  # a stream of changes that never pauses is served this often, or as calls allow
    git_s: float = 3.0  # a checkout is waited for: while git holds its lock, at most this long
    rescan_s: float = 300.0  # what no event told of, as writes through a shared mapping, is found this late
    source: Literal["inotify", "watchdog", "poll"] | None = None
    files: FileOptions = field(default_factory=FileOptions)


class Source(Protocol):
    """Who tells of changes. `drain` tells at once what is known by now; False where that may not be all."""

    @property
    def alive(self) -> bool: ...
    @property
    def trouble(self) -> str | None: ...
    @property
    def full(self) -> OSError | None: ...
    @property
    def overflows(self) -> int: ...
    @property
    def watches(self) -> int: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def drain(self, wait: bool = True) -> bool: ...


@dataclass(frozen=True, slots=True)
class Backlog:
    """Changes that wait to be handed on, those handed on whose call is not over, and the seconds since the
    oldest of both was seen."""

    waiting: int = 0
    under_way: int = 0
    lag: float = 0.0


class Watcher:
    """Calls `on_change` with paths relative to the root (files and folders, also those that are gone),
    or with None when everything must be looked at: ignore rules changed, another commit was checked
    out, or there was too much to name. Calls never overlap. When one raises, the error is logged and
    kept in `last_error`, and the same changes are handed on again, after a growing pause.

    `on_searchable` hears the seconds from a change until the call that took it was over.
    """

    def __init__(
        self,
        root: Path,
        on_change: OnChange,
        options: WatchOptions | None = None,
        on_searchable: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self.root = os.path.realpath(root)
        self.last_error: Exception | None = None
        self.note = ""  # why files are polled though events were asked for
        self._on_change = on_change
        self._on_searchable = on_searchable
        self._options = options or WatchOptions()
        self._changes = Changes()
        self._stop = threading.Event()
        self._source: Source | None = None
        self._place: tuple[int, int] | None = None
        self._index_lock: str | None = None
        self._worker = threading.Thread(target=self._work, name=f"watch {self.root}", daemon=True)
        self._beat = self._rescan = time.monotonic()

    def start(self) -> None:
        """Begin to watch; changes from now on are seen. Without room for watches, poll."""
        self._place = _place(self.root)
        repository = git.find(self.root)
        self._index_lock = None if repository is None else os.path.join(repository.gitdir, "index.lock")
        self._source = self._begin(self._options.source or self._best())
        self._worker.start()

    def stop(self) -> None:
        """End; a call in progress is waited for, changes not handed on are dropped."""
        self._stop.set()
        self._changes.close()
        if self._source is not None:
            self._source.stop()
        if self._worker.is_alive() and self._worker is not threading.current_thread():
            self._worker.join()

    @property
    def alive(self) -> bool:
        """Whether changes are still seen and handed on."""
        return self.trouble is None

    @property
    def trouble(self) -> str | None:
        """Why changes are not seen or not handed on any more; None while they are."""
        if self._source is None or not self._worker.is_alive():
            return f"{self.root} is not watched" if self._stop.is_set() else "the watching thread ended"
        place = _place(self.root)
        if place is None:
            return f"{self.root} is gone"
        if place != self._place:
            return f"{self.root} is another folder than it was"
        return self._source.trouble or (None if self._source.alive else "the thread that reads events ended")

    @property
    def seconds_since_beat(self) -> float:
        """The worker beats about once a second, and whoever works in `on_change` beats for it."""
        return time.monotonic() - self._beat

    def beat(self) -> None:
        self._beat = time.monotonic()

    def backlog(self) -> Backlog:
        """What is not searchable of all that was written before this call, as far as the source can tell."""
        if self._source is not None:
            self._source.drain(wait=False)
        changes = self._changes
        return Backlog(changes.waiting, changes.under_way, changes.lag)

    @property
    def watches(self) -> int:
        return 0 if self._source is None else self._source.watches

    @property
    def overflows(self) -> int:
        """How often the system lost events, each of which led to a look at everything."""
        return 0 if self._source is None else self._source.overflows

    def catch_up(self) -> int:
        """Hand on at once what was written before this call; `caught_up` tells when its call is over."""
        if self._source is None or not self._source.drain():
            self._changes.add(None)
        return self._changes.hurry()

    def caught_up(self, number: int) -> bool:
        return self._changes.done(number)

    def _best(self) -> Literal["inotify", "watchdog", "poll"]:
        shared = shared_kind(self.root)
        if shared is not None:
            self.note = f"{self.root} is polled: {shared} does not tell of what other machines write"
            return "poll"
        return "inotify" if sys.platform == "linux" else "watchdog"

    def _begin(self, kind: Literal["inotify", "watchdog", "poll"]) -> Source:
        options = self._options.files
        if kind == "poll":
            source: Source = Poller(self.root, self._changes.add, options)
        elif kind == "inotify":
            keep_packages = not options.keep.isdisjoint({SkipReason.VENDORED, SkipReason.GENERATED})
            source = Inotify(self.root, self._changes.add, keep_packages)
        else:
            from .observe import Observed  # watchdog, where the system needs it

            source = Observed(self.root, self._changes.add)
        try:
            source.start()
        except OSError as problem:
            if kind == "poll":
                raise
            return self._fall_back(problem)
        return source

    def _fall_back(self, problem: OSError) -> Source:
        self.note = f"{self.root} is polled, because the system gives no events: {problem.strerror}"
        if problem.errno == errno.ENOSPC:
            self.note += "; raise fs.inotify.max_user_watches (sysctl) above the number of its folders"
        elif problem.errno == errno.EMFILE:
            self.note += "; raise fs.inotify.max_user_instances (sysctl) or the limit of open files"
        log.warning("%s", self.note)
        return self._begin("poll")

    def _work(self) -> None:
        failures, took = 0, 0.0
        self._rescan = time.monotonic() + self._options.rescan_s
        while not self._stop.is_set():
            self.beat()
            try:
                self._gather()
                patience = max(self._options.patience_s, _SHARE * took)
                taken = self._changes.take(self._options.debounce_s, patience, self._git_is_busy)
                if taken is None:
                    continue
                started = time.monotonic()
                self._on_change(taken.paths)
                took = time.monotonic() - started
                seconds = self._changes.finish()
                failures, self.last_error = 0, None
                if seconds is not None:
                    self._on_searchable(seconds)
            except Exception as problem:
                failures += 1
                pause = min(2.0**failures / 2, _LONGEST_PAUSE)
                told = "changes below %s were not taken (%s); again in %.0f s"
                known = isinstance(problem, CairnError)  # it says all; a bug is found by where it came from
                log.error(told, self.root, problem, pause, exc_info=not known)
                self.last_error = problem
                self._changes.give_back()
                self._stop.wait(pause)

    def _git_is_busy(self, since: float) -> bool:
        """Whether git is changing the tree, as in a checkout, and has not been for too long `since`."""
        if self._index_lock is None or time.monotonic() - since > self._options.git_s:
            return False
        return os.path.lexists(self._index_lock)

    def _gather(self) -> None:
        """What comes without an event: a look at everything from time to time, and the end of the room."""
        if self._beat >= self._rescan:
            self._rescan = self._beat + self._options.rescan_s
            self._changes.look()
        source = self._source
        if source is not None and source.full is not None:
            self._source = self._fall_back(source.full)
            source.stop()
            self._changes.look()


_LONGEST_PAUSE = 60.0  # seconds between two tries of changes that fail
_SHARE = 2  # calls take at most a third of the time while changes never pause


def _place(root: str) -> tuple[int, int] | None:
    """Which folder this is, whatever it is called; None when there is none."""
    try:
        found = os.stat(root)
    except OSError:
        return None
    return found.st_dev, found.st_ino
