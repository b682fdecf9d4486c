"""A broken rule and the place that broke it -> the nearest place that keeps the rule, with its code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from indexer.conventions import FileFacts, Rule
from indexer.errors import NotFound

from .change import ChangedFile
from .finding import Shown

_MOST_TRIED = 5  # files: one that is gone since it was counted has no line to show

Texts = Callable[[str], str]  # path -> text; raises NotFound


def nearest(
    rule: Rule,
    file: ChangedFile,
    line: int,
    after: FileFacts | None,
    others: Sequence[FileFacts],
    text_of: Texts | None,
) -> Shown | None:
    """In the file itself, else in its folder, else near in the tree.

    `after` are the facts of the changed file, `others` those of the files that the change leaves alone.
    """
    kept = [at for at in _lines(after, rule) if at not in file.touched]
    if kept:
        at = min(kept, key=lambda at: (abs(at - line), at))
        return Shown(file.path, at, file.code(at))
    for path, at in list(_elsewhere(rule, file.path, others))[:_MOST_TRIED]:
        if text_of is None:
            return Shown(path, at)
        try:
            lines = text_of(path).split("\n")
        except NotFound:
            continue
        if at <= len(lines):
            # what is said of a whole file is counted on its first line, which shows nothing of it
            return Shown(path, at, lines[at - 1].strip() if at > 1 else "")
    return None


def folder_of(path: str) -> str:
    return path.rpartition("/")[0]


def _lines(file: FileFacts | None, rule: Rule) -> list[int]:
    return file.facts.get(rule.question, {}).get(rule.answer, [0])[1:] if file else []


def _elsewhere(rule: Rule, path: str, others: Sequence[FileFacts]) -> Iterator[tuple[str, int]]:
    """Places in other files, the nearest first; without files the rule's own examples."""
    told = [
        (one.path, lines[0])
        for one in others
        if one.language == rule.language and (lines := _lines(one, rule))
    ]
    for example in () if others else rule.examples:
        place, _, at = example.rpartition(":")
        if at.isdigit() and place != path:
            told.append((place, int(at)))
    yield from dict(sorted(told, key=lambda place: (_distance(path, place[0]), place[0], -place[1]))).items()


def _distance(path: str, other: str) -> int:
    """How many folders one goes up and down from one file to the other."""
    here, there = path.split("/")[:-1], other.split("/")[:-1]
    shared = 0
    for one, two in zip(here, there, strict=False):
        if one != two:
            break
        shared += 1
    return len(here) + len(there) - 2 * shared
