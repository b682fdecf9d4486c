"""Read what definitions say of themselves: a head's words and its meaning, kept for the next question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.embed.static import StaticEmbedder
from indexer.store.catalog import HeadRow

from .packed import Stems, pack_text

_KEPT = 16_384  # heads, some 18 MB: those of the files that are asked about; then start afresh


class Said(NamedTuple):
    """The vector of name and signature as float16, the stems of the signature and of the comment."""

    meaning: bytes
    signature: Stems
    doc: Stems


_KNOWN: dict[tuple[str, str, str], Said] = {}


def read_heads(heads: Sequence[HeadRow]) -> list[Said]:
    """What each head says, in their order."""
    keys = [(head.qualname, head.signature, head.doc) for head in heads]
    said = {key: _KNOWN.get(key) for key in keys}
    if new := [key for key, known in said.items() if known is None]:
        texts = [f"{name} {signature}" for name, signature, _ in new]
        if len(_KNOWN) + len(new) > _KEPT:
            _KNOWN.clear()
        for key, vector in zip(new, model().encode(texts).astype(np.float16), strict=True):
            said[key] = _KNOWN[key] = Said(vector.tobytes(), pack_text(key[1]), pack_text(key[2]))
    return [one for key in keys if (one := said[key])]


def nearness(question: str, heads: Sequence[Said]) -> NDArray[np.float64]:
    """The cosine of each head with a question, by the model that ships, whatever embeds the chunks."""
    asked = model().encode([question], "query")[0]
    meanings = np.frombuffer(b"".join([head.meaning for head in heads]), np.float16)
    near: NDArray[np.float32] = meanings.reshape(-1, len(asked)) @ asked
    return near.astype(np.float64)


@cache
def model() -> StaticEmbedder:
    """The model that ships, whatever embeds the chunks: looking up a dozen words costs nothing."""
    return StaticEmbedder()
