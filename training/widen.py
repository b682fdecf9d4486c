"""A model -> the same model with rows for the words that it does not know.

All words outside the vocabulary share these rows, each by its crc32. A row is a random direction, near to
nothing else: it says no more than that two texts hold the same rare word, which is what it is for.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from indexer.embed.packed import load, pack

BUCKETS = 8192  # of 256 bytes: what 16 MB of package data leave beside 50,000 words


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("start", type=Path, help="a model's folder")
    options.add_argument("out", type=Path, help="folder for the wider model")
    options.add_argument("--buckets", type=int, default=BUCKETS)
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    widen(given.start, given.out, given.buckets, given.seed)


def widen(start: Path, out: Path, buckets: int = BUCKETS, seed: int = 1) -> None:
    """Write `start` to `out`; buckets that it has already are replaced."""
    model = load(start)
    known = model.rows[: len(model.words)] * model.scales[: len(model.words), None]
    directions = np.random.default_rng(seed).standard_normal((buckets, known.shape[1]), dtype=np.float32)
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    pack(model.words, np.concatenate([known, directions]), out)


if __name__ == "__main__":
    main()
