"""Which of the best files the other ones use: a name that only one of them defines leads to it.

Where several files speak of a thing, those that only use it use names of the one that does it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from sys import intern
from typing import NamedTuple

from indexer.store.catalog import Catalog

LOOKED_AT = 20  # files: fewer see less of the topic, more are about something else
_KEPT = 4_000  # files whose names are kept, some 4 kB each
_SHORTEST = 3  # letters of a name that leads anywhere


class Names(NamedTuple):
    """The names that a file defines and those it mentions, without the shortest."""

    defined: frozenset[str]
    mentioned: frozenset[str]


NamesOf = Callable[[Sequence[int]], Mapping[int, Names]]


def users(files: Sequence[Names]) -> list[float]:
    """For each of the best files, how many of the others use a name that only it defines, as a share of
    LOOKED_AT."""
    seen: set[str] = set()
    shared: set[str] = set()
    for file in files:
        shared |= seen & file.defined
        seen |= file.defined
    owner: dict[str, int] = {}
    for n, file in enumerate(files):
        owner.update(dict.fromkeys(file.defined - shared, n))
    found = [0] * len(files)
    for n, file in enumerate(files):
        for used in {owner[name] for name in file.mentioned & owner.keys()} - {n}:
            found[used] += 1
    return [n / LOOKED_AT for n in found]


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
                    names[table][file].append(intern(name))
        return {
            file: Names(frozenset(names["symbols"][file]), frozenset(names["refs"][file])) for file in files
        }
