"""Words -> dense vectors by looking them up: the model that ships with Cairn.

The vector of a text is the sum of its words' vectors, each times 1 + log of its count, brought to
length 1. The words are those of `indexer.words`, so one count of a text feeds both its vectors.
How the model was made: docs/model-card.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import IndexDamaged
from ..words import WORDS_VERSION, Bag, as_bag, count, query_bag
from . import ENCODED_BYTES, Matrix, Side

MODEL_VERSION = "2"  # a new model is a new fingerprint, hence a new collection
MODEL = Path(__file__).parent / "model"
WORDS, ROWS, SCALES = "words.npy", "rows.npy", "scales.npy"
_TYPES = ("<u4", "|i1", "<f4")

_BLOCK = 2048  # rows gathered at a time: 2 MB as float32, which stays in the processor's cache


class StaticEmbedder:
    """Reads a model packed by training/pack.py; its files are mapped, so processes share them.

    `words` are crc32 values in ascending order; `rows` holds an int8 vector for each, `scales` the
    factor that restores its weighted length. Unknown words count for nothing.
    """

    costly = False

    def __init__(self, model: Path = MODEL) -> None:
        self._model = model
        self._words, self._rows, self._scales = _load(model)
        self.dimensions: int = self._rows.shape[1]
        self.fingerprint = f"cairn-static-{MODEL_VERSION}-{WORDS_VERSION}-{self.dimensions}"

    def __reduce__(self) -> tuple[type[StaticEmbedder], tuple[Path]]:
        """A worker opens the same files and shares their pages, rather than being sent 13 MB."""
        return StaticEmbedder, (self._model,)

    def encode(self, texts: Sequence[str], side: Side = "document") -> Matrix:
        if side == "query":
            return self.encode_bags([query_bag(text) for text in texts])
        return self.encode_bags([as_bag(count(_seen(text))) for text in texts])

    def encode_bags(self, bags: Sequence[Bag]) -> Matrix:
        """Encode texts whose words are already counted."""
        matrix = np.zeros((len(bags), self.dimensions), dtype=np.float32)
        places, factors, ends = self._look_up(bags)
        for first, last in _blocks(ends):
            start = ends[first]
            rows = self._rows[places[start : ends[last]]].astype(np.float32)
            for i in range(first, last):
                a, b = ends[i], ends[i + 1]
                np.dot(factors[a:b], rows[a - start : b - start], out=matrix[i])
        lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
        np.divide(matrix, lengths, out=matrix, where=lengths > 0)
        return matrix

    def _look_up(self, bags: Sequence[Bag]) -> tuple[NDArray[np.intp], NDArray[np.float32], list[int]]:
        """The row and the factor of each known word, and where in them each bag's words end."""
        if not bags:
            return np.zeros(0, np.intp), np.zeros(0, np.float32), [0]
        ids = np.concatenate([words.ids for words in bags])
        counts = np.concatenate([words.counts for words in bags])
        places = np.minimum(np.searchsorted(self._words, ids), len(self._words) - 1)
        known = self._words[places] == ids
        ends = np.concatenate([[0], np.cumsum([len(words.ids) for words in bags])])
        before = np.concatenate([[0], np.cumsum(known)])
        places = places[known]
        factors = (1 + np.log(counts[known])) * self._scales[places]
        return places, factors.astype(np.float32), before[ends].tolist()


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


def _load(model: Path) -> tuple[NDArray[np.uint32], NDArray[np.int8], NDArray[np.float32]]:
    words, rows, scales = (_map(model / name) for name in (WORDS, ROWS, SCALES))
    fits = (
        (words.dtype.str, rows.dtype.str, scales.dtype.str) == _TYPES
        and (words.ndim, rows.ndim, scales.ndim) == (1, 2, 1)
        and len(words) == len(rows) == len(scales) > 0
    )
    if not fits or not (words[1:] > words[:-1]).all() or not np.isfinite(scales).all():
        raise IndexDamaged(f"the files in {model} are not one static model; {_MEND}")
    return words, rows, scales


_MEND = "install cairn-context again, or name another embedding model in the settings"


def _map(path: Path) -> NDArray[Any]:
    try:
        # Plain ndarray over the map: np.memmap's own indexing costs a Python call for each slice.
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamaged(f"the embedding model's file {path} cannot be read ({error}); {_MEND}") from error
