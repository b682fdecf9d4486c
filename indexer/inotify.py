"""A tree of folders -> the paths in it that change, as Linux tells them, and word when it lost some.

Read here and not through watchdog, for what docs/decisions/0008 says: a queue that ran over has to lead to a
look at everything, folders that nobody indexes must not use up the system's watches, and whoever asks has to
be able to read what the kernel holds now.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from . import git
from .ignore import IGNORE_FILES, OWN_FILE
from .inotify_calls import (
    COMES,
    DELETE,
    DELETE_SELF,
    HEAD,
    IGNORED,
    IS_FOLDER,
    MOVE_SELF,
    MOVED_FROM,
    OVERFLOW,
    UNMOUNT,
    add_watch,
    open_queue,
    remove_watch,
)
from .places import Side, enters, has_rules_that_bring_back, sides_of

_GLANCE_S = 0.1  # sorting a read takes a few milliseconds
_AT_ONCE = 1 << 18  # bytes of one read: about 8,000 events

Tell = Callable[[set[str] | None], None]


@dataclass(slots=True)
class _News:
    """What one read brought: paths relative to the root, or that everything has to be looked at."""

    paths: set[str] = field(default_factory=set)
    everything: bool = False


class Inotify:
    """Tells of changes below `root` from a thread of its own: paths of files and folders, or None for all.

    A new folder is watched before it is told, so that what is made in it meanwhile is either told or seen by
    who looks at the folder. `start` raises OSError where the system has no room for its watches.
    """

    def __init__(self, root: str, tell: Tell, keep_packages: bool = False) -> None:
        self.root = root
        self.trouble: str | None = None  # why nothing is told any more
        self.full: OSError | None = None  # folders that came since do not fit into the system's limits
        self.overflows = 0
        self._tell = tell
        self._all_folders = keep_packages
        self._folders: dict[int, str] = {}  # watch -> path, "" for the root, "a/b" below
        self._watches: dict[str, int] = {}
        self._sides: dict[int, Side] = {}
        self._turn = threading.Lock()  # held while events are read and sorted
        self._queue = self._bell = self._ring = -1
        self._thread = threading.Thread(target=self._listen, name=f"events {root}", daemon=True)

    def start(self) -> None:
        self._queue = open_queue()
        self._bell, self._ring = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            with self._turn:
                self._watch_all()
        except OSError:
            self._close()
            raise
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            os.write(self._ring, b"!")
            self._thread.join()
        self._close()

    @property
    def alive(self) -> bool:
        return self.trouble is None and self._thread.is_alive()

    @property
    def watches(self) -> int:
        """Folders that are watched: what counts against the system's limit."""
        return len(self._folders) + len(self._sides)

    def drain(self, wait: bool = True) -> bool:
        """Tell what the kernel holds: everything written before this call. False when nobody listens, or, not
        wanting to `wait`, when somebody else is at it for long, as with a large new folder."""
        if not self._turn.acquire(timeout=-1 if wait else _GLANCE_S):
            return False
        try:
            while self.alive and (events := self._read()):
                self._take(events)
            return self.alive
        finally:
            self._turn.release()

    def _listen(self) -> None:
        poll = select.poll()
        poll.register(self._queue, select.POLLIN)
        poll.register(self._bell, select.POLLIN)
        try:
            while self.trouble is None:
                ready = [descriptor for descriptor, _ in poll.poll()]
                if self._bell in ready:
                    return
                self.drain()
        except Exception as problem:  # a thread has nobody above it who could catch this
            self.trouble = (
                f"events of {self.root} are not read any more ({type(problem).__name__}: {problem})"
            )

    def _read(self) -> bytes:
        try:
            return os.read(self._queue, _AT_ONCE)
        except BlockingIOError:
            return b""

    def _take(self, events: bytes) -> None:
        news = _News()
        at = 0
        while at < len(events):
            watch, mask, _, length = HEAD.unpack_from(events, at)
            at += HEAD.size + length
            name = events[at - length : at].rstrip(b"\0")
            self._sort(watch, mask, os.fsdecode(name), news)
        if news.everything:
            self._tell(None)
        elif news.paths:
            self._tell(news.paths)

    def _sort(self, watch: int, mask: int, name: str, news: _News) -> None:
        if mask & OVERFLOW:
            self.overflows += 1
            self._forget_all()  # folders may have come, gone and changed their names unseen
            self._watch_all()
            news.everything = True
            return
        if mask & IGNORED:
            self._drop(watch)
            return
        side = self._sides.get(watch)
        if side is not None and side.concerns(name):
            news.everything = True
            if name == "HEAD" and os.path.basename(side.folder) == ".git":
                self._watch_repository_at(os.path.dirname(side.folder))  # it may have been none before
            elif mask & IS_FOLDER and mask & COMES:
                self._watch_sides([Side(os.path.join(side.folder, name), side.names, side.deep)])
        folder = self._folders.get(watch)
        if folder is None:
            return
        if not name:
            if not folder and mask & (DELETE_SELF | MOVE_SELF | UNMOUNT):
                self.trouble = f"{self.root} was moved, replaced or removed"
            return
        path = f"{folder}/{name}" if folder else name
        if name == ".git":
            news.everything = True  # a repository begins or ends here: what is ignored changes
            self._watch_repository(folder)
        elif mask & IS_FOLDER:
            if enters(name, self._all_folders):
                news.everything = self._folder_changed(path, mask) or news.everything
                news.paths.add(path)
        else:
            news.everything = news.everything or name in IGNORE_FILES
            news.paths.add(path)

    def _folder_changed(self, path: str, mask: int) -> bool:
        """Whether a repository came with it, whose `.git` nobody was told of."""
        if mask & (MOVED_FROM | DELETE):
            below = [at for at in self._watches if at == path or at.startswith(path + "/")]
            for at in below:
                watch = self._watches[at]
                self._drop(watch)
                remove_watch(self._queue, watch)
        elif mask & COMES:
            try:
                return self._watch_tree(path)
            except OSError as problem:
                self.full = problem
        return False

    # -- watches

    def _watch_all(self) -> None:
        self._all_folders = self._all_folders or has_rules_that_bring_back(os.path.join(self.root, OWN_FILE))
        self._watch_sides(sides_of(self.root))
        self._watch_tree("")

    def _watch_tree(self, top: str) -> bool:
        """Watch a folder and those below it, each before it is looked into; whether a repository is among
        them. Raises OSError without room."""
        waiting = [top]
        repositories = False
        while waiting:
            folder = waiting.pop()
            if not self._watch(folder):
                continue
            try:
                with os.scandir(os.path.join(self.root, folder)) as scan:
                    entries = list(scan)
            except OSError:
                continue  # gone by now, or closed to us: then it is not indexed either
            names = {entry.name for entry in entries}
            if ".git" in names:
                repositories = True
                self._watch_repository(folder)
            if folder and not self._all_folders and names >= {"pyvenv.cfg"}:
                continue
            waiting += [
                f"{folder}/{entry.name}" if folder else entry.name
                for entry in entries
                if entry.is_dir(follow_symlinks=False) and enters(entry.name, self._all_folders)
            ]
        return repositories

    def _watch(self, folder: str) -> bool:
        watch = add_watch(self._queue, os.path.join(self.root, folder))
        if watch is None:
            if not folder:
                self.trouble = f"{self.root} is gone"
            return False
        before = self._folders.get(watch)
        if before is not None and self._watches.get(before) == watch:
            del self._watches[before]  # the same folder under the name it had
        self._folders[watch] = folder
        self._watches[folder] = watch
        return True

    def _watch_repository(self, folder: str) -> None:
        self._watch_repository_at(os.path.join(self.root, folder) if folder else self.root)

    def _watch_repository_at(self, top: str) -> None:
        # Its HEAD first: a repository that is just being made is one only when that is there.
        self._watch_sides([Side(os.path.join(top, ".git"), frozenset(("HEAD",)))])
        repository = git.find(top)
        if repository is not None and repository.top == top:
            self._watch_sides(sides_of(top))

    def _watch_sides(self, sides: Iterable[Side]) -> None:
        waiting = list(sides)
        while waiting:
            side = waiting.pop()
            watch = add_watch(self._queue, side.folder)
            if watch is None:
                continue
            before = self._sides.get(watch)
            self._sides[watch] = side if before is None else side.joined(before)
            if side.deep:
                waiting += [Side(inner, side.names, True) for inner in _folders_in(side.folder)]

    def _drop(self, watch: int) -> None:
        self._sides.pop(watch, None)
        folder = self._folders.pop(watch, None)
        if folder is not None and self._watches.get(folder) == watch:
            del self._watches[folder]

    def _forget_all(self) -> None:
        for watch in {*self._folders, *self._sides}:
            remove_watch(self._queue, watch)
        self._folders.clear()
        self._watches.clear()
        self._sides.clear()

    def _close(self) -> None:
        for descriptor in (self._queue, self._bell, self._ring):
            if descriptor >= 0:
                os.close(descriptor)
        self._queue = self._bell = self._ring = -1


def _folders_in(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as scan:
            return [entry.path for entry in scan if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []
