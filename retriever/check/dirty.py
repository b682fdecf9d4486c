"""A working tree -> the tracked files whose content is not what git's index has.

As git decides it: by size and time, and where those leave it open by content. git itself would run the
filters that a repository can plant, so it is only asked for what its index says.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator

from indexer import git

_SKIP_WORKTREE = 0x40000000  # a flag of an entry: the file is left out of the working tree on purpose
_ENTRY = re.compile(
    rb"(100\d{3}) ([0-9a-f]+) \d\t([^\0]+)\0"
    rb"  ctime: \d+:\d+\n  mtime: (\d+):(\d+)\n  dev: \d+\tino: \d+\n"
    rb"  uid: \d+\tgid: \d+\n  size: (\d+)\tflags: ([0-9a-f]+)\n"
)


def dirty(repository: git.Repository, root: str) -> Iterator[tuple[str, str]]:
    """Each path below `root`, changed or gone, with the blob that git's index has of it."""
    said = git.run(repository, "ls-files", "-s", "-z", "--debug", cwd=root)
    written = os.stat(os.path.join(repository.gitdir, "index")).st_mtime_ns if said else 0
    for _, blob, name, seconds, ns, size, flags in _ENTRY.findall(said):
        path = os.fsdecode(name)
        try:
            now = os.lstat(os.path.join(root, path))
        except OSError:
            if not int(flags, 16) & _SKIP_WORKTREE:
                yield path, blob.decode()
            continue
        noted = int(seconds) * 1_000_000_000 + int(ns)
        # a file written in the moment in which git noted its time may have changed after that
        same = now.st_mtime_ns == noted < written and now.st_size & 0xFFFFFFFF == int(size)
        if not same and _blob_of(os.path.join(root, path), len(blob)) != blob.decode():
            yield path, blob.decode()


def _blob_of(place: str, length: int) -> str:
    """The id that git gives the content of a file, "" for what cannot be read."""
    if os.path.islink(place) or not os.path.isfile(place):
        return ""
    try:
        with open(place, "rb") as file:
            raw = file.read()
    except OSError:
        return ""
    digest = hashlib.sha256 if length > 40 else hashlib.sha1
    return digest(b"blob %d\0" % len(raw) + raw, usedforsecurity=False).hexdigest()
