"""The seam of confinement: a command -> what it printed, with nothing else touched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

Killer = Literal["timeout", "output", "memory", "processes"]

WORKSPACE = "/workspace"  # where the work tree appears inside
REPORTS = "/reports"  # where a test run leaves its report


@dataclass(frozen=True, slots=True)
class Caps:
    """What one command may use. A test suite fits easily, a runaway does not."""

    seconds: float = 120.0
    memory: int = 4 << 30  # bytes of all its processes together
    processes: int = 256
    file_bytes: int = 1 << 30  # the size of one file it writes
    output_bytes: int = 64 << 20  # printed more than this is a flood, not a log
    kept_output: int = 1 << 20  # of which this much is kept, half from each end
    scratch_bytes: int = 256 << 20  # /tmp and HOME, each


@dataclass(frozen=True, slots=True)
class Room:
    """What a command sees: `tree` as /workspace, `reports` as /reports, toolchains read-only."""

    tree: Path
    reports: Path | None = None
    writable: bool = True
    toolchains: tuple[Path, ...] = ()
    path: tuple[str, ...] = ()  # folders that come first on PATH
    env: Mapping[str, str] = field(default_factory=dict)
    caps: Caps = Caps()


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


class Sandbox(Protocol):
    """Opens rooms. `probe` really tries, and raises SandboxUnavailable when confinement leaks."""

    def probe(self) -> None: ...

    def open(self, room: Room) -> Session: ...
