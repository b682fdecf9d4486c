"""The seam of confinement: a command -> what it printed, with nothing else touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

Killer = Literal["timeout", "output", "memory", "processes", "disk"]

WORKSPACE = "/workspace"  # where the work tree appears inside
REPORTS = "/reports"  # where a test run leaves its report
DEPS = "/deps"  # where installed dependencies appear


@dataclass(frozen=True, slots=True)
class Caps:
    """What one command may use. A test suite fits easily, a runaway does not."""

    seconds: float = 120.0
    memory: int = 4 << 30  # bytes of all its processes together
    processes: int = 256
    file_bytes: int = 1 << 30  # the size of one file it writes
    tree_bytes: int = 2 << 30  # what its folders may grow by; a debug build of a large project has 1 GB
    output_bytes: int = 64 << 20  # printed more than this is a flood, not a log
    kept_output: int = 1 << 20  # of which this much is kept, half from each end
    scratch_bytes: int = 256 << 20  # /tmp and HOME, each


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder of the host that a room shows at `target`, which is `/deps` or lies under /workspace."""

    source: Path
    target: str
    read_only: bool = True


@dataclass(frozen=True, slots=True)
class Room:
    """What a command sees: `tree` as /workspace, `reports` as /reports, toolchains read-only.

    `network` is for the installation of declared dependencies alone. `start_bytes` is what the
    writable folders had before anything ran in them; without it they are measured when the room opens.
    """

    tree: Path
    reports: Path | None = None
    writable: bool = True
    toolchains: tuple[Path, ...] = ()
    path: tuple[str, ...] = ()  # folders that come first on PATH
    env: Mapping[str, str] = field(default_factory=dict)
    caps: Caps = Caps()
    network: bool = False
    mounts: tuple[Mount, ...] = ()
    start_bytes: int | None = None

    @property
    def written(self) -> tuple[Path, ...]:
        """The folders of the host that a command in this room can fill."""
        folders = [self.tree] if self.writable else []
        folders += [self.reports] if self.reports is not None else []
        return (*folders, *(mount.source for mount in self.mounts if not mount.read_only))


@dataclass(frozen=True, slots=True)
class ExecResult:
    """How a command ended. `code` is None when it was killed; `output` is stdout and stderr mixed."""

    argv: tuple[str, ...]
    code: int | None
    output: str
    seconds: float
    killed_by: Killer | None = None
    cut_bytes: int = 0


class Session(Protocol):
    """A room in which commands run, one at a time."""

    def exec(self, argv: Sequence[str], *, seconds: float | None = None) -> ExecResult:
        """Run `argv` in the work tree's root and return when nothing of it is alive any more."""
        ...

    def close(self) -> None:
        """Give back what the room holds; a later command would open it again."""
        ...


class Sandbox(Protocol):
    """Opens rooms. `probe` really tries, and raises SandboxUnavailable when confinement leaks."""

    @property
    def name(self) -> str: ...

    def probe(self) -> None: ...

    def open(self, room: Room) -> Session: ...
