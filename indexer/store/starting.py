"""A data directory -> a process that keeps its vectors, started and ready to take calls."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import indexer
from indexer.errors import NotWritable, StoreUnreachable
from indexer.store.owner import LOG_FILE, read_owner
from indexer.store.troubles import not_writable

IDLE_SECONDS = 300.0
START_SECONDS = 30.0  # a start takes 0.3 s; the rest is for a machine that is busy
_ROOM_TO_START = 1_000_000  # bytes: for its log, its socket and who it is
_begun: dict[Path, subprocess.Popen[bytes]] = {}  # by `wake`; nobody has waited for them yet


def wake(data: Path, idle_seconds: float = IDLE_SECONDS) -> None:
    """Begin to start an owner where there is none, so that it is ready when the first call comes."""
    data = data.absolute()
    begun = _begun.get(data)
    if read_owner(data) is None and (begun is None or begun.poll() is not None):
        _begun[data] = _boot(data, idle_seconds)


def start(data: Path, idle_seconds: float) -> None:
    """Start an owner, and return when it, or the one that was faster, takes calls."""
    boot = _begun.pop(data, None) or _boot(data, idle_seconds)
    try:
        _, stderr = boot.communicate(timeout=START_SECONDS)
    except subprocess.TimeoutExpired as error:
        boot.kill()
        boot.communicate()
        raise _cannot_start(data, error) from error
    if boot.returncode:
        said = _last_line(stderr.decode(errors="replace")) or _last_line(_log(data))
        if not os.access(data, os.W_OK) or shutil.disk_usage(data).free < _ROOM_TO_START:
            raise NotWritable(
                f"the process that keeps the vectors in {data} cannot write there ({said or 'no space'}); "
                "make room, give this user the right to write, or choose another data directory with --data. "
                "Nothing that was indexed is lost"
            )
        raise StoreUnreachable(f"the process that keeps the vectors in {data} did not start: {said}")


def _boot(data: Path, idle_seconds: float) -> subprocess.Popen[bytes]:
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise not_writable(data, error) from error
    package = Path(indexer.__file__).absolute().parent
    search_path = [entry for entry in sys.path if os.path.isabs(entry)]
    arguments = [str(data), str(package), json.dumps(search_path), str(idle_seconds)]
    try:
        return subprocess.Popen(
            [sys.executable, "-I", str(package / "store" / "boot.py"), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=_environment(),
        )
    except OSError as error:
        raise _cannot_start(data, error) from error


def _cannot_start(data: Path, error: Exception) -> StoreUnreachable:
    return StoreUnreachable(f"the process that keeps the vectors in {data} cannot be started ({error})")


def _environment() -> dict[str, str]:
    # It outlives its caller and needs none of the caller's keys.
    wanted = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
    kept = {name: os.environ[name] for name in wanted if name in os.environ}
    return kept | {"OPENBLAS_NUM_THREADS": "1"}  # it multiplies nothing: threads for that only spin


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]


def _log(data: Path) -> str:
    try:
        return (data / LOG_FILE).read_text(errors="replace")
    except OSError:
        return "it left no log"
