"""A repository -> its latest commits: who wrote them, what they say, which files they changed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer import git

LATEST = 500  # commits: a year or two of a busy project
_ENTRY, _PART = "\x1e", "\x1f"
_BOT = re.compile(
    r"\[bot\]|\bbots?\b|dependabot|renovate|pre-commit-ci|github-actions|greenkeeper|snyk|weblate|releaser|^web-flow",
    re.IGNORECASE,
)
_FORMAT = f"--format={_ENTRY}%H{_PART}%P{_PART}%ct{_PART}%an{_PART}%ae{_PART}%s{_PART}%b"
_NEXT = re.compile(r"\n?commit [0-9a-f]{40,64}\n\Z")  # rev-list announces the commit that follows
_LONGEST = 2_000  # characters of a subject or a body that are looked at
_STALE = 3 * 365 * 24 * 3600  # seconds before the newest: a quiet project's 500 commits reach back for ever


@dataclass(frozen=True, slots=True)
class Commit:
    """`parents` are full hashes; more than one is a merge."""

    hash: str
    parents: tuple[str, ...]
    author: str
    subject: str
    body: str

    @property
    def shown(self) -> str:
        """As it is cited: `abc1234 Fix the parser`."""
        said = "".join(char if char.isprintable() else " " for char in self.subject)
        return f"{self.hash[:7]} {said[:72]}"


def commits_of(repository: git.Repository, main_line: bool = False) -> list[Commit]:
    """The latest ones by people, newest first; those of the main line with merges, or all but merges.

    By rev-list, which asks no program of the repository's choice to check signatures, as log may.
    """
    which = ("--first-parent",) if main_line else ("--no-merges",)
    out = git.run(repository, "rev-list", f"-{LATEST * 2}", *which, _FORMAT, "HEAD")
    found: list[Commit] = []
    newest = 0
    for entry in out.decode("utf-8", "replace").split(_ENTRY)[1:]:
        parts = entry.split(_PART)
        if len(parts) != 7:
            continue
        hash, parents, when, author, mail, subject, body = parts
        newest = newest or int(when)
        if newest - int(when) < _STALE and not _BOT.search(f"{author} {mail}"):
            said = _NEXT.sub("", body)[:_LONGEST]
            found.append(Commit(hash, tuple(parents.split()), author, subject[:_LONGEST], said))
    return found[:LATEST]


def files_of(repository: git.Repository, commits: Sequence[Commit]) -> Iterator[tuple[Commit, list[str]]]:
    """What each changed, seen from its first parent; a first commit of all is left out."""
    known = {commit.hash: commit for commit in commits if commit.parents}
    feed = "".join(f"{commit.hash} {commit.parents[0]}\n" for commit in known.values())
    options = ("-r", "-z", "--stdin", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv")
    out = git.run(repository, "diff-tree", *options, feed=feed.encode("ascii"))
    commit, paths = None, []
    for word in os.fsdecode(out).split("\0"):
        header = known.get(word.strip())
        if header is None:
            if word:
                paths.append(word)
            continue
        if commit is not None:
            yield commit, paths
        commit, paths = header, []
    if commit is not None:
        yield commit, paths


def branch_names(repository: git.Repository, merges: Sequence[Commit]) -> list[str]:
    """Of the remotes, and of the pull requests that were merged as such; main lines and bots left out."""
    out = git.run(repository, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes")
    names = [line for line in out.decode("utf-8", "replace").splitlines() if line]
    for merge in merges:
        if match := _MERGED.match(merge.subject):
            names.append(match[1] or match[2])
    return sorted({name for name in names if not _MAIN.match(name) and not _BOT.search(name)})


_MERGED = re.compile(r"Merge (?:pull request #\d+ from [^/\s]+/(\S+)|(?:remote-tracking )?branch '([^']+)')")
_MAIN = re.compile(
    r"(?:HEAD|main|master|trunk|develop(?:ment)?|dev|next|gh-pages|stable|production|staging|origin)$"
    r"|v?\d+(?:[._-](?:\d+|x))*(?:[._-]?\w+)?$|(?:release|maintenance|backport|dependabot|renovate|revert|patchback|"
    r"pre-commit)\b|.*-patch-\d+$"
)


def repository_of(root: Path) -> git.Repository | None:
    """The one whose top is `root`: the history around a folder speaks of more than the folder."""
    real = os.path.realpath(root)
    found = git.find(real)
    return found if found is not None and os.path.realpath(found.top) == real else None
