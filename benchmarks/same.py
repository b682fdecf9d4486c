"""An index and its files -> what it says that one built from nothing does not, and the other way round."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from api.service import Service
from api.settings import Settings

from .processes import end_keeper

_SHOWN = 10  # of each kind


def differences(data: Path, scratch: Path, root: Path) -> list[str]:
    """Compare the index of `root` in `data` with a new one in `scratch`; the keepers of both are ended."""
    end_keeper(scratch)
    shutil.rmtree(scratch, ignore_errors=True)
    found, wanted = _content(data, root, build=False), _content(scratch, root, build=True)
    told = []
    for kind in wanted:
        more, less = sorted(found[kind] - wanted[kind]), sorted(wanted[kind] - found[kind])
        told += [f"{kind}: only in the index that followed: {one}" for one in more[:_SHOWN]]
        told += [f"{kind}: missing in the index that followed: {one}" for one in less[:_SHOWN]]
    return told


def _content(data: Path, root: Path, build: bool) -> dict[str, set[Any]]:
    service = Service(Settings.load(data=data))
    try:
        repo, _ = service.add_repo(root)
        if build:
            service.sync(repo)
            repo = service.named(repo.name)
        catalog = service.catalog
        files = catalog.files(repo)
        return {
            "files": {(path, known.digest) for path, known in catalog.known(repo).items() if known.id},
            "skipped": {(path, reason) for path, reason, _ in catalog.skipped(repo)},
            "chunks": {(c.path, c.start, c.end, c.id) for f in files for c in catalog.chunks_of(f.id)},
            "points": set(service.vectors.ids(repo.name)),
            "commit": {repo.commit},
        }
    finally:
        service.close()
        end_keeper(data)
