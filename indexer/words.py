"""Turn text into identifier-aware words, the same for documents and queries.

`getUserName` gives get, user, name and getusername; words are lower-cased and lightly stemmed, so
that "retries" finds `retry`. A word is carried as its crc32: a sparse vector's index and the key of
the static model's vocabulary, so that one pass over the text feeds both vectors.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from sys import byteorder
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

WORDS_VERSION = "w1"  # part of the fingerprint: other words are another collection

_IDENTIFIER = re.compile(r"\w+")
_ASCII = "".join(char if _IDENTIFIER.match(char) else " " for char in map(chr, range(128)))
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")  # scripts without spaces
_LONGEST = 64  # longer runs are hashes and encoded data, which nobody asks for by word
_LONGEST_NUMBER = 6

# Words of the question, not of the code: rare in code, so IDF alone would trust them.
_QUESTION = frozenset(
    "a an the of to in on at by for from with and or is are was were be been being do does did how "
    "what where when which who whom whose why that this these those it its their there here i we you "
    "they he she my our your can could should would will shall may might must have has had not no "
    "into onto about between during after before than then so such as if any some all each".split()
)


Counts = dict[int, float]


@dataclass(frozen=True, slots=True)
class Bag:
    """Words with their counts: `ids` uint32 (each once), `counts` float32, side by side."""

    ids: NDArray[np.uint32]
    counts: NDArray[np.float32]


def identifiers(text: str) -> list[str]:
    """The runs of word characters. To blank out the rest of an ASCII text takes a third of the time."""
    return text.translate(_ASCII).split() if text.isascii() else _IDENTIFIER.findall(text)


def packed(text: str) -> bytes:
    """The words of a text in order, as often as they are said: uint32 side by side."""
    return b"".join(map(_IDENTIFIERS.__getitem__, identifiers(text)))


class _Packed(dict[str, bytes]):
    """What was packed before: a repository says the same identifiers and parts all the time."""

    def __init__(self, pack: Callable[[str], bytes]) -> None:
        self._pack = pack

    def __missing__(self, key: str) -> bytes:
        if len(self) > _REMEMBERED:
            self.clear()
        words = self[key] = self._pack(key)
        return words


_REMEMBERED = 200_000  # identifiers of about five large repositories, some 30 MB; then start afresh


def count(text: str) -> Counts:
    """Count the words of a text."""
    return dict(Counter(memoryview(packed(text)).cast("I")))


def add(counts: Counts, text: str, weight: float) -> None:
    """Add the words of a further text, each `weight` times."""
    for word in memoryview(packed(text)).cast("I"):
        counts[word] = counts.get(word, 0) + weight


def as_bag(counts: Mapping[int, float]) -> Bag:
    ids = np.fromiter(counts.keys(), dtype=np.uint32, count=len(counts))
    return Bag(ids, np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))


def query_bag(text: str) -> Bag:
    """Count the words of a question, without its question words where others remain."""
    asked = identifiers(text)
    telling = [word for word in asked if word.lower() not in _QUESTION]
    return as_bag(count(" ".join(telling or asked)))


def query_weights(words: Bag) -> NDArray[np.float32]:
    """A question that says a word often means it more, but not in proportion."""
    weights: NDArray[np.float32] = 1 + np.log(words.counts)
    return weights


def parts(identifier: str) -> list[str]:
    """Split an identifier into lower-case, unstemmed words: `HTTPServer2` -> http, server, 2."""
    if identifier.islower() and identifier.isascii() and identifier.replace("_", "").isalpha():
        return [part for part in identifier.split("_") if part]  # in a fifth of the time
    return [part.lower() for part in _PART.findall(identifier)]


def stems(text: str, question: bool = False) -> list[str]:
    """The stemmed words of a text in order, without whole identifiers; for comparing names."""
    words = identifiers(text)
    if question:
        words = [word for word in words if word.lower() not in _QUESTION] or words
    return [stem_ for word in words for stem_ in _stems_of(word)]


@lru_cache(maxsize=32_768)
def _stems_of(identifier: str) -> tuple[str, ...]:
    return tuple(stem(part) for part in parts(identifier) if len(part) > 1)


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """Strip the endings that differ between a question and the code it means.

    Far lighter than Porter: endings are only cut where what stays is long enough to be told apart.
    """
    n = len(word)
    if n < 4 or not word.isascii():
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") else word[:-1]
        n = len(word)
    if n > 6 and word.endswith("ization"):
        word = word[:-5]
    elif n > 6 and word.endswith(("tion", "sion")):
        word = word[:-3]
    elif n > 6 and word.endswith("ure"):
        word = word[:-3]
    elif n > 5 and word.endswith("ing"):
        word = _undouble(word[:-3])
    elif n > 4 and word.endswith("ied"):
        word = word[:-3] + "y"
    elif n > 4 and word.endswith("ed"):
        word = _undouble(word[:-2])
    elif n > 5 and word.endswith(("er", "or")):
        word = _undouble(word[:-2])
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word.endswith("y"):
        word = word[:-1] + "i"
    return word


def _undouble(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz" else word


def terms(identifier: str) -> tuple[str, ...]:
    """The words one identifier stands for: its stemmed parts and, if there are several, the whole."""
    if len(identifier) > _LONGEST:
        return ()
    found = parts(identifier)
    return (*(stem(part) for part in found if _tells(part)), *_further(identifier, len(found)))


def _pack_identifier(identifier: str) -> bytes:
    """`terms`, packed; an identifier is new more often than its parts."""
    if len(identifier) > _LONGEST:
        return b""
    found = _PART.findall(identifier)
    words = b"".join(map(_PARTS.__getitem__, found))
    if len(found) < 2 and identifier.isascii():  # a word, which says nothing further
        return words
    return words + b"".join(map(_pack, _further(identifier, len(found))))


def _pack_part(part: str) -> bytes:
    lowered = part.lower()
    return _pack(stem(lowered)) if _tells(lowered) else b""


def _pack(word: str) -> bytes:
    return crc32(word.encode("utf-8", "replace")).to_bytes(4, byteorder)


_IDENTIFIERS, _PARTS = _Packed(_pack_identifier), _Packed(_pack_part)


def _tells(part: str) -> bool:
    if part.isdigit():
        return 1 < len(part) <= _LONGEST_NUMBER
    return len(part) > 1


def _further(identifier: str, parts: int) -> list[str]:
    """What an identifier says besides: the whole of several parts, the pairs of a script without spaces."""
    said = []
    if parts > 1:
        whole = identifier.strip("_").lower()
        if len(whole) > 2 and not whole.isdigit():
            said.append(whole)
    if not identifier.isascii():
        said.extend(_bigrams(identifier))
    return said


def _bigrams(identifier: str) -> Iterable[str]:
    for run in _WIDE.findall(identifier):
        yield from (run[i : i + 2] for i in range(len(run) - 1))
