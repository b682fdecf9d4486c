"""A command -> its output, inside bubblewrap: own namespaces, no network, nothing of the host but /usr.

Only an allow-list of read-only folders is visible. Binding the whole root read-only, as is common,
lets a process of root read every secret on the machine.
"""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from agent.sandbox import REPORTS, WORKSPACE, Caps, ExecResult, Room, Session
from agent.sandbox.process import run_to_the_end
from agent.sandbox.seccomp import program
from indexer.errors import Forbidden, SandboxUnavailable

HOME = "/home/agent"
_SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin")
_ETC = (
    "passwd",
    "group",
    "nsswitch.conf",
    "ld.so.cache",
    "alternatives",
    "ssl/certs",
    "mime.types",
    "localtime",
)
_SHM_BYTES = 64 << 20

# Each line tries one way out and names it; $1 is a folder of the host, the rest are its namespaces.
_ESCAPES = """
touch /etc/cairn-probe 2>/dev/null && echo 'it writes outside the work tree'
(exec 3>>/proc/sys/kernel/core_pattern) 2>/dev/null && echo 'it can configure the kernel'
[ -e "$1" ] && echo 'it sees files of the host'
tr '\\0' '\\n' </proc/1/environ | grep -qvE '^(PATH|LANG)=' && echo 'it sees the environment of the host'
[ "$(grep -c : /proc/net/dev)" -gt 1 ] && echo 'it sees a network'
unshare --user true 2>/dev/null && echo 'it can open further namespaces'
shift
for kind in ipc mnt net pid user uts; do
    [ "$(readlink /proc/self/ns/$kind)" = "$1" ] && echo "it shares the $kind namespace of the host"
    shift
done
echo checked
"""
_NAMESPACES = ("ipc", "mnt", "net", "pid", "user", "uts")


class Bubblewrap:
    """Opens rooms made by `bwrap` (Debian package bubblewrap, 0.8 or later)."""

    def __init__(self) -> None:
        self._holds = False

    def probe(self) -> None:
        """Try to break out once; raise SandboxUnavailable when bwrap is missing, refused or leaky."""
        if self._holds:
            return
        with tempfile.TemporaryDirectory(prefix="cairn-probe-") as folder:
            tree = Path(folder, "tree")
            tree.mkdir()
            own = [os.readlink(f"/proc/self/ns/{kind}") for kind in _NAMESPACES]
            result = self.open(Room(tree, caps=Caps(seconds=30))).exec(
                ["/bin/sh", "-c", _ESCAPES, "sh", folder, *own]
            )
        lines = result.output.strip().splitlines()
        if result.code != 0 or lines[-1:] != ["checked"]:
            raise SandboxUnavailable(f"bubblewrap cannot run here: {_why(result)}; no command was run")
        if lines != ["checked"]:
            raise SandboxUnavailable(f"the sandbox leaks: {'; '.join(lines[:-1])}; no command was run")
        self._holds = True

    def open(self, room: Room) -> Session:
        bwrap = shutil.which("bwrap", path=os.pathsep.join(_SYSTEM_PATH))
        if bwrap is None:
            raise SandboxUnavailable(
                "bubblewrap is not installed, so no command can be confined; "
                "install it with: apt-get install bubblewrap"
            )
        for folder in room.toolchains:
            _refuse_broad(folder)
        return _Bubble(bwrap, room)


class _Bubble:
    def __init__(self, bwrap: str, room: Room) -> None:
        self._bwrap = bwrap
        self._room = room

    def exec(self, argv: Sequence[str], *, seconds: float | None = None) -> ExecResult:
        caps = self._room.caps
        with _sealed(program(platform.machine())) as filter_fd:
            return run_to_the_end(
                lambda status_fd: _command_line(self._bwrap, self._room, argv, filter_fd, status_fd),
                tuple(argv),
                seconds=caps.seconds if seconds is None else seconds,
                caps=caps,
                # bwrap keeps its own environment readable in /proc/1/environ, whatever --clearenv says.
                env={"PATH": os.pathsep.join(_SYSTEM_PATH), "LANG": "C.UTF-8"},
                pass_fd=filter_fd,
            )


def _command_line(bwrap: str, room: Room, argv: Sequence[str], filter_fd: int, status_fd: int) -> list[str]:
    caps = room.caps
    line = [
        bwrap,
        "--unshare-all",
        "--unshare-user",
        "--disable-userns",
        "--die-with-parent",
        "--new-session",
    ]
    line += ["--cap-drop", "ALL", "--uid", "1000", "--gid", "1000", "--hostname", "sandbox"]
    line += ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib64"):
        line += ["--symlink", f"usr/{name}", f"/{name}"]
    for name in _ETC:
        line += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    # /proc/sys asks for user 0, not for a capability: run by root, a sandbox with a writable /proc could
    # name a program in core_pattern that the host then starts.
    line += ["--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev"]
    for folder, size in (("/tmp", caps.scratch_bytes), (HOME, caps.scratch_bytes), ("/dev/shm", _SHM_BYTES)):
        line += ["--size", str(size), "--tmpfs", folder]
    line += ["--remount-ro", "/dev"]  # its own files have no size limit; the devices stay usable
    for toolchain in room.toolchains:
        line += ["--ro-bind", str(toolchain), str(toolchain)]
    line += ["--bind" if room.writable else "--ro-bind", str(room.tree), WORKSPACE]
    if room.reports is not None:
        line += ["--bind", str(room.reports), REPORTS]
    line += ["--remount-ro", "/", "--chdir", WORKSPACE]  # or its private root would be writable
    for name, value in _environment(room).items():
        line += ["--setenv", name, value]
    line += ["--seccomp", str(filter_fd), "--json-status-fd", str(status_fd), "--"]
    line += ["/usr/bin/prlimit", f"--nproc={caps.processes}", f"--fsize={caps.file_bytes}", "--core=0", "--"]
    return [*line, *argv]


def _environment(room: Room) -> dict[str, str]:
    return {
        "PATH": os.pathsep.join((*room.path, *_SYSTEM_PATH)),
        "HOME": HOME,
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "TMPDIR": "/tmp",
        **room.env,
    }


@contextmanager
def _sealed(data: bytes) -> Iterator[int]:
    """A descriptor from which bwrap reads the filter."""
    fd = os.memfd_create("cairn-seccomp")
    try:
        os.write(fd, data)
        os.lseek(fd, 0, os.SEEK_SET)
        yield fd
    finally:
        os.close(fd)


def _refuse_broad(folder: Path) -> None:
    """A toolchain is a folder of programs, never one in which people keep other things."""
    home = Path.home().resolve()
    real = folder.resolve()
    if not folder.is_absolute() or not real.is_dir():
        raise Forbidden(f"toolchain {folder} is not an absolute folder that exists; correct the setting")
    if home == real or home.is_relative_to(real) or len(real.parts) < 3:
        raise Forbidden(
            f"toolchain {folder} would show the sandbox too much; name the folder of the tool alone"
        )


def _why(result: ExecResult) -> str:
    if result.killed_by:
        return f"its first command ran into a limit ({result.killed_by})"
    return result.output.strip().splitlines()[-1] if result.output.strip() else f"exit code {result.code}"
