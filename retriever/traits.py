"""What a chunk says by the names it defines and by its path, whatever is asked: ChunkRow -> Traits.

It is found out once and kept beside the row (kept.py), for the same chunks come up with every search.
"""

from __future__ import annotations

from collections.abc import Set
from functools import lru_cache
from typing import NamedTuple

from indexer.store.catalog import ChunkRow

from .naming import words_of
from .packed import Stems, pack_name
from .standing import Standing, standing


class FileTraits(NamedTuple):
    """The words of a path, those of the name that tells, and what the path says of its file."""

    words: Set[str]
    name: Set[str]
    standing: Standing


class Traits(NamedTuple):
    """`names` are the stems of each name that the chunk defines, each once."""

    names: tuple[Stems, ...]
    file: FileTraits


def traits(chunk: ChunkRow) -> Traits:
    names = (pack_name(name.rpartition(".")[2]) for name in chunk.defines)
    return Traits(tuple(filter(None, names)), file_traits(chunk.path, chunk.kind))


@lru_cache(maxsize=4096)  # one for all chunks of a file
def file_traits(path: str, kind: str) -> FileTraits:
    return FileTraits(*words_of(path), standing(path, kind))
