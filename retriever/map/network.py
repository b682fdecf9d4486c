"""Turn a repository into a network of its files and definitions, and ask how central each of them is.

The network is made once for each generation and holds numbers only, about a hundred bytes for each
definition and each edge; whatever is asked is a few dozen products of its matrix with a vector.
"""

from __future__ import annotations

import gc
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.store.catalog import Catalog, FileRow, RepoRow

from .edges import Meanings
from .ground import Definition, Ground

Scores = NDArray[np.float64]
Nodes = NDArray[np.int32]

# Where the attention of a node goes: to what it uses, to what it stands in, to what stands in it, to what
# uses it. What a node does not have falls to the others.
_USES, _AROUND, _INSIDE, _USED_BY = 0.4, 0.15, 0.25, 0.2
_PRIVATE = 0.3  # of a share among the members of a class or file: what others are not meant to use
_VALUE = 0.3  # a constant or a field says less than a function
FAR, NEAR = 0.85, 0.6  # the chance to follow an edge and not to begin anew; who has a focus stays near it
_ENOUGH = 1e-7  # change in a step
_STEPS = 60
_FUNCTIONS = frozenset({"function", "method"})
_VALUES = frozenset({"constant", "field", "type", "macro", "section"})


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes are files, in the order of their paths, then definitions, by file and line. `parent` is the
    class or the file that a definition stands in. Edges lead from `source` to `target`; the weights of
    those from one node sum to 1."""

    repo: int
    generation: int
    files: tuple[FileRow, ...]
    aside: NDArray[np.bool_]  # of each node: in a file that is about the code
    file: Nodes  # of each node, as an index of `files`
    ids: NDArray[np.int64]  # of each node, in the catalog
    start: Nodes  # of each node: its first line, 0 for a file
    end: Nodes
    first: Nodes  # of each file: the node of its first definition; and the end
    parent: Nodes
    worth: Scores  # of each node: what a definition of its kind is worth as a line of the map
    source: Nodes
    target: Nodes
    weight: NDArray[np.float32]

    def rank(self, begin: Scores, stay: float = FAR) -> Scores:
        """Personalised PageRank: how often a walk that begins (anew) by `begin` is at each node."""
        begin = begin / begin.sum()
        scores = begin
        dead = np.bincount(self.source, self.weight, len(begin)) < 0.5
        for _ in range(_STEPS):
            moved = np.bincount(self.target, self.weight * scores[self.source], len(begin))
            new = stay * (moved + scores[dead].sum() * begin) + (1 - stay) * begin
            change = float(np.abs(new - scores).sum())
            scores = new
            if change < _ENOUGH:
                break
        return scores

    def members(self, file: int) -> range:
        """The nodes of a file's definitions, by line."""
        return range(int(self.first[file]), int(self.first[file + 1]))

    def file_at(self, path: str) -> int | None:
        """The node of a file, which is also its place in `files`."""
        n = bisect_left(self.files, path, key=lambda file: file.path)
        return n if n < len(self.files) and self.files[n].path == path else None

    def node_at(self, path: str, line: int) -> int | None:
        """The innermost definition around a line of a file, else the file."""
        file = self.file_at(path)
        if file is None or line < 1:
            return file
        inside = [n for n in self.members(file) if self.start[n] <= line <= self.end[n]]
        return inside[-1] if inside else file


def network_of(catalog: Catalog, repo: RepoRow) -> Network:
    """Read a repository and put it together."""
    # Half a million small tuples that all stay: to look for garbage among them takes a third of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _made(catalog, repo)
    finally:
        if collecting:
            gc.enable()
            gc.collect()  # the facts hold each other: without this they stay for an unknown while


