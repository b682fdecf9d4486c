"""A dense vector without a model: words thrown into a fixed number of random directions.

For tests and for a first run where no model can be had. Deterministic on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..words import as_bag, count
from . import Matrix, Side


class HashedEmbedder:
    """Each word adds +1 or -1 to one of `dimensions` places, chosen by its hash."""

    costly = False

    def __init__(self, dimensions: int = 64) -> None:
        self.dimensions = dimensions
        self.fingerprint = f"hashed-{dimensions}"

    def encode(self, texts: Sequence[str], side: Side = "document") -> Matrix:
        matrix = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(matrix, texts, strict=True):
            words = as_bag(count(text))
            signs = np.where(words.ids >> 16 & 1, 1, -1) * (1 + np.log(words.counts))
            np.add.at(row, words.ids % self.dimensions, signs)
            length = np.linalg.norm(row)
            if length:
                row /= length
        return matrix
