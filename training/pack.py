"""Words and their weighted vectors -> the files that `indexer.embed.static` maps into memory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.embed.static import ROWS, SCALES, WORDS


def pack(words: Sequence[str], vectors: NDArray[np.float32], out: Path) -> None:
    """Write `words` in the order of their crc32, rows as int8 and the factor that restores each."""
    ids = np.array([crc32(word.encode("utf-8", "replace")) for word in words], dtype=np.uint32)
    ids, first = np.unique(ids, return_index=True)  # of two words with one crc32 the first stays
    vectors = vectors[first]
    largest = np.maximum(np.abs(vectors).max(axis=1), 1e-12)
    rows = np.rint(vectors * (127 / largest)[:, None]).astype(np.int8)
    out.mkdir(parents=True, exist_ok=True)
    for name, column in ((WORDS, ids), (ROWS, rows), (SCALES, (largest / 127).astype(np.float32))):
        _replace(out / name, column)


def _replace(path: Path, column: NDArray[Any]) -> None:
    """Write beside and rename: a process that has the old file mapped keeps it."""
    beside = path.with_suffix(".part.npy")
    np.save(beside, column)
    beside.replace(path)
