"""Put candidates in order: pure functions over Candidates, every constant with its reason.

A chunk's score mixes words and meaning; a file's score sums its best chunks and looks at its path;
each file answers with its best chunk, and its further ones follow where they are nearly as good.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log
from operator import attrgetter, itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .find import Candidate
from .naming import Asked, read_asked, said_by, topic
from .packed import BYTES, Stems, pack, said_by_each
from .question import Question
from .standing import asks_aside, is_other_port, is_outdated, newest_versions
from .traits import FileTraits
from .used import LOOKED_AT, Names, NamesOf, users


@dataclass(frozen=True, slots=True)
class Weights:
    """The constants of ranking. Change one together with its line in benchmarks/results."""

    words: float = 0.7  # of a question; the rest is meaning
    words_symbol: float = 0.9  # a bare identifier is a word, not a topic
    defines: float = 0.35  # a question that names a definition wants it before its uses
    defines_symbol: float = 2.0  # "where is X" always does
    hands_on: float = 0.5  # of a definition, where there is none: the place that others import it from
    named: float = 0.25  # a definition whose name says what is asked is nearer than one whose body does
    decay: float = 0.5  # of a file's second, third … best chunk: many weak ones must not win
    summed: int = 6  # chunks per file
    again: float = 0.25  # a file's next chunk, if as good as its first: behind files a quarter as good
    path_share: float = 0.5  # of the question's words that the path says, rare ones counting more
    stem_share: float = 0.5  # of the file name's words that the question says
    used: float = 0.6  # of a file that all the other good ones use
    shortened: float = 0.7  # of a word: "auth" is likely authentication, but it might be the author
    topic: float = 0.4  # a file named for what the question begins with
    aside: float = 0.35  # tests, examples, docs: about the code, not the code
    wrapper: float = 0.7  # compat, __init__, type stubs: they name what others do
    port: float = 0.7  # of its copies, the one for a system nobody asked about
    outdated: float = 0.7  # deprecated, or v3 beside v4


WEIGHTS = Weights()
_NO_NAMES = Names(frozenset(), frozenset())  # of a file that has just gone


class Ranked(NamedTuple):
    candidate: Candidate
    score: float
    file_score: float


_Scored = tuple[float, Candidate]  # a plain tuple: a search makes hundreds


class _File(NamedTuple):
    """The scored chunks of a file, best first."""

    repo: str
    path: str
    score: float
    chunks: list[_Scored]

    @property
    def id(self) -> int:
        return self.chunks[0][1].chunk.file


def rank(
    question: Question,
    candidates: Sequence[Candidate],
    names_of: NamesOf | None = None,
    weights: Weights = WEIGHTS,
) -> list[Ranked]:
    """Order candidates, best first; ties by path and line, so that equal indexes answer alike.

    `names_of` tells what files define and mention; without it no file gains by being used.
    """
    files = _files(question, candidates, weights)
    if names_of and question.kind != "symbol":
        files = _raise_used(files, names_of, weights)
    ranked: list[tuple[float, Ranked]] = []
    for file in sorted(files, key=attrgetter("repo", "path")):
        best = max(file.chunks[0][0], 1e-9)
        for n, (score, candidate) in enumerate(file.chunks):
            key = file.score if n == 0 else file.score * weights.again * score / best
            ranked.append((key, Ranked(candidate, score, file.score)))
    ranked.sort(key=itemgetter(0), reverse=True)  # what is alike stays in the order of paths and lines
    return [one for _, one in ranked]


def _files(question: Question, candidates: Sequence[Candidate], weights: Weights) -> list[_File]:
    by_file: dict[int, list[_Scored]] = defaultdict(list)
    for scored in _scored(question, candidates, weights):
        by_file[scored[1].chunk.file].append(scored)
    firsts = [chunks[0][1] for chunks in by_file.values()]
    read = _read(question, [first.traits.file for first in firsts], weights)
    shares = [weights.decay**n for n in range(weights.summed)]
    files = []
    for first, chunks in zip(firsts, by_file.values(), strict=True):
        total = sum(share * score for share, (score, _) in zip(shares, chunks, strict=False))
        factor = _path_factor(first.traits.file, read, weights)
        files.append(_File(first.repo, first.chunk.path, total * factor, chunks))
    return files


def _scored(question: Question, candidates: Sequence[Candidate], weights: Weights) -> list[_Scored]:
    """Candidates with their scores, best first."""
    scores = _chunk_scores(question, candidates, weights)
    order = np.lexsort(([one.chunk.start for one in candidates], -scores))
    return list(zip(scores[order].tolist(), map(candidates.__getitem__, order.tolist()), strict=True))


def _read(question: Question, files: Sequence[FileTraits], weights: Weights) -> _Read:
    asked, telling = read_asked(question, weights.shortened), _telling_words(question, files)
    text, newest = question.text.lower(), newest_versions(file.standing for file in files)
    return _Read(text, asked, telling, sum(telling.values()), newest, asks_aside(text))


def _raise_used(files: list[_File], names_of: NamesOf, weights: Weights) -> list[_File]:
    """Of the best files, those that others of them use gain; the rest stay as they are."""
    ordered = sorted(files, key=lambda file: (-file.score, file.repo, file.path))
    best = ordered[:LOOKED_AT]
    names = names_of([file.id for file in best])
    shares = users([names.get(file.id, _NO_NAMES) for file in best])
    raised = [
        file._replace(score=file.score * (1 + weights.used * share))
        for file, share in zip(best, shares, strict=True)
    ]
    return raised + ordered[LOOKED_AT:]


def _chunk_scores(
    question: Question, candidates: Sequence[Candidate], weights: Weights
) -> NDArray[np.float64]:
    """What words, meaning and names say for each chunk, a column at a time."""
    if not candidates:
        return np.zeros(0)
    _, _, traits, words, meaning, defines, hands_on = zip(*candidates, strict=True)
    symbol = question.kind == "symbol"
    share = weights.words_symbol if symbol else weights.words
    scores: NDArray[np.float64] = share * np.array(words) / (max(words) or 1.0)
    scores += (1 - share) * np.array(meaning) / (max(meaning) or 1.0)
    defined = np.where(hands_on, weights.hands_on, defines)
    scores += (weights.defines_symbol if symbol else weights.defines) * defined
    return scores + weights.named * _name_fits(question, [of.names for of in traits])


def _name_fits(question: Question, names: Sequence[Sequence[Stems]]) -> NDArray[np.float64]:
    """How well the best name of each chunk is said by the question, and the question by it (0 to 1)."""
    every = list(chain.from_iterable(names))
    said = said_by_each(pack(question.stems), every)
    some = np.flatnonzero(said)
    common, words = said[some], np.array([len(name) for name in every])[some] // BYTES
    fits = common / words * np.sqrt(common / max(1, len(question.stems)))
    best = np.zeros(len(names))
    np.maximum.at(best, np.repeat(np.arange(len(names)), [len(own) for own in names])[some], fits)
    return best


def _telling_words(question: Question, files: Sequence[FileTraits]) -> dict[str, float]:
    """What each word of the question is worth in a path: a word that every path says tells nothing."""
    asked = frozenset(question.stems)
    said = Counter(stem for file in files for stem in asked & file.words)
    return {stem: log(1 + len(files) / (0.5 + said[stem])) for stem in question.stems}


class _Read(NamedTuple):
    """A question as paths are compared with it."""

    text: str
    asked: Asked
    telling: Mapping[str, float]
    worth: float  # of all its telling words together
    newest: Mapping[str, int]
    aside: bool


def _path_factor(file: FileTraits, read: _Read, weights: Weights) -> float:
    """How much a path speaks for (or against) its file as an answer."""
    factor = 1.0
    if said := said_by(file.words, read.asked):
        telling = read.telling
        factor += weights.path_share * sum(telling[s] * n for s, n in said.items()) / read.worth
        if said := said_by(file.name, read.asked):
            factor += weights.stem_share * min(1.0, sum(said.values()) / said.words)
            factor += weights.topic * topic(said, read.asked)
    of = file.standing
    if of.aside and not read.aside:
        factor *= weights.aside
    if of.wrapper:
        factor *= weights.wrapper
    if is_other_port(of, read.text):
        factor *= weights.port
    if is_outdated(of, read.text, read.newest):
        factor *= weights.outdated
    return factor
