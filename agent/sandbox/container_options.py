"""A room -> the options of `docker run` that confine a container to it, and the image it runs."""

from __future__ import annotations

import io
import json
import os
import tarfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from agent.sandbox import DEPS, REPORTS, WORKSPACE, Mount, Room
from agent.sandbox.engine import Engine
from agent.sandbox.seccomp import profile
from agent.sandbox.view import HOME, LINKS, SHM_BYTES, environment, etc
from indexer.errors import BadInput, SandboxUnavailable

_USER = 1000
_SPARE_IDS = 100_000  # numbers of users that nobody has; the container's others are these
_FOLDERS = ("usr", "etc", "proc", "dev", "sys", "tmp", "run", "var/tmp", HOME[1:])
_SCRATCH = ("tmp", HOME[1:])
_ROOM_FOLDERS = (WORKSPACE[1:], REPORTS[1:], DEPS[1:])
_TAG = "localhost/cairn-sandbox:1"  # a new number when the skeleton changes


def options(engine: Engine, room: Room) -> list[str]:
    """What confines, whatever the image: no network, no capabilities, limits, and only the room's folders."""
    caps = room.caps
    line = ["--network", "none"] if not room.network else []
    line += ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    line += ["--security-opt", "label=disable"]  # SELinux would ask for the tree to be labelled anew
    line += ["--pids-limit", str(caps.processes), "--shm-size", str(SHM_BYTES)]
    line += ["--memory", str(caps.memory), "--memory-swap", str(caps.memory)]  # the same: no swap
    line += ["--stop-signal", "KILL", "--hostname", "sandbox", "--workdir", WORKSPACE]
    line += engine.ulimits(caps.file_bytes)
    scratch = f"rw,exec,nosuid,nodev,size={caps.scratch_bytes},mode=1777"
    if engine.name == "podman":
        scratch += ",notmpcopyup"  # or an image's files come along
        line += ["--read-only-tmpfs=false"]  # it adds /run and /var/tmp
        line += ["--security-opt", "mask=/proc/pressure"]  # everyone may write there
    for folder in ("/tmp", HOME):
        line += ["--tmpfs", f"{folder}:{scratch}"]
    line += _shown(Mount(room.tree, WORKSPACE, read_only=not room.writable))
    if room.reports is not None:
        line += _shown(Mount(room.reports, REPORTS, read_only=False))
    for mount in (*(Mount(folder, str(folder)) for folder in room.toolchains), *room.mounts):
        line += _shown(mount)
    for name, value in environment(room).items():
        line += ["--env", f"{name}={value}"]
    return line


@dataclass(frozen=True, slots=True)
class Image:
    """What a container starts from: an image of the engine, or the skeleton under the host's /usr."""

    engine: Engine
    name: str = ""

    @property
    def own_users(self) -> bool:
        """Whether its users are others than the host's, so that even its root would be nobody."""
        return self.engine.name == "podman" and (not self.name or not self.engine.root)

    def ready(self, folder: Path, room: Room) -> tuple[list[str], list[str]]:
        """The image's arguments and the options it needs. `folder` lives as long as the container."""
        line = [*self._system_calls(folder), *self._users(room.tree)]
        if self.name:
            return [self.name], ["--pull", "never", *line]  # what runs here was put here by somebody
        for source in (Path("/usr"), *_laid_over(room)):
            line += _shown(Mount(source, str(source)))
        if self.engine.name == "docker":
            self._import()
            return [_TAG], line
        root = folder / "root"
        _skeleton(root, room)
        # An overlay of an image cannot be made inside a namespace of users on every kernel; a folder can.
        return ["--rootfs", str(root)], line

    def _system_calls(self, folder: Path) -> list[str]:
        """podman's own list allows io_uring and, inside, further namespaces; docker's does not."""
        if self.engine.name == "docker":
            return []
        file = folder / "seccomp.json"
        file.write_text(json.dumps(profile()))
        return ["--security-opt", f"seccomp={file}"]

    def _users(self, tree: Path) -> list[str]:
        """A user without rights who owns the tree."""
        owner = tree.stat()
        if not self.own_users:
            return ["--user", f"{owner.st_uid}:{owner.st_gid}"]
        if not self.engine.root:
            return ["--userns", "keep-id", "--user", f"{os.getuid()}:{os.getgid()}"]
        maps: list[str] = ["--user", f"{_USER}:{_USER}"]
        for option, number in (("--uidmap", owner.st_uid), ("--gidmap", owner.st_gid)):
            maps += [option, f"0:{_SPARE_IDS}:{_USER}", option, f"{_USER}:{number}:1"]
        return maps

    def _import(self) -> None:
        try:
            self.engine.call("image", "inspect", _TAG)
        except SandboxUnavailable:
            self.engine.call("import", "-", _TAG, data=_archive())


def _shown(mount: Mount) -> list[str]:
    """A folder in a container. Raises BadInput for a name that the engines' syntax cannot express."""
    source = str(mount.source.resolve())
    if "," in source or "," in mount.target or '"' in source:
        raise BadInput(f"{source} has a comma or a quote in its name; no container can show it")
    read_only = ",readonly" if mount.read_only else ""
    return ["--mount", f"type=bind,source={source},target={mount.target}{read_only}"]


def _laid_over(room: Room) -> list[Path]:
    """The allow-list of /etc, less what an engine writes itself."""
    own = {"/etc/passwd", "/etc/group", "/etc/hosts", "/etc/resolv.conf"}
    return [path for path in etc(room.network) if str(path) not in own]


def _skeleton(root: Path, room: Room) -> None:
    """Empty folders and files on which everything else is mounted."""
    for name in (*_FOLDERS, *_ROOM_FOLDERS):
        (root / name).mkdir(parents=True, exist_ok=True)
    for name in _SCRATCH:  # runc takes the mode of the folder below for the one it mounts
        (root / name).chmod(0o1777)
    for name in LINKS:
        (root / name).symlink_to(f"usr/{name}")
    for source in (*_laid_over(room), *room.toolchains):
        place = root / PurePosixPath(source).relative_to("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            place.mkdir(exist_ok=True)
        else:
            place.touch()
    for name, text in _identity().items():
        (root / name).write_text(text)


def _archive() -> bytes:
    """The same as an image; there the engine makes the places of further mounts."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in (*_FOLDERS, *_ROOM_FOLDERS):
            member = tarfile.TarInfo(name)
            member.type, member.mode = tarfile.DIRTYPE, 0o1777 if name in _SCRATCH else 0o755
            archive.addfile(member)
        for name in LINKS:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, f"usr/{name}"
            archive.addfile(member)
        for name, text in _identity().items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(text), 0o644
            archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


def _identity() -> dict[str, str]:
    return {
        "etc/passwd": f"root:x:0:0::/root:/bin/sh\nagent:x:{_USER}:{_USER}::{HOME}:/bin/sh\n",
        "etc/group": f"root:x:0:\nagent:x:{_USER}:\n",
    }
