"""Two stores and chunk ids -> the points that are not the same in both, bit for bit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..store import Stored, Vectors

_PAGE = 256  # points in memory at a time, from each store


def different(live: Vectors, fresh: Vectors, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(id, what differs) of those of `ids` that both stores hold otherwise."""
    for start in range(0, len(ids), _PAGE):
        page = ids[start : start + _PAGE]
        have, want = live.stored(page), fresh.stored(page)
        for id_ in page:
            if id_ in have and id_ in want and (what := _difference(have[id_], want[id_])):
                yield id_, what


def _difference(have: Stored, want: Stored) -> str:
    """The halves of a point that differ, "" for none."""
    found = []
    if have.dense.tobytes() != want.dense.tobytes():
        found.append("dense vector")
    if not np.array_equal(have.indices, want.indices) or have.values.tobytes() != want.values.tobytes():
        found.append("sparse vector")
    if dict(have.payload) != dict(want.payload):
        found.append("payload")
    return " and ".join(found)
