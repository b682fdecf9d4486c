"""Commands that a person declared -> what they installed, for rooms without a network.

They run once, on a copy of the clean tree, before any code of a model does and without its changes; an
install script is a stranger's code, and with a network it could carry away what it finds. What they
leave in /deps and in new folders of the tree is kept under a digest of everything that decided it, and
shown read-only ever after.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from agent.sandbox import DEPS, WORKSPACE, Caps, Mount, Room, Sandbox, Session
from agent.sandbox.registries import registry_settings
from agent.sandbox.toolchain import Toolchain
from indexer.errors import BadInput, CairnError

_VERSION = "1"  # a new number when environments that were kept can no longer be read
_CAPS = Caps(
    seconds=1800.0,  # half an hour: a build of numpy from source takes 15 minutes on 2 cores
    processes=512,
    file_bytes=4 << 30,  # a wheel of torch has 2.5 GB
    tree_bytes=8 << 30,
    scratch_bytes=2 << 30,  # pip unpacks and builds in /tmp
)
_KEPT_OUTPUT = 20_000  # letters of each command
_SHOWN_LINES = 30  # of a command that failed
_MOST_FOLDERS = 200  # new ones in the tree: a workspace of npm has a node_modules for each package
_UNUSED_DAYS = 30

# Where tools keep what they downloaded. /deps is all that survives, and HOME does not.
_WRITING = {
    "CARGO_HOME": f"{DEPS}/cargo",
    "GOPATH": f"{DEPS}/go",
    "GOFLAGS": "-modcacherw",  # or no one could remove the cache
    "npm_config_cache": "/tmp/npm",
    "PIP_NO_CACHE_DIR": "1",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
}
_READING = {"CARGO_NET_OFFLINE": "true", "GOPROXY": "off", "npm_config_offline": "true", "PIP_NO_INDEX": "1"}
_STORES = {"cargo": ("CARGO_HOME", f"{DEPS}/cargo"), "go": ("GOPATH", f"{DEPS}/go")}
_BINS = ("venv/bin", "bin", "go/bin", "cargo/bin")


class InstallationFailed(CairnError):
    """A declared command ended badly; says which, how, and what it printed last."""


@dataclass(frozen=True, slots=True)
class Environment:
    """What is installed for a repository. `python` is the interpreter of a virtual environment in /deps."""

    mounts: tuple[Mount, ...] = ()
    path: tuple[str, ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    python: str | None = None
    output: str = ""
    seconds: float = 0.0
    reused: bool = False


@dataclass(frozen=True, slots=True)
class _Record:
    """What is kept beside the folders."""

    folders: tuple[str, ...]
    output: str
    seconds: float


def prepare(
    commands: Sequence[str],
    tree: Path,
    cache: Path,
    sandbox: Sandbox,
    manifests: Mapping[str, bytes],
    *,
    toolchain: Toolchain | None = None,
    environ: Mapping[str, str] | None = None,
) -> Environment:
    """Run the shell `commands` in order, or find what they installed the last time.

    tree: a clean export of the base; it is copied, not changed
    cache: the folder of kept environments
    manifests: path -> content of the files that decide what is installed (locks and manifests)
    environ: where settings of registries are looked for; only a list of names, free of secrets, is used

    Raises InstallationFailed when a command fails, SandboxUnavailable when nothing can be confined.
    """
    if not commands:
        return Environment()
    kept = cache / _digest(commands, manifests, sandbox, toolchain)
    if (kept / "record.json").is_file():
        os.utime(kept)
        return replace(_environment(kept), reused=True)
    cache.mkdir(parents=True, exist_ok=True)
    _forget_old(cache)
    building = Path(tempfile.mkdtemp(prefix=".building-", dir=cache))
    try:
        record = _install(commands, tree, building, sandbox, toolchain, environ or {})
        (building / "record.json").write_text(json.dumps(asdict(record)))
        try:
            building.rename(kept)
        except OSError:  # another process was faster
            if not (kept / "record.json").is_file():
                raise
        return _environment(kept)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _digest(
    commands: Sequence[str], manifests: Mapping[str, bytes], sandbox: Sandbox, toolchain: Toolchain | None
) -> str:
    """Of everything that decides what an installation leaves."""
    tools = (toolchain.python, *map(str, toolchain.folders)) if toolchain else ()
    files = [(path, hashlib.sha256(data).hexdigest()) for path, data in sorted(manifests.items())]
    decided = json.dumps([_VERSION, sandbox.name, os.uname().machine, list(commands), tools, files])
    return hashlib.sha256(decided.encode()).hexdigest()[:32]


def _install(
    commands: Sequence[str],
    tree: Path,
    building: Path,
    sandbox: Sandbox,
    toolchain: Toolchain | None,
    environ: Mapping[str, str],
) -> _Record:
    started = time.monotonic()
    work, deps = building / "work", building / "deps"
    shutil.copytree(tree, work, symlinks=True)
    deps.mkdir()
    settings, left_out = registry_settings(environ)
    room = Room(
        work,
        toolchains=toolchain.folders if toolchain else (),
        path=(*(f"{DEPS}/{name}" for name in _BINS), *(toolchain.path if toolchain else ())),
        env={**_WRITING, **(toolchain.env if toolchain else {}), **settings, "CAIRN_DEPS": DEPS, "CI": "1"},
        caps=_CAPS,
        network=True,
        mounts=(Mount(deps, DEPS, read_only=False),),
    )
    output = [f"left out, for they hold a secret: {', '.join(left_out)}"] if left_out else []
    session = sandbox.open(room)
    try:
        output += [_run(session, command) for command in commands]
    finally:
        session.close()
    folders = _new_folders(tree, work)
    for name in folders:
        place = building / "tree" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        (work / name).rename(place)
    shutil.rmtree(work, ignore_errors=True)
    return _Record(tuple(folders), "\n".join(output), time.monotonic() - started)


def _run(session: Session, command: str) -> str:
    done = session.exec(["/bin/sh", "-c", command])
    if done.code != 0:
        ended = f"was stopped ({done.killed_by})" if done.killed_by else f"ended with exit code {done.code}"
        tail = "\n".join(done.output.splitlines()[-_SHOWN_LINES:])
        raise InstallationFailed(
            f"the declared installation {command!r} {ended} after {done.seconds:.0f} s; "
            f"correct the command or what it installs. It printed last:\n{tail}"
        )
    return f"$ {command}\n{done.output[-_KEPT_OUTPUT:]}"


def _new_folders(before: Path, after: Path) -> list[str]:
    """The topmost folders that were not there; files that an installation changed are not kept."""
    found: list[str] = []
    todo = [""]
    while todo:
        inner = todo.pop()
        for entry in sorted(os.scandir(after / inner), key=lambda entry: entry.name):
            path = f"{inner}/{entry.name}" if inner else entry.name
            if not entry.is_dir(follow_symlinks=False):
                continue
            if (before / path).is_dir():
                todo.append(path)
            elif entry.name not in ("__pycache__", ".git") and not os.path.lexists(before / path):
                found.append(path)
    if len(found) > _MOST_FOLDERS:
        raise BadInput(
            f"the declared installation made {len(found)} new folders in the tree; at most {_MOST_FOLDERS} "
            f"can be shown, so let it install into {DEPS}"
        )
    return sorted(found)


def _environment(kept: Path) -> Environment:
    raw = json.loads((kept / "record.json").read_text())
    deps = kept / "deps"
    mounts = [Mount(deps, DEPS)]
    mounts += [Mount(kept / "tree" / name, f"{WORKSPACE}/{name}") for name in raw["folders"]]
    env = {name: value for folder, (name, value) in _STORES.items() if (deps / folder).is_dir()}
    # The interpreter is a link to one of the host's, which may not be there under this name.
    has_python = os.path.lexists(deps / "venv" / "bin" / "python")
    return Environment(
        tuple(mounts),
        tuple(f"{DEPS}/{name}" for name in _BINS if (deps / name).is_dir()),
        {"CAIRN_DEPS": DEPS, **_READING, **env},
        f"{DEPS}/venv/bin/python" if has_python else None,
        raw["output"],
        raw["seconds"],
    )


def _forget_old(cache: Path) -> None:
    """Remove what no run has used for long, and what a killed process left half done."""
    now = time.time()
    for entry in cache.iterdir():
        days = (now - entry.stat().st_mtime) / 86400
        if entry.is_dir() and days > (1 if entry.name.startswith(".building-") else _UNUSED_DAYS):
            shutil.rmtree(entry, ignore_errors=True)
