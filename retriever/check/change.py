"""What a change does to files: the text before, the text after, and which lines are new."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from indexer.languages import language_of
from indexer.parse import parse
from indexer.types import ParsedFile, SourceFile

_COMPARED = 100_000_000  # lines before times lines after: a rewrite of 10,000 lines is new from end to end


@dataclass(frozen=True)
class ChangedFile:
    """A file of a change. Texts have LF line ends; `before` is None for a new file, `after` for a gone one.

    `old_path` is where the text before was found: another path than `path` for a file that moved.
    """

    path: str
    old_path: str
    before: str | None
    after: str | None

    @cached_property
    def was(self) -> dict[int, int]:
        """A line of `after` that stays -> where it stood before; 1-based, as all lines are."""
        return _kept(_lines(self.before), _lines(self.after))

    @cached_property
    def added(self) -> frozenset[int]:
        """The lines of `after` that are new or changed."""
        return frozenset(range(1, len(_lines(self.after)) + 1)) - self.was.keys()

    @cached_property
    def touched(self) -> frozenset[int]:
        """The added lines, and those on both sides of where lines were taken out."""
        last = len(_lines(self.after))
        ends = {0: 0, **self.was, last + 1: len(_lines(self.before)) + 1}
        gaps = {line for line in ends if line + 1 in ends and ends[line + 1] != ends[line] + 1}
        beside = gaps | {line + 1 for line in gaps}
        return self.added | {line for line in beside if 0 < line <= last}

    @cached_property
    def parsed(self) -> ParsedFile | None:
        """The file as it is after the change."""
        return _parsed(self.path, self.after)

    @cached_property
    def parsed_before(self) -> ParsedFile | None:
        return _parsed(self.old_path, self.before)

    def code(self, line: int) -> str:
        """A line of the text after, without the space around it."""
        lines = _lines(self.after)
        return lines[line - 1].strip() if 0 < line <= len(lines) else ""


@dataclass(frozen=True)
class Change:
    """The files that a change of the repository `repo` (its name in the index) touches, by path."""

    repo: str
    files: tuple[ChangedFile, ...]

    @cached_property
    def by_path(self) -> dict[str, ChangedFile]:
        return {file.path: file for file in self.files}


def _lines(text: str | None) -> list[str]:
    lines = (text or "").split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def _kept(before: list[str], after: list[str]) -> dict[int, int]:
    """What is alike at both ends is cut off first: comparing the rest is then quick."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    kept = {line: line for line in range(1, start + 1)}
    middle, now_middle = before[start : len(before) - end], after[start : len(after) - end]
    if len(middle) * len(now_middle) <= _COMPARED:
        for at, now, size in SequenceMatcher(None, middle, now_middle).get_matching_blocks():
            kept.update((start + now + nth, start + at + nth) for nth in range(1, size + 1))
    kept.update((len(after) - nth, len(before) - nth) for nth in range(end))
    return kept


def _parsed(path: str, text: str | None) -> ParsedFile | None:
    if text is None:
        return None
    language = language_of(path, text)
    size = len(text)  # nobody asks a changed file for its bytes
    return parse(SourceFile(path, text, language.name, language.kind, digest="", size=size, mtime_ns=0))
