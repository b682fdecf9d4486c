"""Words -> dense vectors by looking them up: the model that ships with Cairn.

The vector of a text is the sum of its words' vectors, each times its count to the power of 2/3,
brought to length 1. The words are those of `indexer.words`, so one count of a text feeds both its vectors.
How the model was made: docs/model-card.md; its files: packed.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from ..bags import Bags, count_all, together
from ..words import WORDS_VERSION, packed, query_bag
from . import ENCODED_BYTES, Matrix, Side
from .packed import digest_of, load

MODEL_VERSION = "3"  # a new model is a new fingerprint, hence a new collection
MODEL = Path(__file__).parent / "model"

_BLOCK = 512  # rows gathered at a time: 512 KB as float32, which stays in the processor's cache


class StaticEmbedder:
    """Reads a packed model; its files are mapped, so processes share them.

    Unknown words count for nothing, or share the model's buckets where it has them.
    """

    costly = False

    def __init__(self, model: Path = MODEL) -> None:
        self.folder = model
        self._model = load(model)
        self.dimensions: int = self._model.rows.shape[1]
        which = MODEL_VERSION if model.resolve() == MODEL.resolve() else digest_of(model)
        self.fingerprint = f"cairn-static-{which}-{WORDS_VERSION}-{self.dimensions}"

    def __reduce__(self) -> tuple[type[StaticEmbedder], tuple[Path]]:
        """A worker opens the same files and shares their pages, rather than being sent 13 MB."""
        return StaticEmbedder, (self.folder,)

    def encode(self, texts: Sequence[str], side: Side = "document") -> Matrix:
        return self.encode_bags(bags_of(texts, side))

    def encode_bags(self, bags: Bags) -> Matrix:
        """Encode texts whose words are already counted."""
        matrix = np.zeros((len(bags), self.dimensions), dtype=np.float32)
        places, factors, offsets = self._model.look_up(bags)
        factors *= self._model.scales[places]
        ends = offsets.tolist()
        for first, last in _blocks(ends):
            start = ends[first]
            rows = self._model.rows.take(places[start : ends[last]], axis=0).astype(np.float32)
            for i in range(first, last):
                a, b = ends[i], ends[i + 1]
                np.dot(factors[a:b], rows[a - start : b - start], out=matrix[i])
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
        np.divide(matrix, lengths, out=matrix, where=lengths > 0)
        return matrix


def bags_of(texts: Sequence[str], side: Side = "document") -> Bags:
    """The words of each text as the model counts them."""
    if side == "query":
        return together([query_bag(text) for text in texts])
    return count_all([packed(_seen(text)) for text in texts])


def _seen(text: str) -> str:
    """What an encoder sees of a text; a cut inside a character drops that character."""
    if len(text) * 4 <= ENCODED_BYTES:
        return text
    return text.encode("utf-8", "surrogatepass")[:ENCODED_BYTES].decode("utf-8", "ignore")


def _blocks(ends: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Cut bags into runs of about `_BLOCK` words; a run is at least one bag."""
    first = 0
    for last in range(1, len(ends)):
        if last == len(ends) - 1 or ends[last + 1] - ends[first] > _BLOCK:
            yield first, last
            first = last
