"""A machine -> whether it gives Cairn room: open files, watched folders, memory, a clock, grammars."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from pathlib import Path

from indexer.languages import LANGUAGES
from indexer.parse import parse
from indexer.types import SourceFile

from ..service import Service
from . import Finding

_FILES = 1024  # a server with a hundred callers and its keeper stays below
_FEWEST_FILES = 256
_FEWEST_WATCHES = 65_536  # folders that can be followed; a large monorepo has 30,000
_FEWEST_INSTANCES = 64  # one is taken by each process that follows files; editors take some
_LITTLE_MEMORY = 500_000_000  # bytes: a first index takes 255 MB, and 115 for each worker
_CLOCK_SECONDS = 2.0  # between this machine's clock and that of the data directory's file system
_BEFORE_CAIRN = 1_700_000_000  # a clock that says less was never set


def grammars(service: Service) -> Finding | str:
    """Parse a line in each language, which loads its grammar and its queries."""
    broken = []
    withs = [language for language in LANGUAGES if language.grammar]
    for language in withs:
        text = "x\n"
        source = SourceFile(f"x.{language.name}", text, language.name, "code", "", len(text), 0)
        try:
            parse(source)
        except Exception as error:  # a wheel of another version raises whatever it likes
            broken.append(f"{language.name} ({type(error).__name__}: {error})")
    if broken:
        said = f"{len(broken)} of {len(withs)} do not load: {', '.join(broken)}"
        return Finding("grammars", "bad", said, "install Cairn again, so that its tree-sitter packages fit")
    return f"{len(withs)} languages parse"


def open_files(service: Service) -> Finding | str:
    limit, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    said = f"this process may have {limit} files open"
    if limit >= _FILES or limit == resource.RLIM_INFINITY:
        return said
    remedy = f"ulimit -n {_FILES} before cairn serve"
    if hard != resource.RLIM_INFINITY and hard < _FILES:
        remedy = f"LimitNOFILE={_FILES} of its service, or nofile in /etc/security/limits.conf"
    return Finding("open files", "bad" if limit < _FEWEST_FILES else "note", said, remedy)


def watches(service: Service) -> Finding | str:
    limits = Path("/proc/sys/fs/inotify")
    if not limits.exists():
        return "by the system of this platform"
    allowed = int((limits / "max_user_watches").read_text())
    instances = int((limits / "max_user_instances").read_text())
    needed = sum(_folders(service, repo.id) for repo in service.repos())
    said = f"inotify can follow {allowed} folders by {instances} watchers; those indexed have {needed}"
    if needed >= allowed:
        remedy = f"sysctl fs.inotify.max_user_watches={max(_FEWEST_WATCHES, 2 * needed)}"
        return Finding("file events", "bad", f"{said}: the rest is polled, minutes late", remedy)
    if allowed < _FEWEST_WATCHES:
        remedy = f"sysctl fs.inotify.max_user_watches={_FEWEST_WATCHES}"
        return Finding("file events", "note", f"{said}: little for a large repository", remedy)
    if instances < _FEWEST_INSTANCES:
        remedy = f"sysctl fs.inotify.max_user_instances={2 * _FEWEST_INSTANCES}"
        return Finding("file events", "note", f"{said}: editors take watchers too", remedy)
    return said


def _folders(service: Service, repo: int) -> int:
    rows = service.catalog.select("SELECT path FROM files WHERE repo = ?", repo)
    return len({path.rpartition("/")[0] for (path,) in rows})


def memory(service: Service) -> Finding | str:
    free = _available()
    if free is None:
        return "unknown on this platform"
    said = f"{free / 1e9:.1f} GB available"
    if free < _LITTLE_MEMORY:
        remedy = "CAIRN_WORKERS=1 indexes in one process; or end something else"
        return Finding("memory", "note", f"{said}: little for a first index", remedy)
    return said


def _available() -> int | None:
    """What the machine has free, or the control group this process is in, whichever is less."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration, ValueError):
        return None
    group = Path("/sys/fs/cgroup")
    try:
        limit = (group / "memory.max").read_text().strip()
        used = int((group / "memory.current").read_text())
        return free if limit == "max" else min(free, int(limit) - used)
    except (OSError, ValueError):
        return free


def clock(service: Service) -> Finding | str:
    now = time.time()
    remedy = "set the clock (timedatectl set-ntp true)"
    if now < _BEFORE_CAIRN:
        return Finding("clock", "bad", f"it says {time.ctime(now)}: changes are told by their time", remedy)
    folder = service.data.root
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".probe-") as probe:
        apart = os.stat(probe.name).st_mtime - now
    if abs(apart) > _CLOCK_SECONDS:
        said = f"the file system of {folder} is {apart:+.0f} s from this machine: files are read twice"
        return Finding("clock", "note", said, f"{remedy}, here or on the file server")
    late = [repo.name for repo in service.repos() if (repo.synced_at or 0) > now + _CLOCK_SECONDS]
    if late:
        said = f"it went back since {', '.join(late)} was indexed: a change may look old"
        return Finding("clock", "note", said, "cairn verify --fix, after the clock is right")
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
