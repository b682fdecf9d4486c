"""One writer per repository, among all processes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import IndexBusy
from .store.schema import DataDir, digest_of


@contextmanager
def writing_lock(data: DataDir, repo: str) -> Iterator[None]:
    """Hold the repository's lock, which ends with the process that holds it. Raises IndexBusy."""
    data.locks.mkdir(parents=True, exist_ok=True)
    path = data.locks / f"{digest_of(repo)}.lock"
    with open(path, "a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            owner = file.read().strip() or "another process"
            raise IndexBusy(
                f"{repo} is being indexed by {owner}; wait for it, or stop it and run this again"
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield
