"""Compare what definitions say of themselves with a question; what was read of them is kept for the next."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.embed.static import StaticEmbedder
from indexer.store.catalog import HeadRow

from .packed import Stems, pack, pack_text, said_by_each, sizes_of
from .question import Question

_KEPT = 65_536  # heads, some 60 MB: Django has 43,812
_AHEAD = 0.75  # of them may be read before they are asked for
_DROPPED = 0.125  # of them, the oldest, when there is no room


class Said(NamedTuple):
    """What a head says of a question: its cosine, and how many of the stems signature and comment say."""

    near: float
    signature: int
    doc: int


class _Head(NamedTuple):
    """The vector of name and signature as float16, the stems of the signature and of the comment."""

    meaning: bytes
    signature: Stems
    doc: Stems


_KNOWN: dict[int, _Head] = {}  # by the hash of what is read, of which at 64 bits no two meet by chance


def compare(question: Question, heads: Sequence[HeadRow]) -> list[Said]:
    """What each head says of the question, in their order."""
    if not heads:
        return []
    read = read_heads(heads)
    texts = [head.signature for head in read] + [head.doc for head in read]
    said = said_by_each(pack(question.stems), texts, sizes_of(texts)).reshape(2, -1)
    return list(map(Said, _nearness(question, read).tolist(), *said.tolist()))


def _nearness(question: Question, heads: Sequence[_Head]) -> NDArray[np.float32]:
    asked = meaning_of(question.text)
    meanings = np.frombuffer(b"".join([head.meaning for head in heads]), np.float16)
    near: NDArray[np.float32] = meanings.reshape(-1, len(asked)) @ asked
    return near


def read_heads(heads: Sequence[HeadRow]) -> list[_Head]:
    """What each head says, in their order."""
    keys = [hash((head.qualname, head.signature, head.doc)) for head in heads]
    said = {key: _KNOWN.get(key) for key in keys}
    if new := {key: head for key, head in zip(keys, heads, strict=True) if said[key] is None}:
        if (over := len(_KNOWN) + len(new) - _KEPT) > 0:
            for key in list(_KNOWN)[: over + int(_KEPT * _DROPPED)]:
                _KNOWN.pop(key, None)
        vectors = model().encode([f"{head.qualname} {head.signature}" for head in new.values()])
        for (key, head), vector in zip(new.items(), vectors.astype(np.float16), strict=True):
            said[key] = _KNOWN[key] = _Head(vector.tobytes(), pack_text(head.signature), pack_text(head.doc))
    return [one for key in keys if (one := said[key])]


def has_room() -> bool:
    """Whether heads that nobody has asked for yet may be read."""
    return len(_KNOWN) < _AHEAD * _KEPT


@lru_cache(maxsize=64)  # a search asks twice, for chunks and for heads
def meaning_of(question: str) -> NDArray[np.float32]:
    meaning: NDArray[np.float32] = model().encode([question], "query")[0]
    return meaning


@cache
def model() -> StaticEmbedder:
    """The model that ships, whatever embeds the chunks: looking up a dozen words costs nothing."""
    return StaticEmbedder()
