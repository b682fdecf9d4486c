"""git is asked about repositories, wherever their git directory is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from indexer.git import GitFailed, find, head_commit, listing, run


def git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@t")
    done = subprocess.run(["git", "-C", str(root), *identity, *arguments], capture_output=True, check=True)
    return done.stdout.decode().strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = Path(os.path.realpath(tmp_path), "repository")
    root.mkdir()
    git(root, "init", "-q")
    (root / "a.txt").write_text("a")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    return root


def test_a_folder_without_a_repository_has_none(tmp_path: Path) -> None:
    assert find(os.path.realpath(tmp_path)) is None
    assert head_commit(tmp_path) is None


def test_the_repository_is_found_from_below(repository: Path) -> None:
    (repository / "a" / "b").mkdir(parents=True)
    found = find(str(repository / "a" / "b"))
    assert found is not None
    assert (found.top, found.gitdir, found.common) == (
        str(repository),
        f"{repository}/.git",
        f"{repository}/.git",
    )
    assert head_commit(repository / "a") == git(repository, "rev-parse", "HEAD")


def test_a_linked_worktree_shares_the_common_directory(repository: Path, tmp_path: Path) -> None:
    linked = Path(os.path.realpath(tmp_path), "linked")
    git(repository, "worktree", "add", "-q", "-b", "other", str(linked))
    found = find(str(linked))
    assert found is not None
    assert found.gitdir == f"{repository}/.git/worktrees/linked"
    assert found.common == f"{repository}/.git"


def test_an_empty_git_folder_is_no_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert find(os.path.realpath(tmp_path)) is None


def test_a_repository_without_a_commit_has_no_head(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert head_commit(tmp_path) is None


def test_tracked_and_new_files_are_told_apart(repository: Path) -> None:
    (repository / "new.txt").write_text("n")
    found = find(str(repository))
    assert found is not None
    assert listing(found, str(repository)) == {"a.txt": True, "new.txt": False}
    assert listing(found, str(repository), ["a.txt", "*"]) == {"a.txt": True}


def test_a_refusal_says_what_git_said(repository: Path) -> None:
    found = find(str(repository))
    assert found is not None
    with pytest.raises(GitFailed, match=r"git rev-parse in .* ended with \d+: fatal: "):
        run(found, "rev-parse", "--verify", "nonsense")
