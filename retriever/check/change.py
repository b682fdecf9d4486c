"""What a change does to files: the text before, the text after, and which lines are new."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from indexer.languages import language_of
from indexer.parse import parse
from indexer.types import ParsedFile, SourceFile


@dataclass(frozen=True)
class ChangedFile:
    """A file of a change. Texts have LF line ends; `before` is None for a new file, `after` for a deleted one.

    `old_path` is where the text before was found: another path than `path` for a file that moved.
    """

    path: str
    old_path: str
    before: str | None
    after: str | None

    @cached_property
    def _changes(self) -> tuple[frozenset[int], frozenset[int]]:
        return _compared(_lines(self.before), _lines(self.after))

    @property
    def added(self) -> frozenset[int]:
        """The lines of `after` that are new or changed, 1-based."""
        return self._changes[0]

    @property
    def touched(self) -> frozenset[int]:
        """The added lines, and those on both sides of where lines were taken out."""
        return self._changes[1]

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


def _compared(before: list[str], after: list[str]) -> tuple[frozenset[int], frozenset[int]]:
    """(added, touched). What is alike at both ends is cut off first: comparing the rest is then quick."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    matcher = SequenceMatcher(None, before[start : len(before) - end], after[start : len(after) - end])
    added: set[int] = set()
    beside: set[int] = set()
    for what, _, _, first, last in matcher.get_opcodes():
        if what in ("insert", "replace"):
            added.update(range(start + first + 1, start + last + 1))
        elif what == "delete":
            beside.update((start + first, start + first + 1))
    return frozenset(added), frozenset(added | {line for line in beside if 0 < line <= len(after)})


def _parsed(path: str, text: str | None) -> ParsedFile | None:
    if text is None:
        return None
    language = language_of(path, text)
    size = len(text)  # nobody asks a changed file for its bytes
    return parse(SourceFile(path, text, language.name, language.kind, digest="", size=size, mtime_ns=0))
