"""A repository and a run's clone of it -> what the clone lacks: what was not committed, what came since.

The repository is only read, and nothing it configures is run: git works with the clone's own directory and
settings, and with a copy of the repository's list of files and times.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from agent.git import Git
from agent.workspace import Workspace
from indexer import git
from indexer.errors import CairnError

_LISTED = 10  # files; the rest is counted
_SPOKEN = 3  # of them, in a sentence
_STATUS = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=all")


def uncommitted(root: Path, workspace: Workspace) -> dict[str, Any]:
    """How many files (`count`) differ from the commit the clone is of, new ones included, the first `paths`
    of them, and that in a sentence (`note`). None of a folder without git: it is copied as it is. Asked of a
    new clone."""
    paths = _uncommitted(root, workspace)
    files = "1 uncommitted file" if len(paths) == 1 else f"{len(paths)} uncommitted files"
    note = f"it starts from the commit {workspace.base[:10]}, without {files}: {_named(paths)}"
    return {"count": len(paths), "paths": paths[:_LISTED], "note": note if paths else ""}


def moved(root: Path, workspace: Workspace, branch: str, commit: str) -> dict[str, Any] | None:
    """Where `branch` of the repository is now, when it has `commits` that `commit`, the change, does not come
    after: how many, the first of the files that `both` touch, and that in a sentence (`note`)."""
    repository = _repository(root)
    if repository is None:
        return None
    ref = f"refs/heads/{branch}"
    try:
        tip = git.run(repository, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}").decode().strip()
        workspace.git.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--", str(root), ref)
        commits = int(workspace.git.run("rev-list", "--count", tip, f"^{workspace.base}", "--"))
        both = sorted(_touched(workspace, tip) & _touched(workspace, commit))
    except (CairnError, OSError):
        return None  # no such branch any more, or no such repository
    if not commits:
        return None
    ahead = "1 commit" if commits == 1 else f"{commits} commits"
    files = f"touched there as well: {_named(both)}" if both else "none of its files was touched there"
    note = f"{branch} has {ahead}, up to {tip[:10]}, that the change does not come after; {files}"
    return {"branch": branch, "commit": tip, "commits": commits, "both": both[:_LISTED], "note": note}


def _uncommitted(root: Path, workspace: Workspace) -> list[str]:
    repository = _repository(root)
    if repository is None:
        return []
    there = Git(workspace.git.gitdir, root)
    spare = workspace.folder / f"there-{secrets.token_hex(4)}-index"
    try:
        with suppress(
            CairnError, OSError
        ):  # none, or not whole in one file (`git update-index --split-index`)
            # With its time: a file that has the size and time noted there is not read.
            shutil.copy2(os.path.join(repository.gitdir, "index"), spare)
            return _changes(there, repository, spare)
        spare.unlink(missing_ok=True)
        there.run("read-tree", "HEAD", env={"GIT_INDEX_FILE": str(spare)})
        return _changes(there, repository, spare)
    except (CairnError, OSError):
        return []  # a remark is no reason to fail
    finally:
        spare.unlink(missing_ok=True)


def _changes(there: Git, repository: git.Repository, index: Path) -> list[str]:
    """What differs from HEAD, and what is new."""
    environment = {"GIT_INDEX_FILE": str(index)}
    rules = (os.path.join(repository.common, "info", "exclude"), git.global_ignore_file())
    excluded = [f"--exclude-from={path}" for path in rules if os.path.isfile(path)]
    changed = there.run(*_as_written(repository), *_STATUS, env=environment).split("\0")
    new = there.run("ls-files", "-z", "--others", "--exclude-standard", *excluded, env=environment)
    return sorted(filter(None, (*(row[3:] for row in changed), *new.split("\0"))))


def _as_written(repository: git.Repository) -> list[str]:
    """How files are written there: one that differs in its line ends alone is not changed."""
    settings = ["core.fileMode=false"]  # a disk without mode bits would make every file another one
    for name in ("core.autocrlf", "core.eol"):
        with suppress(CairnError):  # it is not set
            settings.append(f"{name}={git.run(repository, 'config', '--get', name).decode().strip()}")
    return [word for setting in settings for word in ("-c", setting)]


def _repository(root: Path) -> git.Repository | None:
    return git.find(os.path.realpath(root)) if (root / ".git").exists() else None


def _touched(workspace: Workspace, commit: str) -> set[str]:
    """The files that a commit has otherwise than where its history left that of the run's first commit."""
    base = workspace.git.run("merge-base", workspace.base, commit)
    return set(workspace.git.paths("diff-tree", "-r", "-z", "--name-only", "--no-renames", base, commit))


def _named(paths: Sequence[str]) -> str:
    more = len(paths) - _SPOKEN
    return ", ".join(paths[:_SPOKEN]) + (f" and {more} more" if more > 0 else "")
