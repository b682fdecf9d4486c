"""The commits of a history -> those that make questions, and a sample of them spread over all of it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from indexer import skip
from indexer.languages import language_of
from retriever.standing import is_aside

from .message import question, why_no_question

MOST_FILES = 8  # source files: a commit that changes more is a sweep, and no question has so many answers
_REGULAR = ("100644", "100755")

Part = Literal["subject", "message"]


class Change(NamedTuple):
    """What a commit did to one path, as git's raw format says it; a new file has the mode 000000 before."""

    path: str
    old_mode: str
    new_mode: str
    old: str
    new: str
    status: str


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that is no merge. `time` is in seconds since 1970."""

    id: str
    parents: tuple[str, ...]
    author: str
    time: int
    message: str
    changes: tuple[Change, ...]

    @property
    def subject(self) -> str:
        return self.message.strip().partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Asked:
    """A commit as a question: `wanted` are the source files it changed that its parent has."""

    commit: Commit
    query: str
    wanted: tuple[str, ...]

    @property
    def parent(self) -> str:
        return self.commit.parents[0]


@dataclass(frozen=True, slots=True)
class Qualified:
    """The commits that make questions, oldest first, and how many do not, by reason."""

    asked: list[Asked] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


def qualify(commits: Iterable[Commit], part: Part = "subject", below: str = "") -> Qualified:
    """Sort out what makes a question. `commits` come oldest first; `below` is "" or a folder with a slash."""
    found = Qualified()
    known: set[str] = set()
    for commit in commits:
        query = question(commit.subject if part == "subject" else commit.message)
        wanted = tuple(change.path for change in commit.changes if _is_wanted(change, below))
        why = _why_not(commit, wanted, below) or ("said twice" if query in known else None)
        if why is not None:
            found.refused[why] += 1
            continue
        known.add(query)
        found.asked.append(Asked(commit, query, wanted))
    return found


def sample(
    asked: Sequence[Asked], number: int, seed: int, is_sound: Callable[[Asked], bool] = lambda _: True
) -> list[Asked]:
    """At most `number` of them, one from each of as many equal stretches of the history, oldest first.

    `is_sound` looks closer at those that are drawn; where it refuses one, another of its stretch is taken.
    """
    chance = random.Random(seed)
    drawn = []
    number = min(number, len(asked))
    for nr in range(number):
        stretch = list(asked[nr * len(asked) // number : (nr + 1) * len(asked) // number])
        chance.shuffle(stretch)
        drawn += next(([one] for one in stretch if is_sound(one)), [])
    return drawn


def _why_not(commit: Commit, wanted: Sequence[str], below: str) -> str | None:
    if len(commit.parents) != 1:
        return "without a parent here"
    if not any(change.path.startswith(below) for change in commit.changes):
        return "elsewhere"
    if not wanted:
        return "no source file of the parent changed"
    if len(wanted) > MOST_FILES:
        return f"more than {MOST_FILES} source files"
    return why_no_question(commit.subject, commit.author)


def _is_wanted(change: Change, below: str) -> bool:
    """Whether it is a source file that the parent has, whose content became another or went away."""
    if change.old_mode not in _REGULAR or change.new_mode not in (*_REGULAR, "000000"):
        return False  # new here, a link or a submodule
    if change.status.startswith(("R", "C")) or change.old == change.new:
        return False  # moved as it is, or only its mode
    return change.path.startswith(below) and is_source(change.path)


def is_source(path: str) -> bool:
    """Whether a path is one of code that people write: no test, document, setting, lock or generated file."""
    *folders, name = path.split("/")
    place = skip.Place()
    for folder in folders:
        if skip.by_folder_name(folder) is not None:
            return False
        place = place.below(folder)
    language = language_of(path, "")
    return language.kind == "code" and skip.by_name(name, place) is None and not is_aside(path, language.kind)
