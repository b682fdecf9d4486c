"""Compare what definitions say of themselves with a question; what was read of them is kept for the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.embed.static import StaticEmbedder
from indexer.store.catalog import HeadRow
from indexer.words import parts, stem

from .packed import Stems, pack, pack_text, said_by_each, sizes_of
from .question import Question, name_stems

_KEPT = 65_536  # heads, some 60 MB: Django has 43,812
_AHEAD = 0.75  # of them may be read before they are asked for
_DROPPED = 0.125  # of them, the oldest, when there is no room


# What a kind of definition does (1) or only declares (-1); a module does neither.
DOES = frozenset({"function", "method", "macro"})
_DECLARES = frozenset({"class", "interface", "struct", "enum", "trait", "type", "constant", "field"})
_TEST = re.compile(r"(^|\.)tests?\.|(^|\.)test_")  # as Rust and Python keep tests beside what they test
_TRUTH = re.compile(r"(?i:is|has|can|should|are|does|needs|contains|supports|matches|exists)(?![a-z])")
_BOOLEAN = re.compile(r"-> bool\b|\bboolean\b|\) bool$|: Boolean\b")  # as languages write it
_CONSTRUCTORS = frozenset({"new", "__init__", "constructor"})  # elsewhere it has the name of its class
_MARKS = np.dtype([("kind", "i1"), ("truth", "?"), ("constructor", "?"), ("test", "?")])


class Said(NamedTuple):
    """What heads say of a question, a column each: their cosine, how many of the stems name, signature and
    comment say, how many the name has, and whether it begins with the question's first. Then what they say
    whatever is asked: `kind` is 1 for what does something, -1 for what declares it; whether it tells yes from
    no, makes a thing of its class, and is in a test."""

    near: NDArray[np.float32]
    name: NDArray[np.intp]
    signature: NDArray[np.intp]
    doc: NDArray[np.intp]
    size: NDArray[np.intp]
    begins: NDArray[np.bool_]
    kind: NDArray[np.int8]
    truth: NDArray[np.bool_]
    constructor: NDArray[np.bool_]
    test: NDArray[np.bool_]


class _Head(NamedTuple):
    """The vector of name and signature as float16, the stems of the name (each once), of its first part, of
    the signature and of the comment, and the rest of Said's columns."""

    meaning: bytes
    name: Stems
    first: Stems
    signature: Stems
    doc: Stems
    marks: bytes


_KNOWN: dict[int, _Head] = {}  # by the hash of what is read, of which at 64 bits no two meet by chance


def compare(question: Question, heads: Sequence[HeadRow]) -> Said:
    """What each head says of the question, in their order."""
    meanings, names, firsts, signatures, docs, marks = zip(*read_heads(heads), strict=True)
    asked = meaning_of(question.text)
    near = np.frombuffer(b"".join(meanings), np.float16).reshape(-1, len(asked)) @ asked
    texts = (*names, *signatures, *docs)
    sizes = sizes_of(texts)
    said = said_by_each(pack(question.stems), texts, sizes).reshape(3, -1)
    begin = pack(list(question.stems)[:1])
    begins = np.array([first == begin for first in firsts]) & bool(begin)
    marked = np.frombuffer(b"".join(marks), _MARKS)
    return Said(
        near, said[0], said[1], said[2], sizes[: len(names)], begins,
        marked["kind"], marked["truth"], marked["constructor"], marked["test"],
    )  # fmt: skip


def read_heads(heads: Sequence[HeadRow]) -> list[_Head]:
    """What each head says, in their order."""
    keys = [hash((head.kind, head.qualname, head.signature, head.doc)) for head in heads]
    said = {key: _KNOWN.get(key) for key in keys}
    if new := {key: head for key, head in zip(keys, heads, strict=True) if said[key] is None}:
        if (over := len(_KNOWN) + len(new) - _KEPT) > 0:
            for key in list(_KNOWN)[: over + int(_KEPT * _DROPPED)]:
                _KNOWN.pop(key, None)
        vectors = model().encode([f"{head.qualname} {head.signature}" for head in new.values()])
        for (key, head), vector in zip(new.items(), vectors.astype(np.float16), strict=True):
            said[key] = _KNOWN[key] = _read(head, vector.tobytes())
    return [one for key in keys if (one := said[key])]


def _read(head: HeadRow, meaning: bytes) -> _Head:
    name = name_stems(head.name)
    begins = [stem(part) for part in parts(head.name)[:1]]
    does = (head.kind in DOES) - (head.kind in _DECLARES)
    truth = bool(_TRUTH.match(head.name) or _BOOLEAN.search(head.signature))
    marks = bytes((does % 256, truth, _is_constructor(head), bool(_TEST.search(head.qualname))))
    return _Head(
        meaning, pack(name), pack(one for one in begins if one in name), pack_text(head.signature),
        pack_text(head.doc), marks,
    )  # fmt: skip


def _is_constructor(head: HeadRow) -> bool:
    return head.name in _CONSTRUCTORS or f".{head.qualname}".endswith(f".{head.name}.{head.name}")


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
