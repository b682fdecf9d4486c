"""A repository -> its history, and a tree of its own that stands at any commit of it.

The user's repository is only read: a git directory beside it borrows its objects, has an index, a HEAD and a
configuration of its own, and no branch, so nothing that is read in the tree knows a later commit.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from agent.git import Git, GitFailed
from indexer import git
from indexer.errors import BadInput, CairnError
from retriever.evaluate.commits import Asked, Change, Commit

_FIELDS = "%H%x00%P%x00%an <%ae>%x00%ct%x00%B"  # a message holds no NUL
# Only exact renames are told: then no file has to be read, and what moved and changed counts as gone.
_RAW = ("-z", "--raw", "--full-diff", "--no-abbrev", "-M100%", "--no-show-signature", f"--format={_FIELDS}")
_LAYOUT = re.compile(rb"[\s,;]+|\\$", re.MULTILINE)  # what a formatter puts in and takes out
_LINK = "160000"
IGNORED = ".cairnignore"


class NoHistory(CairnError):
    """There is nothing to measure with; the message says what to do."""


class Past:
    """`tree` is the private checkout. Make it with `open_past`."""

    def __init__(self, repository: git.Repository, calls: Git, head: str) -> None:
        self.repository = repository
        self.tree = calls.tree
        self.head = head
        self._git = calls

    @property
    def is_shallow(self) -> bool:
        return (self._git.gitdir / "shallow").exists()

    def commits(self, most: int, since: str | None, below: str) -> list[Commit]:
        """The last commits that are no merges, oldest first. Raises BadInput for a date git cannot read."""
        options = ["--no-merges", "--topo-order", f"--max-count={most}"]
        options += [f"--since={since}"] if since else []
        said = self._git.run("log", *options, *_RAW, self.head, "--", *([below] if below else []))
        return list(_read_log(said.split("\0")))[::-1]

    def known(self, ids: Sequence[str]) -> list[Commit]:
        """These commits, in this order. Raises NoHistory when one is not there."""
        try:
            said = self._git.run("log", "--no-walk=unsorted", *_RAW, *ids, "--")
        except GitFailed as error:
            raise NoHistory(
                f"commits of the former run are not in {self.repository.top} ({error}); a shallow clone? "
                "fetch more, or measure anew with --save"
            ) from error
        return list(_read_log(said.split("\0")))

    def is_more_than_layout(self, asked: Asked) -> bool:
        """Whether something besides blanks, line breaks, commas and quotes changed in the wanted files.

        Raises NoHistory where their content is not there.
        """
        changed = [change for change in asked.commit.changes if change.path in asked.wanted]
        with self._had(asked.commit.id):
            return any(one.status != "M" or self._bare(one.old) != self._bare(one.new) for one in changed)

    def go(self, commit: str) -> None:
        """Let the tree be that of `commit`, and history end there. Only files that differ are written.

        The user's own .cairnignore holds where a commit has none.
        """
        own, today = self.tree / IGNORED, Path(self.repository.top, IGNORED)
        with self._had(commit):
            self._git.run("read-tree", "--reset", "-u", commit)
            self._git.run("update-ref", "--no-deref", "HEAD", commit)
        if not os.path.lexists(own) and today.is_file() and not today.is_symlink():
            shutil.copyfile(today, own)

    def submodules(self) -> int:
        """How many other repositories the tree names; they are not in it."""
        entries = self._git.paths("ls-files", "--stage", "-z")
        return sum(entry.startswith(_LINK) for entry in entries)

    def _bare(self, blob: str) -> bytes:
        return _LAYOUT.sub(b"", self._git.blob(blob)).replace(b"'", b'"')

    @contextmanager
    def _had(self, commit: str) -> Iterator[None]:
        try:
            yield
        except GitFailed as error:
            raise NoHistory(
                f"the files of commit {commit[:12]} cannot be had from {self.repository.gitdir}: {error}; "
                "of a partial clone, fetch the whole one"
            ) from error


def open_past(root: Path, folder: Path) -> Past:
    """Prepare `folder` for the repository around `root`. Raises BadInput where there is no history."""
    found = git.find(os.path.realpath(root))
    head = git.head_commit(root) if found else None
    if found is None or head is None:
        raise BadInput(
            f"{root} is not in a git repository with a commit; give the path of one, or measure your own "
            "questions with --questions FILE"
        )
    tree = folder / "tree"
    tree.mkdir()
    calls = Git(folder / "git", tree)
    calls.init()
    if len(head) == 64:
        calls.run("config", "core.repositoryFormatVersion", "1")
        calls.run("config", "extensions.objectFormat", "sha256")
    objects = Path(found.common, "objects").resolve()
    (calls.gitdir / "objects" / "info").mkdir(parents=True, exist_ok=True)
    (calls.gitdir / "objects" / "info" / "alternates").write_bytes(os.fsencode(objects) + b"\n")
    if (shallow := Path(found.common, "shallow")).exists():
        shutil.copyfile(shallow, calls.gitdir / "shallow")
    (tree / ".git").write_text(f"gitdir: {calls.gitdir}\n")
    return Past(found, calls, head)


def _read_log(fields: Sequence[str]) -> Iterator[Commit]:
    """What `git log -z --raw` with _FIELDS says: five fields, then a mode line and a path for each change."""
    at = 0
    while at + 4 < len(fields):
        if not fields[at].strip():
            at += 1
            continue
        id_, parents, author, time, message = map(_text, fields[at : at + 5])
        at += 5
        changes = []
        while at + 1 < len(fields) and fields[at].lstrip("\n").startswith(":"):
            old_mode, new_mode, old, new, status = fields[at].lstrip("\n")[1:].split(" ")
            paths = 2 if status.startswith(("R", "C")) else 1
            changes.append(Change(fields[at + 1], old_mode, new_mode, old, new, status))
            at += 1 + paths
        yield Commit(id_, tuple(parents.split()), author, int(time), message, tuple(changes))


def _text(field: str) -> str:
    """Without what was no UTF-8."""
    return field.strip().encode("utf-8", "replace").decode()
