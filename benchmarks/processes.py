"""A command -> what it cost: wall time, CPU, and the memory of everything that runs for it.

Memory is PSS (each shared page counted once, in parts) from /proc/*/smaps_rollup, summed over the
command, its descendants and the keeper of its data directory. Linux only.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.store.owner import read_owner

_SAMPLE_S = 0.1
_GONE_S = 20.0  # seconds for a process that was told to end


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended well. `cpu` holds its own and its workers' seconds, not the keeper's."""

    seconds: float
    cpu: float
    output: str


def run(command: Sequence[str], environ: Mapping[str, str] | None = None) -> Ran:
    """Run a command to its end. Stops the benchmark when it fails."""
    before = os.times()
    started = time.perf_counter()
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **(environ or {})}, check=False
    )
    seconds = time.perf_counter() - started
    after = os.times()
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Ran(seconds, cpu, done.stdout)


@dataclass(slots=True)
class Memory:
    """MB of PSS while it was watched; `parts` are those of the largest moment, by process."""

    peak: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)
    samples: list[float] = field(default_factory=list)


@contextlib.contextmanager
def watched(data: Path) -> Iterator[Memory]:
    """Sample the memory of this process's descendants and the keeper of `data`, without this process."""
    memory, stop = Memory(), threading.Event()

    def look() -> None:
        while not stop.is_set():
            parts = _parts(data)
            total = sum(parts.values())
            memory.samples.append(total)
            if total > memory.peak:
                memory.peak, memory.parts = total, parts
            stop.wait(_SAMPLE_S)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield memory
    finally:
        stop.set()
        thread.join()


def _parts(data: Path) -> dict[str, float]:
    parents = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                stat = Path(entry.path, "stat").read_text()
                parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    ours = {pid for pid in parents if os.getpid() in _ancestors(pid, parents)}
    if (owner := read_owner(data)) is not None:
        ours.add(owner.pid)
    return {name: size for pid in ours for name, size in _pss(pid, owner.pid if owner else 0)}


def _ancestors(pid: int, parents: Mapping[int, int]) -> list[int]:
    line = []
    while (pid := parents.get(pid, 0)) > 1:
        line.append(pid)
    return line


def _pss(pid: int, keeper: int) -> Iterator[tuple[str, float]]:
    with contextlib.suppress(OSError, StopIteration):
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        size = next(line for line in rollup if line.startswith("Pss:"))
        what = "keeper" if pid == keeper else Path(f"/proc/{pid}/comm").read_text().strip()
        yield f"{what} {pid}", int(size.split()[1]) / 1024


def keeper_cpu(data: Path) -> float:
    """CPU seconds of the keeper so far; 0 where none runs."""
    owner = read_owner(data)
    if owner is None:
        return 0.0
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{owner.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def end_keeper(data: Path) -> None:
    """Tell the keeper of `data` to end, and wait until it has."""
    owner = read_owner(data)
    if owner is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(owner.pid, signal.SIGTERM)
        until = time.monotonic() + _GONE_S
        while time.monotonic() < until:
            os.kill(owner.pid, 0)
            time.sleep(0.02)
        raise SystemExit(f"the keeper {owner.pid} of {data} does not end")


def blocks(folder: Path) -> int:
    """Bytes of the disk blocks used below a folder."""
    return sum(p.lstat().st_blocks * 512 for p in folder.rglob("*"))
