"""A root that sends no events -> the paths whose size, time or inode is another than at the last look."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from . import git
from .errors import NotFound
from .files import Candidate, FileOptions, walk

_LEAST_S = 1.0  # between two looks
_SHARE = 20  # a look takes at most one part in so many of the time


class Poller:
    """Looks at all files every second, or less often where that takes long, from a thread of its own."""

    full: OSError | None = None
    overflows = 0
    watches = 0

    def __init__(self, root: str, tell: Callable[[set[str] | None], None], options: FileOptions) -> None:
        self.root = Path(root)
        self.trouble: str | None = None
        self._tell = tell
        self._options = options
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name=f"poll {root}", daemon=True)
        self._commit: str | None = None
        self._files: dict[str, Candidate] = {}

    def start(self) -> None:
        self._commit, self._files = self._look()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def alive(self) -> bool:
        return self.trouble is None and self._thread.is_alive()

    def drain(self, wait: bool = True) -> bool:
        """False: what changed since the last look is not known."""
        return False

    def _work(self) -> None:
        took = 0.0
        while not self._stopping.wait(max(_LEAST_S, _SHARE * took)):
            started = time.monotonic()
            try:
                self._compare()
            except NotFound as gone:
                self.trouble = str(gone)
                return
            except Exception as problem:  # a thread has nobody above it who could catch this
                self.trouble = f"{self.root} is not polled any more ({type(problem).__name__}: {problem})"
                return
            took = time.monotonic() - started

    def _compare(self) -> None:
        commit, files = self._look()
        before, self._files = self._files, files
        if commit != self._commit:
            self._commit = commit
            self._tell(None)
            return
        changed = {path for path in before.keys() | files.keys() if before.get(path) != files.get(path)}
        if changed:
            self._tell(changed)

    def _look(self) -> tuple[str | None, dict[str, Candidate]]:
        files = {file.path: file for file in walk(self.root, self._options).files}
        return git.head_commit(self.root), files
