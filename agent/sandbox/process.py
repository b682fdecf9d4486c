"""A bubblewrap command line -> ExecResult, returned only when the last process inside is dead.

bwrap itself returns a little earlier: background processes were seen writing to the work tree 133 ms
after it. So its status pipe is read for the pid of the first process inside, and that pid's end is
awaited as well: with it the kernel ends the whole namespace.
"""

from __future__ import annotations

import json
import os
import select
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from agent.sandbox import Caps, ExecResult, Killer

_TICK = 0.1  # seconds between two looks at memory and processes: a fork bomb makes some thousand in that time
_GRACE = 10.0  # seconds for a killed namespace to vanish; it takes milliseconds
_PAGE = os.sysconf("SC_PAGE_SIZE")
_READ = 1 << 16


def run_to_the_end(
    command_line: Callable[[int], list[str]],
    argv: tuple[str, ...],
    *,
    seconds: float,
    caps: Caps,
    env: Mapping[str, str],
    pass_fd: int,
) -> ExecResult:
    """Start `command_line(status_fd)`, watch it, kill it at its limits, and wait for its real end."""
    started = time.monotonic()
    status_in, status_out = os.pipe()
    try:
        process = subprocess.Popen(
            command_line(status_out),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(env),
            pass_fds=(pass_fd, status_out),
            start_new_session=True,
        )
    except BaseException:
        os.close(status_in)
        raise
    finally:
        os.close(status_out)
    watch = _Watch(process, status_in, caps)
    try:
        killed_by = watch.until(started + seconds)
    finally:
        watch.close()
    return ExecResult(
        argv,
        None if killed_by else process.returncode,
        watch.output.text(),
        time.monotonic() - started,
        killed_by,
        watch.output.dropped,
    )


class _Watch:
    """The reading end of one sandboxed command."""

    def __init__(self, process: subprocess.Popen[bytes], status_fd: int, caps: Caps) -> None:
        assert process.stdout is not None
        self.output = _Output(caps.kept_output)
        self._process = process
        self._stdout = process.stdout
        self._status_fd = status_fd
        self._status = b""
        self._inner: int | None = None  # the pid of the first process inside
        self._inner_fd: int | None = None
        self._outer_fd = os.pidfd_open(process.pid)
        self._caps = caps
        os.set_blocking(self._stdout.fileno(), False)

    def until(self, deadline: float) -> Killer | None:
        """Read until the command ends by itself or breaks a limit; say which."""
        with selectors.DefaultSelector() as selector:
            for fd in (self._stdout.fileno(), self._status_fd, self._outer_fd):
                selector.register(fd, selectors.EVENT_READ)
            next_look = time.monotonic() + _TICK
            while True:
                now = time.monotonic()
                ready = {key.fd for key, _ in selector.select(max(0.0, min(next_look, deadline) - now))}
                if self._status_fd in ready and not self._read_status():
                    selector.unregister(self._status_fd)
                if self._stdout.fileno() in ready and not self._read_output():
                    selector.unregister(self._stdout)
                if self._outer_fd in ready:
                    return None
                if self.output.total > self._caps.output_bytes:
                    return "output"
                now = time.monotonic()
                if now >= deadline:
                    return "timeout"
                if now >= next_look:
                    if broken := self._over_limit():
                        return broken
                    next_look = now + _TICK

    def close(self) -> None:
        """End everything inside, wait until it is gone, and read what is left in the pipe."""
        if self._process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        if self._inner_fd is not None:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._inner_fd, signal.SIGKILL)
            select.select([self._inner_fd], [], [], _GRACE)
            os.close(self._inner_fd)
        self._process.wait()
        if self.output.total <= self._caps.output_bytes:
            self._drain()
        self._stdout.close()
        os.close(self._status_fd)
        os.close(self._outer_fd)

    def _read_status(self) -> bool:
        """The JSON of bwrap comes in pieces; the first object names the pid inside."""
        piece = os.read(self._status_fd, _READ)
        self._status += piece
        if self._inner is None and b"}" in self._status:
            first, _, _ = self._status.partition(b"}")
            self._inner = int(json.loads(first + b"}")["child-pid"])
            with suppress(ProcessLookupError):
                self._inner_fd = os.pidfd_open(self._inner)
        return bool(piece)

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
        if self._inner is None:
            return None
        pids = _family(self._inner)
        if len(pids) > self._caps.processes:
            return "processes"
        if sum(_resident(pid) for pid in pids) > self._caps.memory:
            return "memory"
        return None


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


def _family(pid: int) -> list[int]:
    """A process and all its descendants; orphans inside belong to the first process, so none is missed."""
    found, todo = [], [pid]
    while todo:
        current = todo.pop()
        found.append(current)
        for children in Path(f"/proc/{current}/task").glob("*/children"):
            with suppress(OSError):
                todo += map(int, children.read_text().split())
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0
