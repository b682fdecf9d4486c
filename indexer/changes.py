"""Changes as they are seen -> what is due to be indexed, and how old the oldest of it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

_GLANCE = 0.02  # seconds between looks at whether changes are still held
_MANY = 1_000  # paths; from here on a full scan is as fast


@dataclass(frozen=True, slots=True)
class Taken:
    """Changes handed on together: `paths` None for everything. `since` is when the oldest was seen (by
    time.monotonic; None for a look that no change asked for), `number` counts what was added up to here."""

    paths: set[str] | None
    since: float | None
    number: int


class Changes:
    """What changed since it was last taken; filled and emptied by different threads."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._paths: set[str] = set()
        self._everything = self._look = self._closed = self._hurried = False
        self._first: float | None = None
        self._last = 0.0
        self._number = self._done = 0
        self._taken: Taken | None = None

    def add(self, paths: Collection[str] | None) -> None:
        """Paths that changed; None when everything has to be looked at."""
        if paths is not None and not paths:
            return
        with self._condition:
            self._last = time.monotonic()
            self._first = self._last if self._first is None else self._first
            self._number += 1
            self._include(paths)
            self._condition.notify_all()

    def look(self) -> None:
        """Let everything be looked at, though no change is known."""
        with self._condition:
            self._look = True
            self._condition.notify_all()

    def hurry(self) -> int:
        """Make what was added so far due at once. `done` tells when that number has been reached."""
        with self._condition:
            self._hurried = self._first is not None
            self._condition.notify_all()
            return self._number

    def done(self, number: int) -> bool:
        with self._condition:
            return self._done >= number or (self._first is None and self._taken is None)

    def take(
        self, quiet: float, patience: float, held: Callable[[float], bool] = lambda since: False
    ) -> Taken | None:
        """The changes, when there was none for `quiet` seconds or the first is `patience` old, unless they
        are `held`, which hears when the first was seen; nothing holds what is in a hurry.

        Waits about a second for that, then returns None. `finish` or `give_back` has to follow.
        """
        until = time.monotonic() + 1.0
        with self._condition:
            while True:
                now = time.monotonic()
                due = until
                if self._look or self._hurried:
                    due = now
                elif self._first is not None:
                    due = min(self._last + quiet, self._first + patience)
                if now >= due and (self._first is not None or self._look):
                    if self._hurried or self._first is None or not held(self._first):
                        return self._hand_on()
                    due = now + _GLANCE
                if self._closed or now >= until:
                    return None
                self._condition.wait(min(due, until) - now)

    def finish(self) -> float | None:
        """What was taken is searchable. The seconds that took since the oldest of it was seen."""
        with self._condition:
            taken, self._taken = self._taken, None
            if taken is None:
                return None
            self._done = taken.number
            return None if taken.since is None else time.monotonic() - taken.since

    def give_back(self) -> None:
        """What was taken could not be indexed: it waits again, as old as it was."""
        with self._condition:
            taken, self._taken = self._taken, None
            if taken is None:
                return
            if taken.since is None:
                self._look = True
                return
            self._first = taken.since  # older than whatever came meanwhile
            self._include(taken.paths)

    def close(self) -> None:
        with self._condition:
            self._closed = True
            self._condition.notify_all()

    @property
    def waiting(self) -> int:
        """How many are not handed on yet."""
        with self._condition:
            return len(self._paths) + self._everything

    @property
    def under_way(self) -> int:
        """How many are handed on and not searchable yet."""
        with self._condition:
            if self._taken is None or self._taken.since is None:
                return 0
            return 1 if self._taken.paths is None else len(self._taken.paths)

    @property
    def lag(self) -> float:
        """Seconds since the oldest change was seen that is not searchable; 0 without one."""
        with self._condition:
            taken = self._taken.since if self._taken is not None else None
            oldest = min((since for since in (taken, self._first) if since is not None), default=None)
            return 0.0 if oldest is None else time.monotonic() - oldest

    def _include(self, paths: Collection[str] | None) -> None:
        if paths is None or len(self._paths) + len(paths) > _MANY:
            self._everything = True
            self._paths.clear()
        elif not self._everything:
            self._paths.update(paths)

    def _hand_on(self) -> Taken:
        paths = None if self._everything or self._look else self._paths
        self._taken = Taken(paths, self._first, self._number)
        self._paths, self._first = set(), None
        self._everything = self._look = self._hurried = False
        return self._taken
