"""A root -> the places whose changes matter to its index: which folders below it, and which outside."""

from __future__ import annotations

import os
from dataclasses import dataclass

from . import git
from .ignore import IGNORE_FILES
from .skip import by_folder_name

# File systems that other machines write to: the kernel tells only of what happens on this one.
_SHARED = frozenset(
    "nfs nfs4 cifs smb2 smb3 smbfs ncpfs 9p virtiofs ceph glusterfs lustre gpfs beegfs afs coda ocfs2 gfs2 "
    "vboxsf vmhgfs prl_fs drvfs fuse.sshfs fuse.glusterfs fuse.s3fs fuse.rclone fuse.gcsfuse fuse.davfs "
    "fuse.vmhgfs-fuse fuse.grpcfuse fakeowner".split()
)

_MOUNTS = "/proc/self/mountinfo"
# What the kernel shows of itself in the shape of files: https://docs.kernel.org/filesystems/
_OF_THE_KERNEL = frozenset(
    "proc sysfs devtmpfs devpts cgroup cgroup2 securityfs debugfs tracefs configfs pstore bpf mqueue "
    "hugetlbfs fusectl efivarfs binfmt_misc selinuxfs rpc_pipefs nsfs resctrl".split()
)


@dataclass(frozen=True, slots=True)
class Side:
    """A folder in which only some `names` matter (None: all but locks), and `deep` whether those below too.
    What changes there may change what is ignored, or which commit is checked out."""

    folder: str
    names: frozenset[str] | None = None
    deep: bool = False

    def concerns(self, name: str) -> bool:
        return name in self.names if self.names is not None else bool(name) and not name.endswith(".lock")

    def joined(self, other: Side) -> Side:
        names = None if self.names is None or other.names is None else self.names | other.names
        return Side(self.folder, names, self.deep or other.deep)


def sides_of(root: str) -> list[Side]:
    """What is not among the files of `root` (a real path) and still decides about them: the commit, git's own
    ignore files, and those of the folders above it up to the top of its repository."""
    excludes = git.global_ignore_file()
    sides = [Side(os.path.dirname(excludes), frozenset((os.path.basename(excludes),)))]
    repository = git.find(root)
    if repository is None:
        return sides
    heads = frozenset(("HEAD", "packed-refs"))
    sides += [
        Side(repository.gitdir, heads),
        Side(os.path.join(repository.gitdir, "reftable")),
        Side(repository.common, heads),
        Side(os.path.join(repository.common, "reftable")),
        Side(os.path.join(repository.common, "refs", "heads"), deep=True),
        Side(os.path.join(repository.common, "info"), frozenset(("exclude",))),
    ]
    above = root
    while above != repository.top:
        above = os.path.dirname(above)
        sides.append(Side(above, frozenset(IGNORE_FILES)))
    return list(dict.fromkeys(sides))


def enters(name: str, every: bool = False) -> bool:
    """Whether a folder of this name is one in which people work. `every` is for who indexes packages too."""
    return name != ".git" and (every or by_folder_name(name) is None)


def has_rules_that_bring_back(ignore_file: str) -> bool:
    """Whether an ignore file names what would be left out: then no folder is safe to leave alone."""
    try:
        with open(ignore_file, "rb") as file:
            return any(line.startswith(b"!") for line in file.read(1 << 20).split(b"\n"))
    except OSError:
        return False


def shared_kind(root: str, mounts: str = _MOUNTS) -> str | None:
    """The kind of a file system at or below `root` that other machines write to; None where there is none."""
    at, below = _kinds(root, mounts)
    return next((kind for kind in (*below, at) if kind in _SHARED), None)


def kernel_kind(root: str, mounts: str = _MOUNTS) -> str | None:
    """The kind of the file system of `root` where the kernel makes up its files; None where it does not."""
    at, _ = _kinds(root, mounts)
    return at if at in _OF_THE_KERNEL else None


def _kinds(root: str, mounts: str) -> tuple[str, list[str]]:
    """The kind of the file system at `root`, "" where nothing says it, and those of the ones below.

    The format: https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html
    """
    try:
        with open(mounts, encoding="utf-8", errors="surrogateescape") as file:
            lines = [line.split() for line in file]
    except OSError:
        return "", []  # no Linux
    found, at = "", -1
    below: list[str] = []
    for fields in lines:
        try:
            place, kind = _unescaped(fields[4]), fields[fields.index("-") + 1]
        except (IndexError, ValueError):
            continue
        if place.startswith(root.rstrip("/") + "/"):
            below.append(kind)
        if (root == place or root.startswith(place.rstrip("/") + "/")) and len(place) >= at:
            found, at = kind, len(place)  # the innermost one, and of several at one place the last
    return found, below


def _unescaped(text: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, character)
    return text
