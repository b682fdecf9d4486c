"""Names -> the numbers of their stems side by side, so that hundreds are compared with a question at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from sys import byteorder
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from indexer.words import identifiers, parts, stem

Stems = bytes  # of each the crc32, as in the index: a question's dozen meets no other by chance
BYTES = 4  # of a stem


def pack(stems: Iterable[str]) -> Stems:
    return b"".join(map(_pack, stems))


def pack_text(text: str) -> Stems:
    """What `indexer.words.stems` gives, as numbers: in the order of the text, as often as they are said."""
    return b"".join(map(_of_identifier, identifiers(text)))


@lru_cache(maxsize=32_768)
def pack_name(name: str) -> Stems:
    """The stems of a name, each once."""
    return b"".join(dict.fromkeys(map(_of_part, parts(name))))


def said_by_each(asked: Stems, texts: Sequence[Stems], sizes: NDArray[Any]) -> NDArray[np.intp]:
    """How many of the asked stems each text says; they lie side by side, each so many stems long."""
    said = np.frombuffer(b"".join(texts), np.uint32)
    places = np.flatnonzero(np.isin(said, np.frombuffer(asked, np.uint32)))
    text = np.searchsorted(np.cumsum(sizes), places, side="right")
    once = np.unique(text << 32 | said[places])  # a text may say a stem again
    return np.bincount(once >> 32, minlength=len(sizes))


def sizes_of(texts: Sequence[Stems]) -> NDArray[np.intp]:
    """How many stems each text says."""
    return np.array([len(text) for text in texts], dtype=np.intp) // BYTES


@lru_cache(maxsize=32_768)
def _of_identifier(identifier: str) -> Stems:
    return b"".join(map(_of_part, parts(identifier)))


@lru_cache(maxsize=32_768)
def _of_part(part: str) -> Stems:
    return _pack(stem(part)) if len(part) > 1 else b""


def _pack(word: str) -> bytes:
    return crc32(word.encode("utf-8", "replace")).to_bytes(BYTES, byteorder)
