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
from dataclasses import dataclass, field
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
    given = options.parse_args()
    tally = Tally()
    for repository in corpus.repositories(given.corpus):
        before = Counter(tally.found_in)
        for _, text in corpus.files(repository):
            _count(tally, text)
        tally.repositories.update(word for word, n in tally.found_in.items() if n > before[word])
    english = given.english.read_text().split("\n") if given.english else []
    words = choose(tally, english, given.size)
    given.out.write_text(json.dumps({"documents": tally.documents, "words": words}))
    print(f"{len(words)} words of {len(tally.found_in)} from {tally.documents} windows")


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
        if not identifiers:
            continue
        tally.documents += 1
        held: set[str] = set()
        for identifier, n in identifiers.items():
            held.update(words := terms(identifier))
            _note_spellings(tally, identifier, words, n)
        tally.found_in.update(held)


def _note_spellings(tally: Tally, identifier: str, words: tuple[str, ...], n: int) -> None:
    found = parts(identifier)
    spellings = {stem(part): part for part in found}
    whole = identifier.strip("_").lower()
    if len(found) > 1 and whole in words:
        spellings[whole] = " ".join(found)
        tally.whole.add(whole)
    for word in words:
        tally.spelt.setdefault(word, Counter())[spellings.get(word, word)] += n


def _spellings(tally: Tally, word: str) -> list[tuple[str, float]]:
    common = tally.spelt[word].most_common(_SPELLINGS)
    total = sum(n for _, n in common)
    return [(spelling, round(n / total, 3)) for spelling, n in common]


if __name__ == "__main__":
    main()
