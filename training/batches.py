"""Pairs on disk -> batches whose wrong answers are hard.

A batch comes from one repository where that has enough pairs, for that is where a search has to tell
the right chunk from the others; it takes several pairs of one file, and no two with the same answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from indexer.embed.packed import Packed, frequency

from .pair import KINDS

_FROM_ONE_FILE = 4
HELD_OUT = 50  # one file in so many is never trained on: tells when training starts to memorise

Features = dict[str, torch.Tensor]
Index = NDArray[np.int64]


class Pairs:
    """The columns that pairs.save wrote, with the rows their words have in a model."""

    def __init__(self, path: Path, model: Packed) -> None:
        data = np.load(path)
        self.question, self.answer = (_Bags(data, side, model) for side in ("question", "answer"))
        self.kind = np.array(KINDS)[data["kind"]]
        self.about: NDArray[np.int32] = data["about"]
        self.source: NDArray[np.int32] = data["source"]
        self.names, self.repository = np.unique(data["repository"], return_inverse=True)
        self.usable: Index = np.flatnonzero(np.minimum(self.question.sizes, self.answer.sizes) > 0)

    def features(self, batch: Index, dropped: float = 0) -> list[Features]:
        """What StaticModule makes of the questions and of the answers; some words are left out."""
        return [side.take(batch, dropped) for side in (self.question, self.answer)]

    def distinct(self, batch: Index) -> Index:
        """The batch without pairs whose answer another one has, too."""
        return batch[np.sort(np.unique(self.about[batch], return_index=True)[1])]


def batches(
    pairs: Pairs, chosen: Index, size: int, mixed: float, chance: np.random.Generator
) -> Iterator[Index]:
    """One epoch: the pairs of each file in small groups, the groups of a repository in batches. Of each
    repository's pairs a share `mixed` goes into batches of all repositories."""
    group = _groups(pairs.source[chosen], chance)
    shared = chance.random(group.max() + 1)[group] < mixed
    common = np.where(shared, -1, pairs.repository[chosen])
    order = np.lexsort((chance.permutation(group.max() + 1)[group], common))
    cut, left = [], []
    for run in np.split(order, np.flatnonzero(np.diff(common[order])) + 1):
        whole = len(run) // size * size
        cut += [run[i : i + size] for i in range(0, whole, size)]
        left.append(run[whole:])
    rest = np.concatenate(left)
    rest = rest[np.argsort(chance.permutation(group.max() + 1)[group[rest]], kind="stable")]
    cut += [rest[i : i + size] for i in range(0, len(rest) // size * size, size)]
    for place in chance.permutation(len(cut)):
        yield pairs.distinct(chosen[cut[place]])


def _groups(source: NDArray[np.int32], chance: np.random.Generator) -> Index:
    """A number for each pair; up to _FROM_ONE_FILE of one file have the same."""
    order = chance.permutation(len(source))
    order = order[np.argsort(source[order], kind="stable")]
    places = np.arange(len(order))
    first = np.concatenate([[True], np.diff(source[order]) != 0])
    nth = places - np.maximum.accumulate(np.where(first, places, 0))
    group = np.empty(len(source), dtype=np.int64)
    group[order] = np.cumsum(nth % _FROM_ONE_FILE == 0) - 1
    return group


class _Bags:
    def __init__(self, data: Any, side: str, model: Packed) -> None:
        words, ends = data[f"{side}_words"], np.concatenate([[0], data[f"{side}_ends"]])
        places = np.minimum(np.searchsorted(model.words, words), len(model.words) - 1)
        unknown = model.words[places] != words
        buckets = len(model.rows) - len(model.words)
        places[unknown] = len(model.words) + words[unknown] % np.uint32(max(buckets, 1))
        known = places < len(model.rows)
        self.rows = places[known].astype(np.int32)
        self.factors = frequency(data[f"{side}_counts"][known].astype(np.float32))
        self.starts = np.concatenate([[0], np.cumsum(known)])[ends]
        self.sizes = np.diff(self.starts)

    def take(self, batch: Index, dropped: float) -> Features:
        offsets = np.concatenate([[0], np.cumsum(self.sizes[batch])])
        places = np.arange(offsets[-1]) + np.repeat(self.starts[batch] - offsets[:-1], self.sizes[batch])
        factors = torch.from_numpy(self.factors[places])
        if dropped:
            factors = factors * (torch.rand(len(factors)) >= dropped)
        rows = torch.from_numpy(self.rows[places].astype(np.int64))
        return {"rows": rows, "factors": factors, "offsets": torch.from_numpy(offsets[:-1])}
