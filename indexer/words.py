"""Turn text into identifier-aware words, the same for documents and queries.

`getUserName` gives get, user, name and getusername; words are lower-cased and lightly stemmed, so
that "retries" finds `retry`. A word is carried as its crc32: a sparse vector's index and the key of
the static model's vocabulary, so that one pass over the text feeds both vectors.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

WORDS_VERSION = "w1"  # part of the fingerprint: other words are another collection

_IDENTIFIER = re.compile(r"\w+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")  # scripts without spaces
_LONGEST = 64  # longer runs are hashes and encoded data, which nobody asks for by word
_LONGEST_NUMBER = 6

# BM25 with the length of an average chunk held constant: a word's weight must not change because
# another file did (incremental must equal a rebuild).
_K1 = 1.2
_B = 0.6
_AVERAGE_WORDS = 180.0

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


def count(text: str) -> Counts:
    """Count the words of a text."""
    return _spread(Counter(_IDENTIFIER.findall(text)))


def add(counts: Counts, text: str, weight: float) -> None:
    """Add the words of a further text, each `weight` times."""
    for identifier in _IDENTIFIER.findall(text):
        for word in _ids(identifier):
            counts[word] = counts.get(word, 0) + weight


def as_bag(counts: Mapping[int, float]) -> Bag:
    ids = np.fromiter(counts.keys(), dtype=np.uint32, count=len(counts))
    return Bag(ids, np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))


def query_bag(text: str) -> Bag:
    """Count the words of a question, without its question words where others remain."""
    identifiers = Counter(_IDENTIFIER.findall(text))
    telling = {word: n for word, n in identifiers.items() if word.lower() not in _QUESTION}
    return as_bag(_spread(telling or identifiers))


def document_weights(words: Bag) -> NDArray[np.float32]:
    """BM25's term frequency part, to be multiplied with IDF by the store.

    Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009, eq. 3.15.
    """
    length = _K1 * (1 - _B + _B * float(words.counts.sum()) / _AVERAGE_WORDS)
    weights: NDArray[np.float32] = words.counts * np.float32(_K1 + 1) / (words.counts + np.float32(length))
    return weights


def query_weights(words: Bag) -> NDArray[np.float32]:
    """A question that says a word often means it more, but not in proportion."""
    weights: NDArray[np.float32] = 1 + np.log(words.counts)
    return weights


def parts(identifier: str) -> list[str]:
    """Split an identifier into lower-case, unstemmed words: `HTTPServer2` -> http, server, 2."""
    return [part.lower() for part in _PART.findall(identifier)]


def stems(text: str, question: bool = False) -> list[str]:
    """The stemmed words of a text in order, without whole identifiers; for comparing names."""
    words = _IDENTIFIER.findall(text)
    if question:
        words = [word for word in words if word.lower() not in _QUESTION] or words
    return [stem_ for word in words for stem_ in _stems_of(word)]


def stem_set(text: str) -> set[str]:
    """The stems of a text, each once: a third of the time of `stems` where no order is asked."""
    return set(chain.from_iterable(map(_stems_of, set(_IDENTIFIER.findall(text)))))


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


def _spread(identifiers: Mapping[str, int]) -> Counts:
    counts: Counts = {}
    known = _KNOWN
    for identifier, n in identifiers.items():
        ids = known.get(identifier)
        if ids is None:
            ids = _ids(identifier)
        for word in ids:
            counts[word] = counts.get(word, 0) + n
    return counts


_KNOWN: dict[str, tuple[int, ...]] = {}
_KNOWN_LIMIT = 200_000  # identifiers of about five large repositories, some 30 MB; then start afresh


def _ids(identifier: str) -> tuple[int, ...]:
    ids = _KNOWN.get(identifier)
    if ids is None:
        if len(_KNOWN) > _KNOWN_LIMIT:
            _KNOWN.clear()
        ids = tuple(crc32(word.encode("utf-8", "replace")) for word in terms(identifier))
        _KNOWN[identifier] = ids
    return ids


def terms(identifier: str) -> tuple[str, ...]:
    """The words one identifier stands for: its stemmed parts and, if there are several, the whole."""
    if len(identifier) > _LONGEST:
        return ()
    found = parts(identifier)
    kept = [stem(part) for part in found if _tells(part)]
    if len(found) > 1:
        whole = identifier.strip("_").lower()
        if len(whole) > 2 and not whole.isdigit():
            kept.append(whole)
    if not identifier.isascii():
        kept.extend(_bigrams(identifier))
    return tuple(kept)


def _tells(part: str) -> bool:
    if part.isdigit():
        return 1 < len(part) <= _LONGEST_NUMBER
    return len(part) > 1


def _bigrams(identifier: str) -> Iterable[str]:
    for run in _WIDE.findall(identifier):
        yield from (run[i : i + 2] for i in range(len(run) - 1))
