"""A service -> what there is to say of its editions: who answers, what is built, kept and left over."""

from __future__ import annotations

import time

from indexer.store.catalog import Catalog
from indexer.store.editions import Edition, read_editions

from .leftovers import leftovers, size_of
from .service import Service
from .wire import Json, of_time


def state_of(service: Service) -> Json:
    """Everything, with sizes: looks at every file of every index."""
    said = read_editions(service.data)
    current = service.current.edition
    progress = progress_of(service)
    return {
        "current": _of_edition(service, current),
        "since": of_time(said.since if said else time.time()),
        "previous": _of_edition(service, said.previous) if said and said.previous else None,
        "building": _of_edition(service, said.building) if said and said.building else None,
        "progress": {"done": progress[0], "total": progress[1]} if progress else None,
        "wish": service.wish,
        "advice": service.advice,
        "declined": said.declined if said else None,
        "leftovers": [
            {
                "edition": one.digest,
                "fingerprint": one.edition.fingerprint if one.edition else None,
                "bytes": one.bytes,
            }
            for one in leftovers(service.data)
        ],
    }


def progress_of(service: Service) -> tuple[int, int] | None:
    """Files built and to be built, in whichever process that happens; None when none is building."""
    said = read_editions(service.data)
    if said is None or said.building is None:
        return None
    total = _files(service.catalog)
    path = service.data.catalog(said.building.fingerprint)
    if not path.exists():
        return 0, total
    catalog = Catalog(path)
    try:
        return min(_files(catalog), total), total
    finally:
        catalog.close()


def _files(catalog: Catalog) -> int:
    return sum(len(catalog.files(repo)) for repo in catalog.repos())


def _of_edition(service: Service, edition: Edition) -> Json:
    return {
        "edition": edition.digest,
        "fingerprint": edition.fingerprint,
        "embedder": edition.embedder,
        "bytes": size_of(service.data, edition),
    }
