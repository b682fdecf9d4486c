"""Changes on disk -> one call with the paths that changed, once it is quiet for a moment."""

from __future__ import annotations

import errno
import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from . import git
from .files import Candidate, FileOptions, walk
from .ignore import IGNORE_FILES
from .skip import by_folder_name

log = logging.getLogger(__name__)

OnChange = Callable[[set[str] | None], None]


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """When changes are handed on. `poll` looks at all files every few seconds instead of using events,
    for file systems that send none (network shares, some containers)."""

    debounce_s: float = 0.1  # quiet time that ends a burst: an editor's save is over, a checkout goes on
    patience_s: float = 2.0  # a stream of changes that never pauses is served this often
    rescan_s: float = 300.0  # events can be lost when the kernel's queue runs over; a full scan finds all
    poll: bool = False
    files: FileOptions = field(default_factory=FileOptions)


class Watcher:
    """Calls `on_change` with paths relative to the root (files and folders, also those that are gone),
    or with None when everything must be looked at: ignore rules changed, another commit was checked
    out, or there was too much to name. Calls never overlap. When one raises, the error is logged and
    kept in `last_error`, and the same changes are handed on again, after a growing pause.
    """

    def __init__(self, root: Path, on_change: OnChange, options: WatchOptions | None = None) -> None:
        self.root = os.path.realpath(root)
        self.last_error: Exception | None = None
        self.note = ""  # why files are polled though events were asked for
        self._on_change = on_change
        self._options = options or WatchOptions()
        self._changes = _Changes()
        self._stop = threading.Event()
        self._observer: BaseObserver | None = None
        self._poller: _Poller | None = None
        self._worker = threading.Thread(target=self._work, name=f"watch {self.root}", daemon=True)
        self._beat = self._rescan = time.monotonic()

    def start(self) -> None:
        """Begin to watch; changes from now on are seen. Without room for inotify watches, poll."""
        if self._options.poll:
            self._poller = _Poller(self.root, self._options.files)
        else:
            self._observe()
        self._worker.start()

    def stop(self) -> None:
        """End; a call in progress is waited for, changes not handed on are dropped."""
        self._stop.set()
        self._changes.close()
        self._close_observer()
        if self._worker.is_alive() and self._worker is not threading.current_thread():
            self._worker.join()

    @property
    def alive(self) -> bool:
        """Whether changes are still seen and handed on; False as well when the root is gone."""
        if not self._worker.is_alive() or not os.path.isdir(self.root):
            return False
        observer = self._observer
        return self._poller is not None or (
            observer is not None and observer.is_alive() and all(e.is_alive() for e in observer.emitters)
        )

    @property
    def seconds_since_beat(self) -> float:
        """The worker beats about once a second, and not while `on_change` runs."""
        return time.monotonic() - self._beat

    @property
    def pending(self) -> int:
        """How many changes wait to be handed on."""
        return self._changes.count()

    def _observe(self) -> None:
        self._observer = observer = Observer()
        inside, events = _Handler(self.root, self._changes), list(_EVENTS)
        try:
            observer.schedule(inside, self.root, recursive=True, event_filter=events)
            for folder, recursive in _git_folders_outside(self.root):
                outside = _Handler(folder, self._changes, in_git=True)
                observer.schedule(outside, folder, recursive=recursive, event_filter=events)
            observer.start()
            _prove_room(observer)
        except OSError as problem:
            self._fall_back(problem)

    def _fall_back(self, problem: OSError) -> None:
        self._close_observer()
        self.note = f"{self.root} is polled, because the system gives no events: {problem.strerror}"
        if problem.errno == errno.ENOSPC:
            self.note += "; raise fs.inotify.max_user_watches (sysctl) above the number of its folders"
        elif problem.errno == errno.EMFILE:
            self.note += "; raise fs.inotify.max_user_instances (sysctl) or the limit of open files"
        log.warning("%s", self.note)
        self._poller = _Poller(self.root, self._options.files)

    def _close_observer(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.unschedule_all()
            if observer.is_alive():
                observer.stop()
                observer.join()

    def _work(self) -> None:
        failures = 0
        self._rescan = time.monotonic() + self._options.rescan_s
        while not self._stop.is_set():
            self._beat = time.monotonic()
            changed: set[str] | None = _NOTHING
            try:
                self._gather()
                changed = self._changes.take(self._options.debounce_s, self._options.patience_s)
                if changed is not _NOTHING:
                    self._on_change(changed)
                    failures, self.last_error = 0, None
            except Exception as problem:
                failures += 1
                pause = min(2.0**failures / 2, _LONGEST_PAUSE)
                log.exception("changes below %s were not taken; again in %.0f s", self.root, pause)
                self.last_error = problem
                self._changes.add(changed)
                self._stop.wait(pause)

    def _gather(self) -> None:
        """What comes without an event: polled changes, and a full scan from time to time."""
        if self._poller is not None:
            self._changes.add(self._poller.changes_if_due())
        if self._beat >= self._rescan:
            self._rescan = self._beat + self._options.rescan_s
            self._changes.add(None)
            if self._observer is not None:
                try:
                    _prove_room(self._observer)  # folders that came since the start may not have fitted
                except OSError as problem:
                    self._fall_back(problem)


_LONGEST_PAUSE = 60.0  # seconds between two tries of changes that fail
_MANY = 1_000  # paths; from here on a full scan is as fast
_EVENTS = (
    *(DirCreatedEvent, DirDeletedEvent, DirMovedEvent),
    *(FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent),
)
_NOTHING: set[str] = set()  # this very object: no call is due


def _git_folders_outside(root: str) -> list[tuple[str, bool]]:
    """Git's folders that tell of a checkout, as far as they are not below the root; and whether to
    watch what is below them."""
    repository = git.find(root)
    if repository is None:
        return []
    heads = os.path.join(repository.common, "refs", "heads")
    folders = [(repository.gitdir, False), (repository.common, False), (heads, True)]
    outside = [f for f in folders if not f[0].startswith(root + os.sep) and os.path.isdir(f[0])]
    return list(dict.fromkeys(outside))


def _prove_room(observer: BaseObserver) -> None:
    """Raise OSError when no further folder can be watched: then some already are not, which the
    observer keeps to itself."""
    with tempfile.TemporaryDirectory(prefix="cairn-watch-") as folder:
        observer.unschedule(observer.schedule(FileSystemEventHandler(), folder))


class _Changes:
    """What changed since it was last taken; filled and emptied by different threads."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._paths: set[str] = set()
        self._everything = self._closed = False
        self._first = self._last = 0.0

    def add(self, paths: set[str] | None) -> None:
        if paths is not None and not paths:
            return
        with self._condition:
            self._last = time.monotonic()
            if not self._paths and not self._everything:
                self._first = self._last
            if paths is None or len(self._paths) + len(paths) > _MANY:
                self._everything = True
                self._paths.clear()
            elif not self._everything:
                self._paths |= paths
            self._condition.notify_all()

    def take(self, quiet: float, patience: float) -> set[str] | None:
        """The changes, when there was none for `quiet` seconds or the first is `patience` old.

        Waits about a second for that, then returns `_NOTHING`.
        """
        until = time.monotonic() + 1.0
        with self._condition:
            while True:
                now = time.monotonic()
                waiting = self._everything or bool(self._paths)
                due = min(self._last + quiet, self._first + patience) if waiting else until
                if waiting and now >= due:
                    taken = None if self._everything else self._paths
                    self._paths, self._everything = set(), False
                    return taken
                if self._closed or now >= until:
                    return _NOTHING
                self._condition.wait(min(due, until) - now)

    def close(self) -> None:
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    def count(self) -> int:
        with self._condition:
            return len(self._paths) + self._everything


class _Handler(FileSystemEventHandler):
    """Sorts events of one watched folder: noise, a path, or a reason to look at everything."""

    def __init__(self, folder: str, changes: _Changes, in_git: bool = False) -> None:
        self._folder = folder
        self._changes = changes
        self._in_git = in_git

    def on_any_event(self, event: FileSystemEvent) -> None:
        for path in {os.fsdecode(event.src_path), os.fsdecode(event.dest_path)}:
            inner = os.path.relpath(path, self._folder) if path else "."
            if inner == "." or inner.startswith(".."):
                continue
            parts = inner.split(os.sep)
            if self._in_git or ".git" in parts:
                git_parts = parts if self._in_git else parts[parts.index(".git") + 1 :]
                if _is_checkout(git_parts):
                    self._changes.add(None)
            elif parts[-1] in IGNORE_FILES:
                self._changes.add(None)
            elif not any(map(by_folder_name, parts)):
                self._changes.add({"/".join(parts)})


def _is_checkout(parts: list[str]) -> bool:
    """Whether a file in a git directory changes with the commit or with what is ignored."""
    if not parts or "logs" in parts:
        return False
    inner = "/".join(parts)
    return parts[-1] in ("HEAD", "packed-refs") or "heads/" in inner or inner.endswith("info/exclude")


class _Poller:
    """Compares the files with what they were. Takes at most a twentieth of the time."""

    def __init__(self, root: str, options: FileOptions) -> None:
        self._root = Path(root)
        self._options = options
        self._due = 0.0
        self._commit, self._files = self._look()

    def changes_if_due(self) -> set[str] | None:
        if time.monotonic() < self._due:
            return _NOTHING
        commit, files = self._look()
        before, self._files = self._files, files
        if commit != self._commit:
            self._commit = commit
            return None
        return {path for path in before.keys() | files.keys() if before.get(path) != files.get(path)}

    def _look(self) -> tuple[str | None, dict[str, Candidate]]:
        started = time.monotonic()
        files = {file.path: file for file in walk(self._root, self._options).files}
        commit = git.head_commit(self._root)
        now = time.monotonic()
        self._due = now + max(1.0, 20 * (now - started))
        return commit, files
