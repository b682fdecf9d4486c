"""A command line -> ExecResult, returned only when the last process it started is dead.

What those processes are and how they end differs between the ways to confine; that part is the Crowd.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from agent.sandbox import Caps, ExecResult, Killer
from agent.sandbox.disk import Disk

_TICK = 0.1  # seconds between two looks at memory and processes: a fork bomb makes some thousand in that time
_PAGE = os.sysconf("SC_PAGE_SIZE")
_READ = 1 << 16


@dataclass(frozen=True, slots=True)
class Start:
    """How a process begins. `pass_fds` stay open in it."""

    line: tuple[str, ...]
    env: Mapping[str, str]
    cwd: Path | None = None
    pass_fds: tuple[int, ...] = ()


class Crowd(Protocol):
    """The processes of one command."""

    @property
    def fd(self) -> int | None:
        """What to wait for besides the output; `read` answers False at its end."""
        ...

    def read(self) -> bool: ...

    def started(self, pid: int) -> None:
        """The first process runs and has its descriptors."""
        ...

    def pids(self) -> list[int]:
        """Those that count against the limits; none where somebody else counts."""
        ...

    def end(self, killed: bool) -> None:
        """Return when all are dead; `killed` says that the first was killed at a limit."""
        ...

    def close(self) -> None: ...


def run_to_the_end(
    start: Start, argv: tuple[str, ...], seconds: float, caps: Caps, crowd: Crowd, disk: Disk
) -> ExecResult:
    """Run it, watch it, kill it at its limits, and wait for its real end."""
    started = time.monotonic()
    try:
        process = subprocess.Popen(
            start.line,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(start.env),
            cwd=start.cwd,
            pass_fds=start.pass_fds,
            start_new_session=True,
        )
    except BaseException:
        crowd.close()
        raise
    crowd.started(process.pid)
    disk.begin()
    watch = _Watch(process, caps, crowd, disk)
    try:
        killed_by = watch.until(started + seconds)
    finally:
        watch.close()
    return ExecResult(
        argv,
        None if killed_by else _code(process.returncode),
        watch.output.text(),
        time.monotonic() - started,
        killed_by,
        watch.output.dropped,
    )


class _Watch:
    """The reading end of one command."""

    def __init__(self, process: subprocess.Popen[bytes], caps: Caps, crowd: Crowd, disk: Disk) -> None:
        assert process.stdout is not None
        self.output = _Output(caps.kept_output)
        self._process = process
        self._stdout = process.stdout
        self._crowd = crowd
        self._disk = disk
        self._end_fd = os.pidfd_open(process.pid)
        self._caps = caps
        os.set_blocking(self._stdout.fileno(), False)

    def until(self, deadline: float) -> Killer | None:
        """Read until the command ends by itself or breaks a limit; say which."""
        with selectors.DefaultSelector() as selector:
            for fd in (self._stdout.fileno(), self._end_fd, self._crowd.fd):
                if fd is not None:
                    selector.register(fd, selectors.EVENT_READ)
            next_look = time.monotonic() + _TICK
            while True:
                now = time.monotonic()
                ready = {key.fd for key, _ in selector.select(max(0.0, min(next_look, deadline) - now))}
                if self._crowd.fd is not None and self._crowd.fd in ready and not self._crowd.read():
                    selector.unregister(self._crowd.fd)
                if self._stdout.fileno() in ready and not self._read_output():
                    selector.unregister(self._stdout)
                if self._end_fd in ready:
                    return None
                if self.output.total > self._caps.output_bytes:
                    return "output"
                now = time.monotonic()
                if now >= deadline:
                    return "timeout"
                if now >= next_look:
                    if broken := self._over_limit():
                        return broken
                    next_look = time.monotonic() + _TICK

    def close(self) -> None:
        """End everything it started, wait until it is gone, and read what is left in the pipe."""
        killed = self._process.poll() is None
        if killed:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        try:
            self._crowd.end(killed)
        finally:
            self._process.wait()
            if self.output.total <= self._caps.output_bytes:
                self._drain()
            self._stdout.close()
            self._crowd.close()
            os.close(self._end_fd)

    def _read_output(self) -> bool:
        piece = os.read(self._stdout.fileno(), _READ)
        self.output.add(piece)
        return bool(piece)

    def _drain(self) -> None:
        with suppress(BlockingIOError):  # a writer outlived the grace; what it says no longer counts
            while self._read_output():
                pass

    def _over_limit(self) -> Killer | None:
        """RLIMIT_NPROC does nothing for root, and no rlimit counts memory over processes: so count."""
        pids = self._crowd.pids()
        if len(pids) > self._caps.processes:
            return "processes"
        if sum(_resident(pid) for pid in pids) > self._caps.memory:
            return "memory"
        return "disk" if self._disk.full() else None


class _Output:
    """Keeps the head and the tail of a stream."""

    def __init__(self, keep: int) -> None:
        self._half = keep // 2
        self._head = bytearray()
        self._tail = bytearray()
        self.total = 0

    def add(self, piece: bytes) -> None:
        self.total += len(piece)
        room = self._half - len(self._head)
        self._head += piece[:room] if room > 0 else b""
        self._tail += piece[max(room, 0) :]
        if len(self._tail) > 2 * self._half:
            del self._tail[: len(self._tail) - self._half]

    @property
    def dropped(self) -> int:
        return max(0, self.total - len(self._head) - min(len(self._tail), self._half))

    def text(self) -> str:
        tail = bytes(self._tail[-self._half :])
        between = f"\n[... {self.dropped} bytes left out ...]\n".encode() if self.dropped else b""
        return (bytes(self._head) + between + tail).decode("utf-8", errors="replace")


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _code(returncode: int) -> int:
    """As a shell says it: a process that a signal ended has 128 and the signal's number."""
    return returncode if returncode >= 0 else 128 - returncode
