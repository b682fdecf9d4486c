"""A number of processes -> a control group that refuses more of them, where this user may make one.

The kernel lets root fork past RLIMIT_NPROC. A bomb that is only counted ten times a second makes thousands
of processes in between, and everything else on the machine waits, or cannot fork any more.

Both versions: https://docs.kernel.org/admin-guide/cgroup-v1/pids.html
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_ROOM = 2  # times the limit: the group holds a bomb until it is counted, named and killed
_GRACE = 2.0  # seconds for the last process to leave its group; it takes milliseconds
_GLANCE = 0.02
_NAME = "cairn-"
_MOUNTS = Path("/sys/fs/cgroup")
# The shell joins the group and becomes the command, so whatever that starts is in the group as well.
_JOIN = 'echo $$ > "$0" 2>/dev/null; exec "$@"'


@contextmanager
def headcount(processes: int) -> Iterator[tuple[str, ...]]:
    """What to put before a command line so that the group counts it; nothing where there is no such group."""
    group = _make(_ROOM * processes)
    if group is None:
        yield ()
        return
    try:
        yield ("/bin/sh", "-c", _JOIN, str(group / "cgroup.procs"))
    finally:
        _remove(group)


def _make(limit: int) -> Path | None:
    for above in _places():
        _sweep(above)
        group = above / f"{_NAME}{os.getpid()}-{secrets.token_hex(4)}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            (group / "pids.max").write_text(str(limit))
            return group
        except OSError:  # this hierarchy counts no processes
            with suppress(OSError):
                group.rmdir()
    return None


def _places() -> Iterator[Path]:
    """Groups below which one may be made: our own, or beside our own, for a group of version 2 that holds
    processes has no inner ones with limits."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/self/cgroup").read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if "pids" in controllers.split(","):
                yield _MOUNTS / "pids" / path.lstrip("/")
            elif not controllers:
                own = _MOUNTS / path.lstrip("/")
                yield own
                if own != _MOUNTS:
                    yield own.parent


def _sweep(above: Path) -> None:
    """Remove the groups of processes that were killed."""
    for group in above.glob(f"{_NAME}*-*"):
        pid = group.name.removeprefix(_NAME).partition("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            with suppress(OSError):
                group.rmdir()


def _remove(group: Path) -> None:
    until = time.monotonic() + _GRACE
    while True:
        try:
            group.rmdir()
            return
        except FileNotFoundError:
            return
        except OSError:
            if time.monotonic() >= until:
                return  # the next command of any process sweeps it
            time.sleep(_GLANCE)
