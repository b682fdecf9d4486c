"""A corpus -> the words the model knows, how common each is, and how each is spelt.

Words are made by `indexer.words.terms`, exactly as the index makes them. A stemmed word is spelt
as it most often stands in the corpus (`retri` as "retry" and "retries"), an identifier as its
parts, because a spelling is what a text encoder understands.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from indexer.words import parts, stem, terms

from . import corpus

SIZE = 50_000
_WINDOW = 40  # lines that count as one document, about one chunk of the index
_LEAST_IDENTIFIER = 5  # documents that must hold a whole identifier; its parts are known anyway
_SPELLINGS = 3
_IDENTIFIER = re.compile(r"\w+")


@dataclass
class Tally:
    """How many documents, and repositories, hold each word; and how the words were spelt."""

    documents: int = 0
    found_in: Counter[str] = field(default_factory=Counter)
    repositories: Counter[str] = field(default_factory=Counter)
    spelt: dict[str, Counter[str]] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("corpus", type=Path, help="folder with one repository per subfolder")
    options.add_argument("out", type=Path, help="vocabulary to write, JSON")
    options.add_argument("--english", type=Path, help="wordpiece vocab.txt whose whole words are added")
    options.add_argument("--size", type=int, default=SIZE)
    options.add_argument("--workers", type=int, default=1)
    given = options.parse_args()
    tally = Tally()
    with ProcessPoolExecutor(given.workers) as pool:
        for one in pool.map(count_words, corpus.repositories(given.corpus)):
            _merge(tally, one)
    english = given.english.read_text().split("\n") if given.english else []
    words = choose(tally, english, given.size)
    given.out.write_text(json.dumps({"documents": tally.documents, "words": words}))
    print(f"{len(words)} words of {len(tally.found_in)} from {tally.documents} windows")


def count_words(repository: Path) -> Tally:
    tally = Tally()
    for _, text in corpus.files(repository):
        _count(tally, text)
    return tally


def _merge(tally: Tally, one: Tally) -> None:
    tally.documents += one.documents
    tally.found_in.update(one.found_in)
    tally.repositories.update(one.found_in.keys())
    tally.whole |= one.whole
    for word, spellings in one.spelt.items():
        tally.spelt.setdefault(word, Counter()).update(spellings)


def choose(tally: Tally, english: Iterable[str], size: int) -> list[list[object]]:
    """Return [word, documents, [[spelling, share], ...]] for the words most worth a row."""
    rank: dict[str, float] = {}
    for word, n in tally.found_in.items():
        where = tally.repositories[word]
        if word in tally.whole and (n < _LEAST_IDENTIFIER or where < 2):
            continue
        if n > 2:
            rank[word] = n**0.5 * where  # in many repositories: a new one will have it too
    for piece in english:
        if len(piece) > 2 and piece.isalpha() and piece.isascii():
            word = stem(piece)
            tally.spelt.setdefault(word, Counter())[piece] += 1
            rank[word] = max(rank.get(word, 0.0), 4.0)
    best = sorted(rank, key=lambda word: (-rank[word], word))[:size]
    return [[word, tally.found_in[word], _spellings(tally, word)] for word in best]


def _count(tally: Tally, text: str) -> None:
    lines = text.split("\n")
    for start in range(0, len(lines), _WINDOW):
        identifiers = Counter(_IDENTIFIER.findall("\n".join(lines[start : start + _WINDOW])))
        tally.documents += bool(identifiers)
        tally.found_in.update({word for identifier in identifiers for word, _ in _spelt(identifier)})
    for identifier, n in Counter(_IDENTIFIER.findall(text)).items():
        for word, spelling in _spelt(identifier):
            tally.spelt.setdefault(word, Counter())[spelling] += n
            if " " in spelling:
                tally.whole.add(word)


@lru_cache(maxsize=1 << 18)
def _spelt(identifier: str) -> tuple[tuple[str, str], ...]:
    """The words of an identifier, each with how it is spelt there."""
    found = parts(identifier)
    spellings = {stem(part): part for part in found}
    if len(found) > 1:
        spellings[identifier.strip("_").lower()] = " ".join(found)
    return tuple((word, spellings.get(word, word)) for word in terms(identifier))


def _spellings(tally: Tally, word: str) -> list[tuple[str, float]]:
    common = tally.spelt[word].most_common(_SPELLINGS)
    total = sum(n for _, n in common)
    return [(spelling, round(n / total, 3)) for spelling, n in common]


if __name__ == "__main__":
    main()
