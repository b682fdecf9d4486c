"""What a chunk says by the names it defines and by its path, whatever is asked: ChunkRow -> Traits.

It is found out once and kept beside the row (kept.py), for the same chunks come up with every search.
"""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache
from typing import NamedTuple

from indexer.store.catalog import ChunkRow

from .naming import words_of
from .packed import BYTES, Stems, pack_name
from .standing import Standing, standing

_MOST = 255  # stems of a name, which is no name any more: its number is a byte


class FileTraits(NamedTuple):
    """The words of a path, those of the name that tells, and what the path says of its file."""

    words: Set[str]
    name: Set[str]
    standing: Standing


class Traits(NamedTuple):
    """`names` are the stems of the names that the chunk defines, side by side; `sizes` a byte for each name,
    how many of them are its."""

    names: Stems
    sizes: bytes
    file: FileTraits


def traits(chunk: ChunkRow) -> Traits:
    names = [pack_name(name.rpartition(".")[2])[: _MOST * BYTES] for name in chunk.defines]
    sizes = bytes([len(name) // BYTES for name in names])
    return Traits(b"".join(names), sizes, file_traits(chunk.path, chunk.kind))


@lru_cache(maxsize=4096)  # one for all chunks of a file
def file_traits(path: str, kind: str) -> FileTraits:
    return FileTraits(*words_of(path), standing(path, kind))
