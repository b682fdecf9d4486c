"""Read what searches of a repository will ask for before anybody asks: rows, heads and names.

What is kept of them (kept.py, heads.py) a search need not read: a quarter of its work in a new process.
"""

from __future__ import annotations

from collections.abc import Iterator

from indexer.store.catalog import Catalog

from .heads import has_room, read_heads
from .kept import MOST_CHUNKS, MOST_REPOS, Kept
from .standing import is_aside
from .used import NamesOf

_STEP = 8  # chunks: half a millisecond, for which a search may have to wait


def read_ahead(catalog: Catalog, kept: Kept, names_of: NamesOf) -> Iterator[None]:
    """Read the repositories that changed last, a step each time, as much of all as may be kept of one.
    Raises NotFound when one is removed meanwhile."""
    left = MOST_CHUNKS
    for repo in sorted(catalog.repos(), key=lambda repo: -(repo.synced_at or 0.0))[:MOST_REPOS]:
        kept.expect_changes(repo)
        files = catalog.files(repo)
        # Answers are mostly code, and there is less room for heads than for rows.
        for file in sorted(files, key=lambda file: is_aside(file.path, file.kind)):
            rows = catalog.chunks_of(file.id)
            if rows:
                names_of([file.id])
            for start in range(0, len(rows), _STEP):
                now, part = catalog.repo(repo.name), rows[start : start + _STEP]
                left -= len(part)
                if left < 0 or not kept.add(now, part):
                    return
                if has_room():
                    found = catalog.heads_in([row.nr for row in part])
                    read_heads([head for heads in found.values() for head in heads])
                yield
            yield
