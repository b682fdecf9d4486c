"""A commit in a git directory -> the texts it changed, before and after."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import BadInput

_REGULAR = ("100644", "100755")
_ABSENT = "000000"


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file as it was and as it became, with LF line breaks. None: it was, or is, not there."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Fix:
    """A commit with one parent. `message` is all of it."""

    commit: str
    parent: str
    message: str
    files: tuple[FileChange, ...]

    @property
    def subject(self) -> str:
        return self.message.strip().partition("\n")[0]


def read_fix(gitdir: Path, commit: str) -> Fix:
    """Read a commit. Raises BadInput for merges, and for files that are no text in UTF-8."""
    parents = git(gitdir, "rev-list", "--parents", "-n1", commit).split()[1:]
    if len(parents) != 1:
        raise BadInput(f"{commit} has {len(parents)} parents; only a commit with one can be replayed")
    message = git(gitdir, "log", "-1", "--format=%B", commit)
    rows = git(gitdir, "diff-tree", "-r", "-z", "--no-renames", "--raw", "--no-abbrev", parents[0], commit)
    fields = rows.split("\0")[:-1]
    files = [_file(gitdir, row, path) for row, path in zip(fields[::2], fields[1::2], strict=True)]
    return Fix(commit, parents[0], message, tuple(file for file in files if file.before != file.after))


def git(gitdir: Path, *arguments: str) -> str:
    """What git says of a repository that is only read. Raises BadInput with what it complains of."""
    return _git(gitdir, *arguments).decode("utf-8", "surrogateescape")


def _file(gitdir: Path, row: str, path: str) -> FileChange:
    old_mode, new_mode, old, new, _ = row.removeprefix(":").split(" ")
    for mode in (old_mode, new_mode):
        if mode not in (*_REGULAR, _ABSENT):
            raise BadInput(f"{path} is a link or a submodule; only regular files can be replayed")
    return FileChange(
        path,
        None if old_mode == _ABSENT else _text(gitdir, old, path),
        None if new_mode == _ABSENT else _text(gitdir, new, path),
    )


def _text(gitdir: Path, blob: str, path: str) -> str:
    try:
        text = _git(gitdir, "cat-file", "blob", blob).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is no text in UTF-8 ({error}); it cannot be replayed") from error
    if "\0" in text:
        raise BadInput(f"{path} is binary; it cannot be replayed")
    return text.replace("\r\n", "\n")


def _git(gitdir: Path, *arguments: str) -> bytes:
    done = subprocess.run(["git", "--git-dir", str(gitdir), *arguments], capture_output=True)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise BadInput(f"git {arguments[0]} in {gitdir} ended with {done.returncode}: {said}")
    return done.stdout
