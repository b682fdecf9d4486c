"""Which of the best files the other ones use: a name that only one of them defines leads to it.

Where several files speak of a thing, those that only use it use names of the one that does it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.store.catalog import Catalog

LOOKED_AT = 20  # files: fewer see less of the topic, more are about something else
_KEPT = 4_000  # files whose names are kept, some 1.5 kB each
_SHORTEST = 3  # letters of a name that leads anywhere


class Names(NamedTuple):
    """The names that a file defines and those it mentions, each once and without the shortest; by their
    hashes, ascending, of which at 64 bits no two meet by chance."""

    defined: NDArray[np.int64]
    mentioned: NDArray[np.int64]


NamesOf = Callable[[Sequence[int]], Mapping[int, Names]]


def hashed(names: Iterable[str]) -> NDArray[np.int64]:
    return np.sort(np.array([hash(name) for name in names], dtype=np.int64))


def users(files: Sequence[Names]) -> NDArray[np.float64]:
    """For each of the best files, how many of the others use a name that only it defines, as a share of
    LOOKED_AT."""
    uses = np.zeros((len(files), len(files)), dtype=bool)  # by row: who uses a file
    defined, definer = _with_file([file.defined for file in files])
    mentioned, user = _with_file([file.mentioned for file in files])
    names, places, times = np.unique(defined, return_index=True, return_counts=True)
    names, owner = names[times == 1], definer[places[times == 1]]
    if len(names):
        nearest = np.minimum(np.searchsorted(names, mentioned), len(names) - 1)
        known = names[nearest] == mentioned
        uses[owner[nearest[known]], user[known]] = True
    np.fill_diagonal(uses, False)
    shares: NDArray[np.float64] = uses.sum(axis=1) / LOOKED_AT
    return shares


def _with_file(names: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The names of several files in a row, and which file each is of."""
    return np.concatenate(names), np.repeat(np.arange(len(names)), [len(own) for own in names])


class NamesInFiles:
    """Reads the names of files from a catalog and keeps them as long as the files stay the same."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._kept: dict[str, Names] = {}

    def __call__(self, files: Sequence[int]) -> dict[int, Names]:
        marks = ",".join("?" * len(files))
        # By digest: an id may come to be another file's.
        rows = self._catalog.select(f"SELECT id, digest || language FROM files WHERE id IN ({marks})", *files)
        digests = dict[int, str](rows)
        found = {file: self._kept[digest] for file, digest in digests.items() if digest in self._kept}
        for file, names in self._read([file for file in digests if file not in found]).items():
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            found[file] = self._kept[digests[file]] = names
        return found

    def _read(self, files: Sequence[int]) -> dict[int, Names]:
        if not files:
            return {}
        marks = ",".join("?" * len(files))
        names: dict[str, dict[int, list[str]]] = {}
        for table in ("symbols", "refs"):
            names[table] = {file: [] for file in files}
            sql = f"SELECT DISTINCT file, name FROM {table} WHERE file IN ({marks})"
            for file, name in self._catalog.select(sql, *files):
                if len(name) >= _SHORTEST:
                    names[table][file].append(name)
        return {file: Names(hashed(names["symbols"][file]), hashed(names["refs"][file])) for file in files}
