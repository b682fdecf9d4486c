"""A room -> what of the host is seen in it: an allow-list of folders, files and variables."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from agent.sandbox import DEPS, WORKSPACE, Room
from agent.sandbox.registries import registry_files
from indexer.errors import BadInput, Forbidden

HOME = "/home/agent"
SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin")
SHM_BYTES = 64 << 20
LINKS = ("bin", "sbin", "lib", "lib64")  # they lie in /usr

# Files and folders of /etc without which programs of /usr do not work; globs.
_ETC = (
    "passwd",
    "group",
    "nsswitch.conf",
    "ld.so.cache",
    "alternatives",
    "ssl/certs",
    "ssl/openssl.cnf",
    "mime.types",
    "localtime",
    "protocols",
    "services",
    "java-*",
    "maven",
)
_NETWORK_ETC = ("resolv.conf", "hosts", "gai.conf")


def check(room: Room) -> None:
    """Refuse what would show too much, and make the places for mounts in the tree."""
    for folder in room.toolchains:
        _refuse_broad(folder)
    for mount in room.mounts:
        place = PurePosixPath(mount.target)
        if ".." in place.parts or not (mount.target == DEPS or place.is_relative_to(WORKSPACE)):
            raise BadInput(f"{mount.target} is no place for a mount; use {DEPS} or a folder in {WORKSPACE}")
        if not mount.source.is_absolute() or not mount.source.is_dir():
            raise BadInput(f"{mount.source} cannot be shown as {mount.target}: it is no absolute folder")
        if mount.target != DEPS:
            _mount_point(room.tree, place.relative_to(WORKSPACE))


def etc(network: bool) -> list[Path]:
    """What exists of the allow-list under /etc."""
    names = (*_ETC, *_NETWORK_ETC) if network else _ETC
    found = [path for name in names for path in sorted(Path("/etc").glob(name)) if path.exists()]
    return found + (registry_files() if network else [])


def environment(room: Room) -> Mapping[str, str]:
    return {
        "PATH": os.pathsep.join((*room.path, *SYSTEM_PATH)),
        "HOME": HOME,
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "TMPDIR": "/tmp",
        **room.env,
    }


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


def _mount_point(tree: Path, place: PurePosixPath) -> None:
    """An empty folder where the mount goes. A link there was planted: following it leads out of the tree."""
    folder = os.open(tree, os.O_PATH | os.O_DIRECTORY)
    try:
        for part in place.parts:
            with suppress(FileExistsError):
                os.mkdir(part, dir_fd=folder)
            try:
                inner = os.open(part, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            except OSError as error:
                raise Forbidden(
                    f"{place} in the work tree is no folder, but dependencies belong there; remove it"
                ) from error
            os.close(folder)
            folder = inner
    finally:
        os.close(folder)
