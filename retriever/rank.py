"""Put candidates in order: pure functions over Candidates, every constant with its reason.

A chunk's score mixes words and meaning; a file's score sums its best chunks and looks at its path;
each file answers with its best chunk, and its further ones follow where they are nearly as good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .find import Candidate
from .naming import Asked, beside_the_name, read_asked, said_by, topic
from .packed import pack, said_by_each
from .question import Question
from .standing import asks_aside, is_other_port, is_outdated, newest_versions
from .traits import FileTraits, Traits
from .used import LOOKED_AT, Names, NamesOf, hashed, users


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
_NO_NAMES = Names(hashed(()), hashed(()))  # of a file that has just gone

_Floats = NDArray[np.float64]
_Ints = NDArray[np.intp]


class Ranked(NamedTuple):
    candidate: Candidate
    score: float
    file_score: float


def rank(
    question: Question,
    candidates: Sequence[Candidate],
    names_of: NamesOf | None = None,
    weights: Weights = WEIGHTS,
) -> list[Ranked]:
    """Order candidates, best first; ties by path and line, so that equal indexes answer alike.

    `names_of` tells what files define and mention; without it no file gains by being used.
    """
    if not candidates:
        return []
    files, file_of = _files(candidates)
    starts = np.array([one.chunk.start for one in candidates])
    scores = _chunk_scores(question, candidates, weights)
    order = np.lexsort(np.stack((starts, -scores, file_of)))  # by file, its best chunk first
    file_of, scores, starts = file_of[order], scores[order], starts[order]
    firsts = np.flatnonzero(np.diff(file_of, prepend=-1))
    file_scores = _summed(scores, file_of, firsts, weights) * _path_factors(question, files, weights)
    if names_of and question.kind != "symbol":
        _raise_used(file_scores, files, names_of, weights)
    own, best = file_scores[file_of], np.maximum(scores[firsts], 1e-9)[file_of]
    keys = own * weights.again * scores / best
    keys[firsts] = file_scores
    last = np.lexsort(np.stack((starts, file_of, -keys)))  # files are in the order of their paths
    ordered = map(candidates.__getitem__, order[last].tolist())
    return list(map(Ranked, ordered, scores[last].tolist(), own[last].tolist()))


def _files(candidates: Sequence[Candidate]) -> tuple[list[Candidate], _Ints]:
    """A candidate of each file, by repository and path, and which of these files each candidate is in."""
    ids = [one.chunk.file for one in candidates]
    one_of = dict(zip(ids, candidates, strict=True))
    files = sorted(one_of.values(), key=lambda one: (one.repo, one.chunk.path))
    number = {one.chunk.file: n for n, one in enumerate(files)}
    return files, np.fromiter(map(number.__getitem__, ids), np.intp, len(ids))


def _summed(scores: _Floats, file_of: _Ints, firsts: _Ints, weights: Weights) -> _Floats:
    """What the chunks of each file score together, each further one less."""
    nth = np.arange(len(scores)) - firsts[file_of]
    shares = np.where(nth < weights.summed, weights.decay**nth, 0.0)
    return np.bincount(file_of, scores * shares).astype(np.float64)


def _raise_used(scores: _Floats, files: Sequence[Candidate], names_of: NamesOf, weights: Weights) -> None:
    """Of the best files, those that others of them use gain; the rest stay as they are."""
    best = np.argsort(-scores, kind="stable")[:LOOKED_AT]
    ids = [files[n].chunk.file for n in best]
    names = names_of(ids)
    scores[best] *= 1 + weights.used * users([names.get(id_, _NO_NAMES) for id_ in ids])


def _chunk_scores(question: Question, candidates: Sequence[Candidate], weights: Weights) -> _Floats:
    """What words, meaning and names say for each chunk, a column at a time."""
    _, _, traits, words, meaning, defines, hands_on = zip(*candidates, strict=True)
    symbol = question.kind == "symbol"
    share = weights.words_symbol if symbol else weights.words
    scores: _Floats = share * np.array(words) / (max(words) or 1.0)
    scores += (1 - share) * np.array(meaning) / (max(meaning) or 1.0)
    defined = np.where(hands_on, weights.hands_on, defines)
    scores += (weights.defines_symbol if symbol else weights.defines) * defined
    scores += weights.named * _name_fits(question, traits)
    return scores


def _name_fits(question: Question, of: Sequence[Traits]) -> _Floats:
    """How well the best name of each chunk is said by the question, and the question by it (0 to 1)."""
    names, sizes_of, _ = zip(*of, strict=True)
    sizes = np.frombuffer(b"".join(sizes_of), np.uint8)
    common = said_by_each(pack(question.stems), names, sizes)
    some = np.flatnonzero(common)  # of all names
    fits = common[some] / sizes[some] * np.sqrt(common[some] / max(1, len(question.stems)))
    best = np.zeros(len(of))
    chunks = np.repeat(np.arange(len(of)), list(map(len, sizes_of)))
    np.maximum.at(best, chunks[some], fits)
    return best


def _path_factors(question: Question, files: Sequence[Candidate], weights: Weights) -> _Floats:
    of = [one.traits.file for one in files]
    question = beside_the_name(question, {one.repo for one in files}, (one.chunk.path for one in files))
    asked, telling = read_asked(question, weights.shortened), _telling_words(question, of)
    text, newest = question.text.lower(), newest_versions(file.standing for file in of)
    read = _Read(text, asked, telling, sum(telling.values()), newest, asks_aside(text))
    return np.array([_path_factor(file, read, weights) for file in of])


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
    if of.port and is_other_port(of, read.text):
        factor *= weights.port
    if (of.old or read.newest) and is_outdated(of, read.text, read.newest):
        factor *= weights.outdated
    return factor
