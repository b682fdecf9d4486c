"""A unified diff -> what it does to each file, hunk by hunk.

Read are git's diffs (renames, new and deleted files, modes, binary files, quoted paths) and those of
`diff -u`. Line ends are LF or CRLF; what stands between the files, as in a mail, is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.errors import BadInput

from .quoted import stripped, unquoted

LARGEST = 4 << 20  # characters: a change that a person reads is a hundredth of it
_MOST_FILES = 2000

_HUNK = re.compile(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_HEADER = re.compile(r'diff --git ("(?:[^"\\]|\\.)*"|a/.*) ("(?:[^"\\]|\\.)*"|b/.*)')
_NOWHERE = "/dev/null"


@dataclass(frozen=True, slots=True)
class Hunk:
    """Consecutive lines: `before` from line `start` on become `after`, from line `start_after` on."""

    number: int
    start: int
    start_after: int
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(slots=True)
class FilePatch:
    """What happens to one file. `old` is None for a new file, `new` for a deleted one.

    Paths are as git names them, or as they stand in a diff of `diff -u`, whose first folder may be made
    up: `bare` says so. `line` is where in the diff it begins.
    """

    old: str | None
    new: str | None
    line: int
    bare: bool = False
    binary: bool = False
    hunks: list[Hunk] = field(default_factory=list)


def read_patch(diff: str) -> list[FilePatch]:
    """The files of a diff, in its order. Raises BadInput, with the line that is wrong."""
    if len(diff) > LARGEST:
        raise BadInput(f"the diff has {len(diff)} characters, at most {LARGEST} are read; check it in parts")
    return _Reading(diff.removeprefix("\ufeff").split("\n")).files()


class _Reading:
    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines[:-1] if lines and not lines[-1] else lines
        self._at = 0
        self._found: list[FilePatch] = []

    def files(self) -> list[FilePatch]:
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.startswith("diff --git "):
                self._git_header()
            elif line.startswith(("diff --cc ", "diff --combined ")):
                raise self._wrong("is the diff of a merge; give the diff against one parent")
            elif line.startswith("--- ") and self._next().startswith("+++ "):
                self._plain_header()
            elif line.startswith("@@ -"):
                raise self._wrong(
                    "is a hunk that belongs to no file: `--- a/file` and `+++ b/file` must precede"
                )
            else:
                self._at += 1
        if not self._found and any(line.strip() for line in self._lines):
            raise BadInput(
                "line 1 of the diff: no file follows; give a unified diff, as `git diff` prints it"
            )
        return self._found

    def _next(self) -> str:
        return self._lines[self._at + 1] if self._at + 1 < len(self._lines) else ""

    def _wrong(self, what: str) -> BadInput:
        return BadInput(f"line {self._at + 1} of the diff {what}")

    def _begin(self, patch: FilePatch) -> None:
        if len(self._found) >= _MOST_FILES:
            raise self._wrong(f"begins file {_MOST_FILES + 1}; check the change in parts")
        self._found.append(patch)

    def _git_header(self) -> None:
        old, new = self._both_paths(_end(self._lines[self._at]))
        patch = FilePatch(old, new, self._at + 1)
        self._begin(patch)
        self._at += 1
        while self._at < len(self._lines):
            line = _end(self._lines[self._at])
            word, _, rest = line.partition(" ")
            if line.startswith("new file mode "):
                patch.old = None
            elif line.startswith("deleted file mode "):
                patch.new = None
            elif line.startswith(("rename from ", "copy from ")):
                patch.old = self._path(line.split(" ", 2)[2])
            elif line.startswith(("rename to ", "copy to ")):
                patch.new = self._path(line.split(" ", 2)[2])
            elif line.startswith("--- ") and self._next().startswith("+++ "):
                before = self._named(rest)
                after = self._named(_end(self._next())[4:])
                patch.old = None if before == _NOWHERE else stripped(before)
                patch.new = None if after == _NOWHERE else stripped(after)
                self._at += 2
                self._hunks(patch)
                return
            elif line.startswith(("Binary files ", "GIT binary patch")):
                patch.binary = True
                self._at += 1
                return
            elif word not in ("index", "old", "new", "similarity", "dissimilarity"):
                return  # no hunks: a change of the mode, or a rename alone
            self._at += 1

    def _both_paths(self, line: str) -> tuple[str, str]:
        """Of `diff --git a/x b/x`. Without quotes a path may hold " b/": both halves are then the same."""
        rest = line.removeprefix("diff --git ")
        half = len(rest) // 2
        if (
            rest[half : half + 1] == " "
            and rest[:half].partition("/")[2] == rest[half + 1 :].partition("/")[2]
        ):
            return stripped(rest[:half]), stripped(rest[half + 1 :])
        match = _HEADER.fullmatch(line)
        if match is None:
            words = rest.split(" ")  # made with --no-prefix; the lines after it tell the paths again
            if len(words) != 2:
                raise self._wrong("names no two paths after `diff --git`")
            return words[0], words[1]
        return stripped(self._path(match[1])), stripped(self._path(match[2]))

    def _plain_header(self) -> None:
        before, after = self._named(_end(self._lines[self._at])[4:]), self._named(_end(self._next())[4:])
        if before == after == _NOWHERE:
            raise self._wrong("turns nothing into nothing")
        patch = FilePatch(before, after, self._at + 1, bare=True)
        self._begin(patch)
        self._at += 2
        self._hunks(patch)
        first = patch.hunks[0] if patch.hunks else None
        if before == _NOWHERE or (first and not first.start and not first.before):
            patch.old = None
        if after == _NOWHERE or (first and not first.start_after and not first.after):
            patch.new = None

    def _named(self, text: str) -> str:
        """The path of a `---` line: a tab and the time of the file may follow it."""
        return self._path(text if text.startswith('"') else text.partition("\t")[0])

    def _path(self, text: str) -> str:
        path = unquoted(text)
        if path is None:
            raise self._wrong("holds a path whose quotes do not end")
        return path

    def _hunks(self, patch: FilePatch) -> None:
        while self._at < len(self._lines) and self._lines[self._at].startswith("@@ "):
            match = _HUNK.match(self._lines[self._at])
            if match is None:
                raise self._wrong(f"is no head of a hunk: {_end(self._lines[self._at])[:60]!r}")
            self._at += 1
            patch.hunks.append(self._hunk(match, len(patch.hunks) + 1))

    def _hunk(self, head: re.Match[str], number: int) -> Hunk:
        start, start_after = int(head[1]), int(head[3])
        counts = [int(head[2] or 1), int(head[4] or 1)]
        before: list[str] = []
        after: list[str] = []
        said = self._at
        while len(before) < counts[0] or len(after) < counts[1] or self._at_open_end():
            line = self._lines[self._at] if self._at < len(self._lines) else None
            if line is None:
                raise BadInput(
                    f"line {said} of the diff promises {counts[0]} and {counts[1]} lines, "
                    f"but the diff ends after {len(before)} and {len(after)}"
                )
            sign, text = line[:1], _end(line[1:])
            if sign == "\\":
                pass  # no newline at the end of the file: nothing here depends on it
            elif sign in ("-", " ", ""):  # an editor may have taken the space from an empty line
                before.append(text)
                if sign != "-":
                    after.append(text)
            elif sign == "+":
                after.append(text)
            else:
                raise self._wrong(f"is no line of a hunk: {line[:60]!r}; those begin with a space, + or -")
            if len(before) > counts[0] or len(after) > counts[1]:
                raise self._wrong(
                    f"is one more than line {said} promises ({counts[0]} and {counts[1]} lines)"
                )
            self._at += 1
        return Hunk(number, start, start_after, tuple(before), tuple(after))

    def _at_open_end(self) -> bool:
        return self._at < len(self._lines) and self._lines[self._at].startswith("\\ ")


def _end(line: str) -> str:
    return line.removesuffix("\r")
