"""The seam of dense vectors: texts -> one matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Side = Literal["document", "query"]
Matrix = NDArray[np.float32]

ENCODED_BYTES = 8192  # an encoder sees the first 8 KB of a chunk; more is a data line, not code
_NAMES = 8  # that a chunk defines; the rest stands in its text


class Embedder(Protocol):
    """Turns texts into unit vectors.

    `fingerprint` names model and dimensions; a different one is a different collection. `costly`
    says that encoding is worth caching by digest and must not run in parallel workers.
    """

    fingerprint: str
    dimensions: int
    costly: bool

    def encode(self, texts: Sequence[str], side: Side = "document") -> Matrix:
        """Return float32 of shape (len(texts), dimensions), rows of length 1 (or 0 for no words).

        Raises EmbeddingFailed when the model or its endpoint refuses.
        """
        ...


def encoder_text(scope: str, defines: Sequence[str], text: str) -> str:
    """What a text encoder sees: the names around, then the text. No path: a rename embeds nothing."""
    head = " ".join(filter(None, (scope, *defines[:_NAMES])))
    whole = f"{head}\n{text}" if head else text
    return whole.encode("utf-8", "replace")[:ENCODED_BYTES].decode("utf-8", "ignore")
