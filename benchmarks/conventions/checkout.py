"""A commit of a checkout -> its files as the index sees them, their facts, and the book they make."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.conventions.facts import facts_of
from indexer.files import Skipped, read, walk
from indexer.parse import parse
from indexer.types import ParsedFile
from retriever.check.change import Change, ChangedFile

Row = tuple[str, str, str]  # path, language, facts as JSON: what the catalog keeps


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit by a person that changes code."""

    sha: str
    subject: str


def git(checkout: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(checkout), *words], capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


def exported(checkout: Path, commit: str, folder: Path) -> Path:
    """The files of a commit in `folder`, which is emptied before."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    done = subprocess.run(
        ["git", "-C", str(checkout), "archive", commit], capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(done)) as archive:
        archive.extractall(folder, [member for member in archive if not member.issym()], filter="data")
    return folder


def parsed_of(root: Path) -> Iterator[ParsedFile]:
    """Every file that an index of `root` would hold."""
    for candidate in walk(root).files:
        source = read(root, candidate.path)
        if not isinstance(source, Skipped):
            yield parse(source)


def row_of(parsed: ParsedFile) -> Row:
    return parsed.file.path, parsed.file.language, json.dumps(facts_of(parsed))


def rows_of(root: Path) -> Iterator[Row]:
    return (row_of(parsed) for parsed in parsed_of(root))


_AUTOMATA = ("bot", "renovate", "dependabot", "github-actions", "pre-commit-ci")


def commits_of(checkout: Path, count: int, suffixes: frozenset[str]) -> list[Commit]:
    """The last `count` commits by people that change a file with one of the `suffixes`, newest first.

    Merges are left out, and so are commits that change more than fifty such files: nobody checks those.
    """
    found: list[Commit] = []
    log = git(
        checkout, "log", "--no-merges", "--name-only", "--format=%x01%H%x02%an%x02%s", "HEAD", "-n", "3000"
    )
    for entry in log.split("\x01")[1:]:
        head, _, names = entry.partition("\n")
        sha, author, subject = head.split("\x02")
        code = [name for name in names.split("\n") if name.rpartition(".")[2] in suffixes]
        if 0 < len(code) <= 50 and not any(name in author.lower() for name in _AUTOMATA):
            found.append(Commit(sha, subject))
        if len(found) == count:
            break
    return found


def change_of(checkout: Path, commit: str, repo: str = "") -> Change:
    """What a commit does to the files of its first parent."""
    names = git(checkout, "diff-tree", "-r", "-M", "--name-status", "--no-commit-id", "-z", commit).split(
        "\0"
    )
    files: list[ChangedFile] = []
    at = 0
    while at + 1 < len(names):
        status = names[at]
        old, new = names[at + 1], names[at + 1]
        at += 2
        if status[0] in "RC":
            new = names[at]
            at += 1
        before = None if status == "A" else _blob(checkout, f"{commit}^:{old}")
        after = None if status == "D" else _blob(checkout, f"{commit}:{new}")
        if before is not None or after is not None:
            files.append(ChangedFile(new, old, before, after))
    return Change(repo, tuple(sorted(files, key=lambda file: file.path)))


def _blob(checkout: Path, name: str) -> str | None:
    """The text of a file; None where it has none, as a submodule or an image."""
    done = subprocess.run(
        ["git", "-C", str(checkout), "cat-file", "blob", name], capture_output=True, check=False
    )
    if done.returncode or b"\0" in done.stdout:
        return None
    return done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")
