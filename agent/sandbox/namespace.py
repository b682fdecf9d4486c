"""The status pipe of bwrap -> the processes inside its namespace, and their certain end.

bwrap itself returns a little earlier than its namespace ends: background processes were seen writing
to the work tree 133 ms after it. So its status pipe is read for the pid of the first process inside,
and that pid's end is awaited as well: with it the kernel ends the whole namespace.
"""

from __future__ import annotations

import json
import os
import select
import signal
from contextlib import suppress
from pathlib import Path

_GRACE = 10.0  # seconds for a killed namespace to vanish; it takes milliseconds
_READ = 1 << 16


class Namespace:
    """The crowd of a bwrap started with `--json-status-fd status_fd`."""

    def __init__(self) -> None:
        self._reading, self.status_fd = os.pipe()
        self._writing: int | None = self.status_fd
        self._status = b""
        self._first: int | None = None
        self._first_fd: int | None = None

    @property
    def fd(self) -> int | None:
        return self._reading

    def read(self) -> bool:
        """The JSON comes in pieces; its first object names the pid inside."""
        piece = os.read(self._reading, _READ)
        self._status += piece
        if self._first is None and b"}" in self._status:
            head, _, _ = self._status.partition(b"}")
            self._first = int(json.loads(head + b"}")["child-pid"])
            with suppress(ProcessLookupError):
                self._first_fd = os.pidfd_open(self._first)
        return bool(piece)

    def started(self, pid: int) -> None:
        self._let_go()

    def _let_go(self) -> None:
        """Without our own writing end the pipe ends when bwrap does."""
        if self._writing is not None:
            os.close(self._writing)
            self._writing = None

    def pids(self) -> list[int]:
        return [] if self._first is None else family(self._first)

    def end(self, killed: bool) -> None:
        if self._first_fd is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._first_fd, signal.SIGKILL)
            select.select([self._first_fd], [], [], _GRACE)

    def close(self) -> None:
        self._let_go()
        os.close(self._reading)
        if self._first_fd is not None:
            os.close(self._first_fd)


def family(pid: int) -> list[int]:
    """A process and all its descendants; orphans inside belong to the first process, so none is missed."""
    found, todo = [], [pid]
    while todo:
        current = todo.pop()
        found.append(current)
        with suppress(OSError):  # it ended while its threads were listed
            for thread in os.listdir(f"/proc/{current}/task"):
                with suppress(OSError):
                    todo += map(int, Path(f"/proc/{current}/task/{thread}/children").read_text().split())
    return found
