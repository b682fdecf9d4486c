"""A root on a system without inotify -> the paths that change in it, through watchdog."""

from __future__ import annotations

import os
from collections.abc import Callable

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

from .ignore import IGNORE_FILES
from .places import Side, enters, sides_of

_EVENTS = (
    *(DirCreatedEvent, DirDeletedEvent, DirMovedEvent),
    *(FileCreatedEvent, FileDeletedEvent, FileModifiedEvent, FileMovedEvent),
)
Tell = Callable[[set[str] | None], None]


class Observed:
    """Tells of changes below `root` from watchdog's threads: paths of files and folders, or None for all."""

    full: OSError | None = None
    overflows = 0
    watches = 0

    def __init__(self, root: str, tell: Tell) -> None:
        self.root = root
        self._tell = tell
        self._observer: BaseObserver = Observer()

    def start(self) -> None:
        events = list(_EVENTS)
        self._observer.schedule(
            _Inside(self.root, self._tell), self.root, recursive=True, event_filter=events
        )
        for side in sides_of(self.root):
            if os.path.isdir(side.folder):
                handler = _Outside(side, self._tell)
                self._observer.schedule(handler, side.folder, recursive=side.deep, event_filter=events)
        self._observer.start()

    def stop(self) -> None:
        self._observer.unschedule_all()
        if self._observer.is_alive():
            self._observer.stop()
            self._observer.join()

    @property
    def alive(self) -> bool:
        return self.trouble is None

    @property
    def trouble(self) -> str | None:
        if self._observer.is_alive() and all(emitter.is_alive() for emitter in self._observer.emitters):
            return None
        return f"events of {self.root} are not read any more"

    def drain(self, wait: bool = True) -> bool:
        """False: what the system has not told yet is not known."""
        return False


class _Inside(FileSystemEventHandler):
    def __init__(self, root: str, tell: Tell) -> None:
        self._root = root
        self._tell = tell

    def on_any_event(self, event: FileSystemEvent) -> None:
        for inner in _inner(event, self._root):
            *folders, name = inner.split(os.sep)
            if name == ".git" or name in IGNORE_FILES:
                self._tell(None)
            elif all(map(enters, (*folders, name))):
                self._tell({"/".join((*folders, name))})


class _Outside(FileSystemEventHandler):
    def __init__(self, side: Side, tell: Tell) -> None:
        self._side = side
        self._tell = tell

    def on_any_event(self, event: FileSystemEvent) -> None:
        if any(self._side.concerns(os.path.basename(inner)) for inner in _inner(event, self._side.folder)):
            self._tell(None)


def _inner(event: FileSystemEvent, folder: str) -> set[str]:
    paths = {os.fsdecode(event.src_path), os.fsdecode(event.dest_path)} - {""}
    inner = {os.path.relpath(path, folder) for path in paths}
    return {path for path in inner if path != "." and not path.startswith("..")}
