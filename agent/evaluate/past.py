"""A repository and a commit -> a clone in which that commit is the newest thing there is.

A clone of everything would hold the change that people made later, a `git log --all` away. Git is
asked for the one commit instead, as over a network: what comes is a pack of what the commit leads
back to. No other branch, tag or reflog comes along, and no object that only a later commit has.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from agent.git import Git, GitFailed
from indexer.errors import BadInput

_BRANCH = "refs/heads/main"


def clone_past(source: Path, commit: str, folder: Path) -> Path:
    """Make the repository `folder`, with an empty work tree: a run takes its own copy of the files.

    source: a clone or a bare repository; it is only read
    commit: the whole id

    Raises BadInput where the source does not have the commit.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    gitdir = folder / ".git"
    # Outside of the new repository, for Git keeps its own configuration beside a git directory.
    making = Git(folder.parent / f"{folder.name}.making", folder)
    shutil.rmtree(making.gitdir, ignore_errors=True)
    making.init()
    try:
        options = ("--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-gc", "--")
        making.run("fetch", *options, str(source.resolve()), commit)
        making.run("update-ref", _BRANCH, f"{commit}^{{commit}}")
    except GitFailed as error:
        raise BadInput(f"{source} cannot give the commit {commit[:12]}: {error}") from error
    making.run("symbolic-ref", "HEAD", _BRANCH)
    shutil.rmtree(making.gitdir / "logs", ignore_errors=True)  # they would say that this was put together
    making.gitdir.rename(gitdir)
    return folder
