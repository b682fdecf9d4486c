"""Ignore files -> a verdict on one entry, the way git reaches it: from the top, folder by folder.

git asks about each folder on the way down and never looks inside one that is ignored, so a pattern
here is held against a single entry and not against everything below it. It also compares bytes:
`?` is one byte. So text is handled as Latin-1, in which each byte is a character.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .git import Repository, global_ignore_file
from .wildmatch import Pattern, parse

GIT_FILE = ".gitignore"
OWN_FILE = ".cairnignore"  # same syntax, asked first: leaves out what git has, brings back what git ignores
IGNORE_FILES = (GIT_FILE, OWN_FILE)
_LARGEST = 4_000_000  # bytes; git itself refuses far larger ones, and a real one has a few kilobytes


class UnreadableIgnoreFile(Exception):
    """An ignore file is there and its rules cannot be known. The message says which and why."""


class Patterns:
    """The rules of one ignore file."""

    def __init__(self, text: str) -> None:
        rules = [rule for line in _lines(text) if (rule := parse(line))]
        self._kept = [rule.keeps for rule in rules]
        self._for_folders = _Matcher(rules)
        self._for_files = _Matcher([None if rule.folders_only else rule for rule in rules])

    def ignores(self, path: str, name: str, folder: bool) -> bool | None:
        """What the last rule that fits `path`, seen from the ignore file, says; None if no rule fits."""
        rule = (self._for_folders if folder else self._for_files).last(path, name)
        return None if rule < 0 else not self._kept[rule]


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds in one folder: ignore files with the length of the path they stand at, strongest first."""

    own: tuple[tuple[int, Patterns], ...] = ()
    git: tuple[tuple[int, Patterns], ...] = ()

    def inside(self, folder: str, at: str, names: set[str], base: str) -> Rules:
        """The rules in `folder`, a folder on disk with the entries `names`, known as `at` ("" or "a/b/").

        An ignore file that is a symbolic link counts when it stays inside `base`. Raises
        UnreadableIgnoreFile.
        """
        rules = self
        if OWN_FILE in names:
            rules = replace(rules, own=((len(at), load(os.path.join(folder, OWN_FILE), base)), *rules.own))
        if GIT_FILE in names:
            rules = replace(rules, git=((len(at), load(os.path.join(folder, GIT_FILE), base)), *rules.git))
        return rules

    def entering(self, repository: Repository | None, at: str) -> Rules:
        """The rules at the top of `repository`, or of none, in the folder `at`: git's start afresh there."""
        files = [global_ignore_file()]
        if repository is not None:
            files.insert(0, os.path.join(repository.common, "info", "exclude"))
        loaded = [(len(at), load(path)) for path in files if os.path.lexists(path)]
        return replace(self, git=tuple(loaded))

    def own_verdict(self, path: str, name: str, folder: bool) -> bool | None:
        return _verdict(self.own, path, name, folder)

    def git_ignores(self, path: str, name: str, folder: bool) -> bool:
        return _verdict(self.git, path, name, folder) is True


def load(path: str, base: str = "") -> Patterns:
    """The rules in the file `path`. Raises UnreadableIgnoreFile."""
    try:
        if base and os.path.islink(path):
            target = os.path.realpath(path)
            if not target.startswith(base.rstrip(os.sep) + os.sep):
                raise UnreadableIgnoreFile(f"{path} is a link that leads out of {base}")
        raw = _bytes(path)
    except OSError as problem:
        raise UnreadableIgnoreFile(f"{path}: {problem.strerror}") from problem
    if b"\0" in raw:
        raise UnreadableIgnoreFile(f"{path} is not UTF-8 text; save it as UTF-8")
    for line in raw.split(b"\n"):
        if not line.startswith(b"#") and not _is_utf8(line):  # comments bind nobody
            raise UnreadableIgnoreFile(f"{path} has a rule that is not UTF-8; save it as UTF-8")
    return Patterns(raw.removeprefix(b"\xef\xbb\xbf").decode("latin-1"))


def _bytes(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a named pipe must not block
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
            raise UnreadableIgnoreFile(f"{path} is no ordinary file of at most {_LARGEST:,} bytes")
        return os.read(descriptor, _LARGEST)
    finally:
        os.close(descriptor)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _verdict(files: tuple[tuple[int, Patterns], ...], path: str, name: str, folder: bool) -> bool | None:
    if not path.isascii():
        path, name = os.fsencode(path).decode("latin-1"), os.fsencode(name).decode("latin-1")
    for start, patterns in files:
        ignored = patterns.ignores(path[start:], name, folder)
        if ignored is not None:
            return ignored
    return None


def _lines(text: str) -> list[str]:
    """Lines without their ends, comments and the blanks at their ends, as far as git sees them."""
    lines = []
    for line in text.split("\n"):
        if not line.startswith("#"):
            lines.append(_without_trailing_blanks(line.removesuffix("\r")))
    return lines


def _without_trailing_blanks(line: str) -> str:
    """`a \\  ` ends in the blank that the backslash keeps."""
    kept = len(line.rstrip(" "))
    backslashes = kept - len(line[:kept].rstrip("\\"))
    return line[: kept + 1] if backslashes % 2 and kept < len(line) else line[:kept]


class _Matcher:
    """Finds the last rule that fits, by two regular expressions: rules on names and rules on paths.

    Each is an alternation in reverse order, so the first alternative that fits is the last rule.
    """

    def __init__(self, rules: Sequence[Pattern | None]) -> None:
        numbered = [(number, rule) for number, rule in enumerate(rules) if rule is not None][::-1]
        self._names, self._name_rules = _alternation([(n, r.regex) for n, r in numbered if r.by_name])
        self._paths, self._path_rules = _alternation([(n, r.regex) for n, r in numbered if not r.by_name])

    def last(self, path: str, name: str) -> int:
        best = -1
        if self._names and (found := self._names.match(name)) and found.lastindex:
            best = self._name_rules[found.lastindex - 1]
        if self._paths and (found := self._paths.match(path)) and found.lastindex:
            best = max(best, self._path_rules[found.lastindex - 1])
        return best


def _alternation(rules: list[tuple[int, str]]) -> tuple[re.Pattern[str] | None, list[int]]:
    if not rules:
        return None, []
    source = "|".join(rf"({regex})\Z" for _, regex in rules)
    return re.compile(source, re.DOTALL), [number for number, _ in rules]
