"""A command -> its output, inside a container of docker or podman: one a room, no network, no privileges.

A server's administrators often know how to run containers and allow nothing else. Without an image of
their own the container shows the same as bubblewrap does: a skeleton of empty folders, over which /usr
and an allow-list of /etc are laid read-only. The engine's socket is never shown to it.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path

from agent.sandbox import ExecResult, Room, Session
from agent.sandbox.container_options import Image, options
from agent.sandbox.disk import Disk
from agent.sandbox.engine import Engine, new_name
from agent.sandbox.escapes import ALL_NAMESPACES, try_to_escape
from agent.sandbox.process import Start, run_to_the_end
from agent.sandbox.view import check
from indexer.errors import BadInput, SandboxUnavailable

# The first process adopts and buries what the others leave; it ends only with the container.
_IDLE = "while :; do sleep 86400 & wait; done"
# What a command left running would keep its output open; it is killed here, and once more afterwards.
_RUN = '"$@"; code=$?; kill -9 -1; exit $code'
_COUNT_KILLED = (
    "kill -9 -1; cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null; true"
)


class Container:
    """Opens rooms in containers. `image` is one that the engine has; "" builds the skeleton instead.

    An image needs /bin/sh, sleep and the tools of the repository.
    """

    def __init__(self, engine: Engine, image: str = "") -> None:
        if image.startswith("-"):
            raise BadInput(f"{image!r} is no name of an image; correct the setting")
        self.name: str = engine.name
        self._engine = engine
        self._image = Image(engine, image)
        self._holds = False

    def probe(self) -> None:
        """Remove what dead processes left, then try to break out once."""
        if self._holds:
            return
        self._engine.sweep()
        kept = ("user",) if not self._image.own_users else ()
        namespaces = [kind for kind in ALL_NAMESPACES if kind not in kept]
        try_to_escape(self, namespaces, cgroup=True)
        self._holds = True

    def open(self, room: Room) -> Session:
        self._engine.line()
        check(room)
        return _Contained(self._engine, self._image, room)


class _Contained:
    def __init__(self, engine: Engine, image: Image, room: Room) -> None:
        self._engine = engine
        self._image = image
        self._room = room
        self._disk = Disk(room.written, room.caps.tree_bytes, room.start_bytes)
        self._running: str | None = None
        self._folders: list[tuple[int, int]] = []
        self._killed = 0  # processes that its memory limit ended, as far as counted
        self._cleaning: weakref.finalize[..., _Contained] | None = None

    def exec(self, argv: Sequence[str], *, seconds: float | None = None) -> ExecResult:
        """As every session; a killed command takes the container with it, the next one starts a new one."""
        caps = self._room.caps
        if self._folders != self._identities():
            self.close()  # a folder was made anew under its name; the container holds the old one
        name = self._running or self._start()
        start = Start(self._engine.line("exec", name, "/bin/sh", "-c", _RUN, "sh", *argv), self._engine.env)
        limit = caps.seconds if seconds is None else seconds
        done = run_to_the_end(start, tuple(argv), limit, caps, _Outside(self), self._disk)
        if done.killed_by is None and self._out_of_memory():
            return ExecResult(done.argv, None, done.output, done.seconds, "memory", done.cut_bytes)
        return done

    def close(self) -> None:
        if self._cleaning is not None:
            self._cleaning()
        self._running, self._cleaning, self._killed = None, None, 0

    def _start(self) -> str:
        check(self._room)
        name = new_name()
        folder = tempfile.mkdtemp(prefix=f"{name}-")
        os.chmod(folder, 0o755)  # user 0 of the container is nobody here, and has to pass
        try:
            image, own = self._image.ready(Path(folder), self._room)
            line = [*options(self._engine, self._room), *own]
            self._engine.start(name, line, image, ("/bin/sh", "-c", _IDLE))
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        self._running, self._folders = name, self._identities()
        # Also when nobody closed the session, and when this process ends.
        self._cleaning = weakref.finalize(self, _remove, self._engine, name, folder)
        return name

    def _identities(self) -> list[tuple[int, int]]:
        return [(found.st_dev, found.st_ino) for found in map(os.stat, self._room.written)]

    def _out_of_memory(self) -> bool:
        """End whatever is left inside, and ask the control group whether it had to kill."""
        assert self._running is not None
        try:
            said = self._engine.call("exec", self._running, "/bin/sh", "-c", _COUNT_KILLED)
        except SandboxUnavailable:  # something inside works against it
            self.close()
            return False
        counted = re.search(r"^oom_kill (\d+)$", said, re.M)
        before, self._killed = self._killed, int(counted[1]) if counted else 0
        return self._killed > before


class _Outside:
    """The crowd of a command in a container: the engine counts it, and ends it with the container."""

    fd: int | None = None

    def __init__(self, session: _Contained) -> None:
        self._session = session

    def read(self) -> bool:
        return False

    def started(self, pid: int) -> None: ...

    def pids(self) -> list[int]:
        return []

    def end(self, killed: bool) -> None:
        if killed:
            self._session.close()

    def close(self) -> None: ...


def _remove(engine: Engine, name: str, folder: str) -> None:
    engine.remove(name)
    shutil.rmtree(folder, ignore_errors=True)
