"""A command -> its output, inside bubblewrap: own namespaces, no network, nothing of the host but /usr.

Only an allow-list of read-only folders is visible. Binding the whole root read-only, as is common,
lets a process of root read every secret on the machine.
"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from agent.sandbox import REPORTS, WORKSPACE, ExecResult, Room, Session
from agent.sandbox.disk import Disk
from agent.sandbox.escapes import ALL_NAMESPACES, try_to_escape
from agent.sandbox.headcount import headcount
from agent.sandbox.namespace import Namespace
from agent.sandbox.process import Start, run_to_the_end
from agent.sandbox.seccomp import program
from agent.sandbox.view import HOME, LINKS, SHM_BYTES, SYSTEM_PATH, check, environment, etc
from indexer.errors import SandboxUnavailable

_SYSTEM_PATH = SYSTEM_PATH  # where bwrap is looked for: never in a folder that a user configured
_HOSTS = b"127.0.0.1 localhost sandbox\n::1 localhost\n"


class Bubblewrap:
    """Opens rooms made by `bwrap` (Debian package bubblewrap, 0.8 or later)."""

    name = "bubblewrap"

    def __init__(self) -> None:
        self._holds = False

    def probe(self) -> None:
        """Try to break out once; raise SandboxUnavailable when bwrap is missing, refused or leaky."""
        if not self._holds:
            try_to_escape(self, ALL_NAMESPACES, cgroup=False)
            self._holds = True

    def open(self, room: Room) -> Session:
        bwrap = shutil.which("bwrap", path=os.pathsep.join(_SYSTEM_PATH))
        if bwrap is None:
            raise SandboxUnavailable(
                "bubblewrap is not installed, so no command can be confined; "
                "install it with: apt-get install bubblewrap"
            )
        check(room)
        return _Bubble(bwrap, room)


class _Bubble:
    def __init__(self, bwrap: str, room: Room) -> None:
        self._bwrap = bwrap
        self._room = room
        self._disk = Disk(room.written, room.caps.tree_bytes, room.start_bytes)

    def exec(self, argv: Sequence[str], *, seconds: float | None = None) -> ExecResult:
        room, caps = self._room, self._room.caps
        check(room)  # an earlier command may have changed the tree
        with (
            _sealed(program(platform.machine())) as filter_fd,
            _sealed(_HOSTS) as hosts_fd,
            headcount(caps.processes) as counted,
        ):
            crowd = Namespace()
            fds = (filter_fd, crowd.status_fd, hosts_fd)
            start = Start(
                (*counted, *_command_line(self._bwrap, room, fds), *argv),
                # bwrap keeps its own environment readable in /proc/1/environ, whatever --clearenv says.
                env={"PATH": os.pathsep.join(SYSTEM_PATH), "LANG": "C.UTF-8"},
                pass_fds=fds,
            )
            limit = caps.seconds if seconds is None else seconds
            return run_to_the_end(start, tuple(argv), limit, caps, crowd, self._disk)

    def close(self) -> None:
        """Nothing stays between two commands."""


def _command_line(bwrap: str, room: Room, fds: tuple[int, int, int]) -> list[str]:
    filter_fd, status_fd, hosts_fd = fds
    caps = room.caps
    line = [bwrap, "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"]
    line += ["--new-session", "--cap-drop", "ALL", "--uid", "1000", "--gid", "1000", "--hostname", "sandbox"]
    line += ["--share-net"] if room.network else []
    line += ["--ro-bind", "/usr", "/usr"]
    for name in LINKS:
        line += ["--symlink", f"usr/{name}", f"/{name}"]
    for path in etc(room.network):
        line += ["--ro-bind-try", str(path), str(path)]
    if not room.network:
        line += ["--ro-bind-data", str(hosts_fd), "/etc/hosts"]  # test suites open servers on localhost
    # /proc/sys asks for user 0, not for a capability: run by root, a sandbox with a writable /proc could
    # name a program in core_pattern that the host then starts.
    line += ["--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev"]
    for folder, size in (("/tmp", caps.scratch_bytes), (HOME, caps.scratch_bytes), ("/dev/shm", SHM_BYTES)):
        line += ["--size", str(size), "--tmpfs", folder]
    line += ["--remount-ro", "/dev"]  # its own files have no size limit; the devices stay usable
    for toolchain in room.toolchains:
        line += ["--ro-bind", str(toolchain), str(toolchain)]
    line += ["--bind" if room.writable else "--ro-bind", str(room.tree), WORKSPACE]
    if room.reports is not None:
        line += ["--bind", str(room.reports), REPORTS]
    for mount in room.mounts:
        line += ["--ro-bind" if mount.read_only else "--bind", str(mount.source), mount.target]
    line += ["--remount-ro", "/", "--chdir", WORKSPACE]  # or its private root would be writable
    for name, value in environment(room).items():
        line += ["--setenv", name, value]
    line += ["--seccomp", str(filter_fd), "--json-status-fd", str(status_fd), "--"]
    line += ["/usr/bin/prlimit", f"--nproc={caps.processes}", f"--fsize={caps.file_bytes}", "--core=0", "--"]
    return line


@contextmanager
def _sealed(data: bytes) -> Iterator[int]:
    """A descriptor from which bwrap reads `data`."""
    fd = os.memfd_create("cairn-sandbox")
    try:
        os.write(fd, data)
        os.lseek(fd, 0, os.SEEK_SET)
        yield fd
    finally:
        os.close(fd)
