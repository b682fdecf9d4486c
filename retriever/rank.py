"""Put candidates in order: pure functions over Candidates, every constant with its reason.

A chunk's score mixes words and meaning; a file's score sums its best chunks and looks at its path;
each file answers with its best chunk, and its further ones follow where they are nearly as good.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log, sqrt
from typing import NamedTuple

from .find import Candidate
from .naming import Asked, read_asked, said_by, topic, words_of
from .question import Question, name_stems
from .standing import Standing, asks_aside, is_other_port, is_outdated, newest_versions, standing
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
    ranked: list[tuple[float, str, str, int, Ranked]] = []  # sorts by itself, for a path and line come once
    for file in files:
        best = max(file.chunks[0][0], 1e-9)
        for n, (score, candidate) in enumerate(file.chunks):
            key = file.score if n == 0 else file.score * weights.again * score / best
            one = Ranked(candidate, score, file.score)
            ranked.append((-key, candidate.repo, candidate.chunk.path, candidate.chunk.start, one))
    ranked.sort()
    return [one for *_, one in ranked]


def _files(question: Question, candidates: Sequence[Candidate], weights: Weights) -> list[_File]:
    by_file: dict[int, list[_Scored]] = defaultdict(list)
    for scored in zip(_chunk_scores(question, candidates, weights), candidates, strict=True):
        by_file[scored[1].chunk.file].append(scored)
    firsts = [chunks[0][1] for chunks in by_file.values()]
    places = [standing(first.chunk.path, first.chunk.kind) for first in firsts]
    paths, repos = [first.chunk.path for first in firsts], {first.repo for first in firsts}
    # Among several repositories a name tells which is meant.
    asked = _beside_the_name(question, repos.pop(), paths) if len(repos) == 1 else question
    read = _read(asked, paths, places, weights)
    shares = [weights.decay**n for n in range(weights.summed)]
    files = []
    for first, place, chunks in zip(firsts, places, by_file.values(), strict=True):
        if len(chunks) > 1:
            chunks.sort(key=lambda one: (-one[0], one[1].chunk.start))
        total = sum(share * score for share, (score, _) in zip(shares, chunks, strict=False))
        factor = _path_factor(first.chunk.path, place, read, weights)
        files.append(_File(first.repo, first.chunk.path, total * factor, chunks))
    return files


def _beside_the_name(question: Question, repo: str, paths: Sequence[str]) -> Question:
    """A question as the paths of a repository are compared with it: the repository's own name tells nothing
    of where in it, though folders bear it (`src/poetry`). A name that none bears may be anyone's choice."""
    own = name_stems(repo)
    stems = {stem: word for stem, word in question.stems.items() if stem not in own}
    if not stems or len(stems) == len(question.stems):
        return question
    folders = {folder for path in paths for folder in path.split("/")[:-1]}
    return replace(question, stems=stems) if any(own <= name_stems(one) for one in folders) else question


def _read(question: Question, paths: Sequence[str], places: Iterable[Standing], weights: Weights) -> _Read:
    asked, telling = read_asked(question, weights.shortened), _telling_words(question, paths)
    text, newest = question.text.lower(), newest_versions(places)
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


def _chunk_scores(question: Question, candidates: Sequence[Candidate], weights: Weights) -> list[float]:
    most_words = max((c.words for c in candidates), default=0.0) or 1.0
    most_meaning = max((c.meaning for c in candidates), default=0.0) or 1.0
    symbol = question.kind == "symbol"
    share = weights.words_symbol if symbol else weights.words
    defines = weights.defines_symbol if symbol else weights.defines
    asked = frozenset(question.stems)
    scores = []
    for _, chunk, words, meaning, defined, hands_on in candidates:
        score = share * words / most_words + (1 - share) * meaning / most_meaning
        score += defines * (weights.hands_on if hands_on else defined)
        if chunk.defines:
            names, said = _names(chunk.defines)
            if not asked.isdisjoint(said):
                score += weights.named * _name_fit(asked, names)
        scores.append(score)
    return scores


def _name_fit(asked: frozenset[str], names: Iterable[Set[str]]) -> float:
    """How well the best of some names is said by the question, and the question by it (0 to 1)."""
    best = 0.0
    for name in names:
        if common := len(asked & name):
            best = max(best, common / len(name) * sqrt(common / len(asked)))
    return best


@lru_cache(maxsize=16_384)  # the same chunks come up again with every search
def _names(defined: tuple[str, ...]) -> tuple[tuple[Set[str], ...], frozenset[str]]:
    """The words of each name, and of all together."""
    names = tuple(name_stems(name.rpartition(".")[2]) for name in defined)
    return names, frozenset[str]().union(*names)


def _telling_words(question: Question, paths: Sequence[str]) -> dict[str, float]:
    """What each word of the question is worth in a path: a word that every path says tells nothing."""
    asked = frozenset(question.stems)
    said = Counter(stem for path in paths for stem in asked & name_stems(path))
    return {stem: log(1 + len(paths) / (0.5 + said[stem])) for stem in question.stems}


class _Read(NamedTuple):
    """A question as paths are compared with it."""

    text: str
    asked: Asked
    telling: Mapping[str, float]
    worth: float  # of all its telling words together
    newest: Mapping[str, int]
    aside: bool


def _path_factor(path: str, of: Standing, read: _Read, weights: Weights) -> float:
    """How much a path speaks for (or against) its file as an answer."""
    words, name = words_of(path)
    factor = 1.0
    if read.worth and (said := said_by(words, read.asked)):
        telling = read.telling
        factor += weights.path_share * sum(telling[s] * n for s, n in said.items()) / read.worth
    if name and (said := said_by(name, read.asked)):
        factor += weights.stem_share * min(1.0, sum(said.values()) / said.words)
        factor += weights.topic * topic(said, read.asked)
    if of.aside and not read.aside:
        factor *= weights.aside
    if of.wrapper:
        factor *= weights.wrapper
    if is_other_port(of, read.text):
        factor *= weights.port
    if is_outdated(of, read.text, read.newest):
        factor *= weights.outdated
    return factor
