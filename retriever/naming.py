"""How well a path says what is asked: by whole words, joined ones, initials, beginnings, or its topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePosixPath

from indexer.words import stem

from .question import Question, name_stems

_SHORTEST = 3  # letters that stand for a longer word: two are an accident
_INITIALS = (2, 3)  # words that are called by their first letters: `fs`, `ast`
MAIN_FILES = frozenset({"mod", "index", "init", "__init__", "main", "lib"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's telling words as names may spell them.

    `place` is the how-manieth each stem is, from 0; `joined` has neighbours as one word or by their
    initials, with the stems they stand for; `begun` the beginnings of a word with its stem. `shortened` is
    what a shortened word is worth, `spellings` are all of them.
    """

    place: Mapping[str, int]
    joined: Mapping[str, frozenset[str]]
    begun: Mapping[str, str]
    shortened: float
    spellings: frozenset[str]


class Said(dict[str, float]):
    """The stems of a question that a name says, 1 for each or less where shortened; `words` is how many
    words the name has, where it says any."""

    words: int = 0


_NOTHING = Said()  # what most names say


def read_asked(question: Question, shortened: float) -> Asked:
    place = {stem_: n for n, stem_ in enumerate(question.stems)}
    joined: dict[str, frozenset[str]] = {}
    for (first, first_word), (second, second_word) in pairwise(question.stems.items()):
        joined.setdefault(stem(first_word + second_word), frozenset((first, second)))
    stems_, words = list(question.stems), list(question.stems.values())
    for count in _INITIALS:
        for end in range(count, len(words) + 1):
            initials = "".join(word[0] for word in words[end - count : end])
            joined.setdefault(initials, frozenset(stems_[end - count : end]))
    begun: dict[str, str] = {}
    for stem_ in question.stems:
        for end in range(_SHORTEST, len(stem_)):
            begun.setdefault(stem_[:end], stem_)
    return Asked(place, joined, begun, shortened, frozenset((*place, *joined, *begun)))


def said_by(words: Set[str], asked: Asked) -> Said:
    """What the words of a name say: `threadpool` thread and pool, `fs` file system, `auth` authentication."""
    if asked.spellings.isdisjoint(words):
        return _NOTHING
    said = Said()
    for word in words:
        if word in asked.place:
            said[word] = 1.0
            said.words += 1
        elif word in asked.joined:
            both = asked.joined[word]
            said.update(dict.fromkeys(both, 1.0))
            said.words += len(both)
        else:
            said.words += 1
            if word in asked.begun:
                said.setdefault(asked.begun[word], asked.shortened)
    return said


def beside_the_name(question: Question, repos: Set[str], paths: Iterable[str]) -> Question:
    """A question as these paths of these repositories are compared with it.

    In one repository its own name tells nothing of where in it, though folders bear it (`src/poetry`); among
    several it tells which is meant. A name that no folder bears may be anyone's choice.
    """
    own = name_stems(min(repos)) if len(repos) == 1 else frozenset()
    stems = {stem_: word for stem_, word in question.stems.items() if stem_ not in own}
    if not stems or len(stems) == len(question.stems):
        return question
    folders = {folder for path in paths for folder in path.split("/")[:-1]}
    return replace(question, stems=stems) if any(own <= name_stems(one) for one in folders) else question


def topic(said: Said, asked: Asked) -> float:
    """1 for a name that is what the question begins with, a half where it begins with the second word, and
    so on; 0 for one that says more than the question. Who asks puts first what it is about."""
    if not said or sum(said.values()) < said.words:
        return 0.0
    return 1 / (1 + min(asked.place[stem_] for stem_ in said))


def words_of(path: str) -> tuple[Set[str], Set[str]]:
    """The words of a whole path but its suffix, and those of the name that tells."""
    return name_stems(str(PurePosixPath(path).with_suffix(""))), name_stems(telling_name(path))


def telling_name(path: str) -> str:
    """A file's name without its suffix; its folder's where the name only says that it is the main one."""
    parts = PurePosixPath(path).parts
    stem_ = parts[-1].split(".")[0] or parts[-1]
    return parts[-2] if stem_ in MAIN_FILES and len(parts) > 1 else stem_
