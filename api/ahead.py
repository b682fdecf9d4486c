"""A thread of a server that reads what searches will ask for, while nobody asks."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator

from indexer.errors import CairnError

_QUIET = 0.03  # seconds after a request's beginning or answer: the next one of the same caller comes within
_REST = 0.5  # of what a step took: the first look at every repository goes on at the same time

log = logging.getLogger(__name__)


class Ahead:
    """`steps` are taken one by one, each for a millisecond or less. Who asks goes before: `asked` is told of
    the beginning and the answer of every request."""

    def __init__(self, steps: Callable[[], Iterator[None]]) -> None:
        self._steps = steps
        self._asked = 0.0
        self._leaving = threading.Event()
        self._thread: threading.Thread | None = None

    def asked(self) -> None:
        self._asked = time.perf_counter()

    def start(self) -> None:
        self._thread = threading.Thread(target=self._read, name="reader", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End between two steps; nothing where it never began."""
        self._leaving.set()
        if self._thread is not None:
            self._thread.join()

    def _read(self) -> None:
        began = time.perf_counter()
        try:
            for _ in self._steps():
                rest = _REST * (time.perf_counter() - began)
                while (pause := max(rest, self._asked + _QUIET - time.perf_counter())) > 0:
                    if self._leaving.wait(pause):
                        return
                    rest = 0.0
                began = time.perf_counter()
        except CairnError as error:
            log.warning("reading ahead has ended: %s", error)
