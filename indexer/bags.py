"""Count the words of many texts at once: texts -> Bags, a batch by column.

A file has a hundred words where it has one text. So the words of all texts are laid in one row, sorted by
text and word, and counted where they lie.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .words import Bag

_BYTES = 4  # of a word
_WORD = np.uint64(0xFFFF_FFFF)  # of a key: the text's number above, its word below

# BM25 with the length of an average chunk held constant: a word's weight must not change because
# another file did (incremental must equal a rebuild).
_K1 = 1.2
_B = 0.6
_AVERAGE_WORDS = 180.0


@dataclass(frozen=True, slots=True)
class Bags:
    """The words of text i are `ids[offsets[i]:offsets[i + 1]]` (uint32, each once), `counts` (float32) in the
    same places."""

    offsets: NDArray[np.int64]
    ids: NDArray[np.uint32]
    counts: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.offsets) - 1


def count_all(texts: Sequence[bytes]) -> Bags:
    """Count the words of each text, which come packed; those of a text ascend."""
    offsets = np.cumsum([0, *map(len, texts)]) // _BYTES
    keys, counts = np.unique(_keys(offsets, np.frombuffer(b"".join(texts), np.uint32)), return_counts=True)
    offsets = np.searchsorted(keys, np.arange(len(offsets), dtype=np.uint64) << np.uint64(32))
    return Bags(offsets, (keys & _WORD).astype(np.uint32), counts.astype(np.float32))


def together(bags: Sequence[Bag]) -> Bags:
    """Bags of single texts side by side."""
    offsets = np.cumsum([0, *(len(bag.ids) for bag in bags)])
    none = Bag(np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.float32))
    some = bags or [none]
    return Bags(offsets, np.concatenate([bag.ids for bag in some]), np.concatenate([b.counts for b in some]))


def without(bags: Bags, others: Bags) -> Bags:
    """What is left when each text loses words it has, those of the same text in `others`; a word that is lost
    altogether keeps its place, with the count 0."""
    counts = bags.counts.copy()
    lost = np.searchsorted(_keys(bags.offsets, bags.ids), _keys(others.offsets, others.ids))
    counts[lost] -= others.counts
    return Bags(bags.offsets, bags.ids, counts)


def document_weights(bags: Bags) -> NDArray[np.float32]:
    """BM25's term frequency part, to be multiplied with IDF by the store.

    Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009, eq. 3.15.
    """
    sums = np.concatenate([[0.0], np.cumsum(bags.counts, dtype=np.float64)])
    said = np.diff(sums[bags.offsets])
    lengths = (_K1 * (1 - _B + _B * said / _AVERAGE_WORDS)).astype(np.float32)
    saturated = bags.counts + np.repeat(lengths, np.diff(bags.offsets))
    weights: NDArray[np.float32] = bags.counts * np.float32(_K1 + 1) / saturated
    return weights


def _keys(offsets: NDArray[np.int64], ids: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """One number for a word in a text, in the order of the texts and of the words in them."""
    texts = np.repeat(np.arange(len(offsets) - 1, dtype=np.uint64), np.diff(offsets))
    return (texts << np.uint64(32)) | ids
