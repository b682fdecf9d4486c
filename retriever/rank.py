"""Put candidates in order: pure functions over Candidates, every constant with its reason.

A chunk's score mixes words and meaning; a file's score sums its best chunks and looks at its path;
each file answers with its best chunk, and its further ones follow where they are nearly as good.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt
from typing import NamedTuple

from .find import Candidate
from .naming import Asked, read_asked, said_by, topic, words_of
from .question import Question, name_stems
from .standing import asks_aside, is_other_port, is_outdated, is_wrapper, newest_versions
from .standing import is_aside as is_aside
from .used import LOOKED_AT, Names, NamesOf, users


@dataclass(frozen=True, slots=True)
class Weights:
    """The constants of ranking. Change one together with its line in benchmarks/results."""

    words: float = 0.6  # of a question; the rest is meaning
    words_symbol: float = 0.9  # a bare identifier is a word, not a topic
    defines: float = 0.35  # a question that names a definition wants it before its uses
    defines_symbol: float = 2.0  # "where is X" always does
    hands_on: float = 0.5  # of a definition, where there is none: the place that others import it from
    named: float = 0.25  # a definition whose name says what is asked is nearer than one whose body does
    decay: float = 0.5  # of a file's second, third … best chunk: many weak ones must not win
    summed: int = 6  # chunks per file
    again: float = 0.25  # a file's next chunk, if as good as its first: behind files half as good, not all
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


class _File(NamedTuple):
    """The scored chunks of a file, best first."""

    chunks: list[tuple[float, Candidate]]
    score: float


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
    for file in files:
        best = max(file.chunks[0][0], 1e-9)
        for n, (score, candidate) in enumerate(file.chunks):
            key = file.score if n == 0 else file.score * weights.again * score / best
            ranked.append((key, Ranked(candidate, score, file.score)))
    ranked.sort(key=lambda pair: (-pair[0], *_place(pair[1])))
    return [one for _, one in ranked]


def _files(question: Question, candidates: Sequence[Candidate], weights: Weights) -> list[_File]:
    scores = _chunk_scores(question, candidates, weights)
    by_file: dict[tuple[str, str], list[tuple[float, Candidate]]] = defaultdict(list)
    for score, candidate in zip(scores, candidates, strict=True):
        by_file[candidate.repo, candidate.chunk.path].append((score, candidate))
    paths = [path for _, path in by_file]
    asked, telling, newest = (
        read_asked(question, weights.shortened),
        _telling_words(question, paths),
        newest_versions(paths),
    )
    files = []
    for (_, path), chunks in by_file.items():
        chunks.sort(key=lambda pair: (-pair[0], pair[1].chunk.start))
        total = sum(score * weights.decay**n for n, (score, _) in enumerate(chunks[: weights.summed]))
        kind = chunks[0][1].chunk.kind
        factor = path_factor(path, kind, question, asked, telling, newest, weights)
        files.append(_File(chunks, total * factor))
    return files


def _raise_used(files: list[_File], names_of: NamesOf, weights: Weights) -> list[_File]:
    """Of the best files, those that others of them use gain; the rest stay as they are."""
    ordered = sorted(
        files, key=lambda file: (-file.score, file.chunks[0][1].repo, file.chunks[0][1].chunk.path)
    )
    best = ordered[:LOOKED_AT]
    names = names_of([file.chunks[0][1].chunk.file for file in best])
    known = [names.get(file.chunks[0][1].chunk.file, _NO_NAMES) for file in best]
    raised = [
        _File(file.chunks, file.score * (1 + weights.used * share))
        for file, share in zip(best, users(known), strict=True)
    ]
    return raised + ordered[LOOKED_AT:]


def _chunk_scores(question: Question, candidates: Sequence[Candidate], weights: Weights) -> list[float]:
    most_words = max((c.words for c in candidates), default=0.0) or 1.0
    most_meaning = max((c.meaning for c in candidates), default=0.0) or 1.0
    symbol = question.kind == "symbol"
    share = weights.words_symbol if symbol else weights.words
    defines = weights.defines_symbol if symbol else weights.defines
    asked = question.stems.keys()
    return [
        share * c.words / most_words
        + (1 - share) * c.meaning / most_meaning
        + defines * (weights.hands_on if c.hands_on else c.defines)
        + weights.named * _name_fit(asked, c)
        for c in candidates
    ]


def _name_fit(asked: Set[str], candidate: Candidate) -> float:
    """How well the best name defined here is said by the question, and the question by it (0 to 1)."""
    best = 0.0
    for name in _names(candidate.chunk.defines):
        if common := len(asked & name):
            best = max(best, common / len(name) * sqrt(common / len(asked)))
    return best


@lru_cache(maxsize=50_000)  # the same chunks come up again with every search
def _names(defined: tuple[str, ...]) -> tuple[Set[str], ...]:
    return tuple(name_stems(name.rpartition(".")[2]) for name in defined)


def _telling_words(question: Question, paths: Sequence[str]) -> dict[str, float]:
    """What each word of the question is worth in a path: a word that every path says tells nothing."""
    said = Counter(stem for path in paths for stem in question.stems.keys() & name_stems(path))
    return {stem: log(1 + len(paths) / (0.5 + said[stem])) for stem in question.stems}


def path_factor(
    path: str,
    kind: str,
    question: Question,
    asked: Asked,
    telling: Mapping[str, float],
    newest: Mapping[str, int],
    weights: Weights = WEIGHTS,
) -> float:
    """How much a path speaks for (or against) its file as an answer."""
    words, name = words_of(path)
    factor = 1.0
    if asked.place:
        said = said_by(words, asked)
        factor += weights.path_share * sum(telling[s] * n for s, n in said.items()) / sum(telling.values())
    if name:
        said = said_by(name, asked)
        factor += weights.stem_share * min(1.0, sum(said.values()) / said.words)
        factor += weights.topic * topic(said, asked)
    return factor * _standing(path, kind, question.text, newest, weights)


def _standing(path: str, kind: str, text: str, newest: Mapping[str, int], weights: Weights) -> float:
    """What kind of file a path is worth, whatever its words say."""
    factor = 1.0
    if is_aside(path, kind) and not asks_aside(text):
        factor *= weights.aside
    if is_wrapper(path):
        factor *= weights.wrapper
    if is_other_port(path, text):
        factor *= weights.port
    if is_outdated(path, text, newest):
        factor *= weights.outdated
    return factor


def _place(ranked: Ranked) -> tuple[str, str, int]:
    chunk = ranked.candidate.chunk
    return ranked.candidate.repo, chunk.path, chunk.start
