"""A command -> its output, run bare as the user who runs Cairn, or not at all.

Both exist for a person who decides so: bare where the whole machine is already a throw-away one, off
where no code of a repository may run. Neither is ever chosen for them.
"""

from __future__ import annotations

import os
import re
import secrets
import signal
import tempfile
import time
import weakref
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from agent.sandbox import REPORTS, WORKSPACE, ExecResult, Room, Session
from agent.sandbox.disk import Disk
from agent.sandbox.process import Start, run_to_the_end
from agent.sandbox.view import check, environment
from indexer.errors import Forbidden, SandboxUnavailable

_GRACE = 10.0  # seconds for killed processes to vanish
_MARK = "CAIRN_ROOM"
_PLACE = re.compile(r"(^|=)(/workspace|/reports)(?=/|$)")


class Unconfined:
    """Runs commands with the rights of this process. `i_accept_the_risk` must be said, and be true.

    What it still does: a small environment without secrets, an own HOME and TMPDIR, limits on time,
    output, memory, processes and disk, and the end of what a command started. What it cannot: keep a
    command from reading every file of the user, writing elsewhere, or using the network.
    """

    name = "unconfined"

    def __init__(self, *, i_accept_the_risk: bool) -> None:
        if i_accept_the_risk is not True:
            raise Forbidden(
                "running commands of a repository unconfined was not accepted; "
                "install bubblewrap, or accept that they may read and change everything you can"
            )

    def probe(self) -> None:
        """There is nothing to find out: it does not confine."""

    def open(self, room: Room) -> Session:
        if room.network or room.mounts or not room.writable:
            raise SandboxUnavailable(
                "without confinement nothing can be installed apart, shown in another place or kept from "
                "writing; install what the tests need yourself, or use bubblewrap, podman or docker"
            )
        check(room)
        return _Bare(room)


class Off:
    """Runs nothing: for a machine on which no code of a repository may run."""

    name = "off"

    def probe(self) -> NoReturn:
        raise SandboxUnavailable(
            "running commands is switched off here (sandbox = off), so nothing can be tested; "
            "choose another sandbox to let the agent work"
        )

    def open(self, room: Room) -> Session:
        self.probe()


class _Bare:
    def __init__(self, room: Room) -> None:
        self._room = room
        self._disk = Disk(room.written, room.caps.tree_bytes, room.start_bytes)
        self._scratch = tempfile.TemporaryDirectory(prefix="cairn-bare-")
        self._cleaning = weakref.finalize(self, self._scratch.cleanup)

    def exec(self, argv: Sequence[str], *, seconds: float | None = None) -> ExecResult:
        room, caps = self._room, self._room.caps
        scratch = Path(self._scratch.name)
        for name in ("home", "tmp"):
            (scratch / name).mkdir(exist_ok=True)
        crowd = _Marked()
        own = {"HOME": str(scratch / "home"), "TMPDIR": str(scratch / "tmp"), _MARK: crowd.mark}
        limits = (f"--fsize={caps.file_bytes}", "--core=0")
        start = Start(
            ("/usr/bin/prlimit", *limits, "--", *(self._real(text) for text in argv)),
            env={**{name: self._real(value) for name, value in environment(room).items()}, **own},
            cwd=room.tree,
        )
        limit = caps.seconds if seconds is None else seconds
        return run_to_the_end(start, tuple(argv), limit, caps, crowd, self._disk)

    def close(self) -> None:
        self._cleaning()

    def _real(self, text: str) -> str:
        """The places that a room gives its folders do not exist here; the folders do."""
        real = {WORKSPACE: str(self._room.tree), REPORTS: str(self._room.reports or self._room.tree)}
        return _PLACE.sub(lambda found: found[1] + real[found[2]], text)


class _Marked:
    """The crowd of a bare command: who has its mark in the environment, whatever session they are in."""

    fd: int | None = None

    def __init__(self) -> None:
        self.mark = secrets.token_hex(16)

    def read(self) -> bool:
        return False

    def started(self, pid: int) -> None: ...

    def pids(self) -> list[int]:
        return self._look()[0]

    def end(self, killed: bool) -> None:
        deadline = time.monotonic() + _GRACE
        quiet = 0  # looks in a row that saw nobody: one may miss a child whose parent died while it looked
        while quiet < 2 and time.monotonic() < deadline:
            alive, beginning = self._look()
            for pid in alive:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            quiet = 0 if alive or beginning else quiet + 1
            if not quiet:
                time.sleep(0.01)

    def _look(self) -> tuple[list[int], bool]:
        """Who has the mark, and whether somebody is in the middle of an exec and may get it."""
        mark = f"{_MARK}={self.mark}".encode()
        marked, beginning = [], False
        for file in Path("/proc").glob("[0-9]*/environ"):
            with suppress(OSError):
                environ = file.read_bytes()
                if mark in environ:
                    marked.append(int(file.parent.name))
                elif not environ:
                    beginning = beginning or _in_exec(file.parent)
        return marked, beginning

    def close(self) -> None: ...


def _in_exec(process: Path) -> bool:
    """Between its old program and its new one a process shows neither arguments nor environment.

    Kernel threads and zombies show none either, but have no program.
    """
    return not (process / "cmdline").read_bytes() and bool((process / "exe").readlink())