def _made(catalog: Catalog, repo: RepoRow) -> Network:
    ground = Ground(catalog, repo)
    place = {file.id: n for n, file in enumerate(ground.files)}
    shown = _outlined(ground.definitions)
    number = {one.id: len(place) + n for n, one in enumerate(shown)}
    named: dict[tuple[int, str], int] = {}
    for one in shown:
        named.setdefault((one.file, one.qualname), number[one.id])
    owner = [
        place[one.file] if "." not in one.qualname else _around(one.file, one.qualname, named, place)
        for one in shown
    ]
    parent = np.array([*range(len(place)), *owner], np.int32)
    worth = np.array([1.0] * len(place) + [_worth(one) for one in shown])
    source, target, weight = _edges(ground, number, named, place, parent, worth)
    file = np.array([*range(len(place)), *(place[one.file] for one in shown)], np.int32)
    aside = np.array([one.id in ground.aside for one in ground.files], bool)
    return Network(
        repo=repo.id,
        generation=repo.generation,
        files=tuple(ground.files),
        aside=aside[file] if len(file) else aside,
        file=file,
        ids=np.array([*place, *(one.id for one in shown)], np.int64),
        start=np.array([0] * len(place) + [one.start for one in shown], np.int32),
        end=np.array([0] * len(place) + [one.end for one in shown], np.int32),
        first=(len(place) + np.searchsorted(file[len(place) :], np.arange(len(place) + 1))).astype(np.int32),
        parent=parent,
        worth=worth,
        source=source,
        target=target,
        weight=weight,
    )


def _outlined(definitions: list[Definition]) -> list[Definition]:
    """Less what is local to a function, and what stands twice."""
    functions = {(one.file, one.qualname) for one in definitions if one.kind in _FUNCTIONS}
    return [one for one in definitions if not _is_local(one, functions)]


def _is_local(one: Definition, functions: set[tuple[int, str]]) -> bool:
    outer = one.qualname
    while "." in outer:
        outer = outer.rpartition(".")[0]
        if (one.file, outer) in functions:
            return True
    return False


def _around(file: int, qualname: str, named: dict[tuple[int, str], int], place: dict[int, int]) -> int:
    """The innermost definition that holds a qualified name, else its file."""
    while "." in qualname:
        qualname = qualname.rpartition(".")[0]
        found = named.get((file, qualname))
        if found is not None:
            return found
    return place[file]


def _worth(one: Definition) -> float:
    private = one.name.startswith("_") and not one.name.endswith("__")
    return (_PRIVATE if private else 1.0) * (_VALUE if one.kind in _VALUES else 1.0)


def _edges(
    ground: Ground,
    number: dict[int, int],
    named: dict[tuple[int, str], int],
    place: dict[int, int],
    parent: Nodes,
    worth: Scores,
) -> tuple[Nodes, Nodes, NDArray[np.float32]]:
    meanings = Meanings(ground)
    uses: dict[tuple[int, int], float] = defaultdict(float)
    for use in ground.uses:
        found = meanings.of(use)
        if found:
            user = named.get((use.file, use.scope)) if use.scope else place[use.file]
            if user is None:
                user = _around(use.file, use.scope, named, place)
            for id_, weight in found:
                used = number.get(id_) if id_ > 0 else place.get(-id_)
                if used is not None and used != user:
                    uses[user, used] += weight
    size = len(parent)
    joined = sorted(uses)  # sums of floats depend on their order
    pairs = np.array(joined, np.int32).reshape(-1, 2)
    users, useds = pairs[:, 0], pairs[:, 1]
    strength = np.sqrt(np.array([uses[pair] for pair in joined], np.float64))
    child = np.arange(size, dtype=np.int32)[parent != np.arange(size)]
    above = parent[child]
    parts = (
        (_USES, users, useds, strength),
        (_AROUND, child, above, np.ones(len(child))),
        (_INSIDE, above, child, worth[child]),
        (_USED_BY, useds, users, strength),
    )
    return _mixed(parts, size)


def _mixed(
    parts: Sequence[tuple[float, Nodes, Nodes, Scores]], size: int
) -> tuple[Nodes, Nodes, NDArray[np.float32]]:
    """One matrix of several kinds of edges, each with its share of what a node gives."""
    sums = [np.bincount(source, weight, size) for _, source, _, weight in parts]
    total: Scores = np.zeros(size)
    for (share, *_), found in zip(parts, sums, strict=True):
        total += share * (found > 0)
    weights = [
        share * weight / sums[n][source] / total[source] for n, (share, source, _, weight) in enumerate(parts)
    ]
    source = np.concatenate([part[1] for part in parts]).astype(np.int32)
    target = np.concatenate([part[2] for part in parts]).astype(np.int32)
    order = np.lexsort((source, target))
    return source[order], target[order], np.concatenate(weights).astype(np.float32)[order]
