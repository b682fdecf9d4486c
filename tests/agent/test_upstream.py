"""What of a repository a run's clone does not have, against real repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from agent.upstream import moved, uncommitted
from agent.workspace import RepoHandle, Workspace, make_workspace
from tests.conftest import git, write


def clone(root: Path, tmp_path: Path) -> Workspace:
    return make_workspace(RepoHandle("shop", root), tmp_path / "workspaces" / "run", "agent/run")


def commit(workspace: Workspace, path: str, text: str) -> str:
    """The change of a run."""
    write(workspace.tree / path, text)
    return workspace.commit(workspace.stage([*workspace.changed(), path]), "A change\n")


def test_a_clean_repository_leaves_nothing_out(project: Path, tmp_path: Path) -> None:
    os.utime(project / "shop" / "retry.py")  # another time, the same bytes
    assert uncommitted(project, clone(project, tmp_path)) == {"count": 0, "paths": [], "note": ""}


def test_changed_staged_deleted_and_new_files_are_counted(project: Path, tmp_path: Path) -> None:
    tracked = git(project, "ls-files").split()
    write(project / "shop" / "retry.py", "pause = 1\n")
    (project / tracked[-1]).unlink()
    write(project / "staged.py", "staged = True\n")
    git(project, "add", "staged.py")
    write(project / "a b\nc.py", "new = True\n")
    before = (project / ".git" / "index").read_bytes()
    workspace = clone(project, tmp_path)

    left = uncommitted(project, workspace)

    assert left["paths"] == sorted(["shop/retry.py", tracked[-1], "staged.py", "a b\nc.py"])
    assert left["note"].startswith(
        f"it starts from the commit {workspace.base[:10]}, without 4 uncommitted files: "
    )
    assert left["note"].endswith(" and 1 more")
    assert (project / ".git" / "index").read_bytes() == before
    assert not list(workspace.folder.glob("there-*"))


def test_ignored_files_and_mode_bits_do_not_count(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    write(tmp_path / "config" / "git" / "ignore", "*.swp\n")
    write(project / ".git" / "info" / "exclude", "mine.txt\n")
    write(project / "mine.txt", "x")
    write(project / "a.swp", "x")
    (project / "shop" / "retry.py").chmod(0o755)
    assert uncommitted(project, clone(project, tmp_path))["count"] == 0


def test_an_index_in_two_files_is_read_too(project: Path, tmp_path: Path) -> None:
    git(project, "update-index", "--split-index")
    write(project / "shop" / "retry.py", "pause = 1\n")
    assert uncommitted(project, clone(project, tmp_path))["paths"] == ["shop/retry.py"]


def test_line_ends_as_the_repository_writes_them_are_no_change(project: Path, tmp_path: Path) -> None:
    git(project, "config", "core.autocrlf", "true")
    (project / "shop" / "retry.py").unlink()
    git(project, "checkout", "--", "shop/retry.py")
    assert b"\r\n" in (project / "shop" / "retry.py").read_bytes()
    os.utime(project / "shop" / "retry.py")  # so that its content is compared
    assert uncommitted(project, clone(project, tmp_path))["count"] == 0


def test_nothing_the_repository_configures_is_run(project: Path, tmp_path: Path) -> None:
    write(project / "run.sh", f"#!/bin/sh\ntouch {tmp_path}/ran\ncat\n")
    (project / "run.sh").chmod(0o755)
    for name in ("core.fsmonitor", "filter.x.clean", "filter.x.process"):
        git(project, "config", name, str(project / "run.sh"))
    write(project / ".gitattributes", "*.py filter=x\n")
    write(project / "shop" / "retry.py", "pause = 1\n")
    assert uncommitted(project, clone(project, tmp_path))["count"] == 3
    assert not (tmp_path / "ran").exists()


def test_of_a_linked_worktree_its_own_files_are_counted(project: Path, tmp_path: Path) -> None:
    git(project, "worktree", "add", "-q", "-b", "other", str(tmp_path / "other"))
    write(tmp_path / "other" / "shop" / "retry.py", "pause = 1\n")
    assert uncommitted(tmp_path / "other", clone(tmp_path / "other", tmp_path))["paths"] == ["shop/retry.py"]


def test_a_folder_without_git_is_copied_as_it_is(sample: Path, tmp_path: Path) -> None:
    workspace = clone(sample, tmp_path)
    assert uncommitted(sample, workspace)["count"] == 0
    assert moved(sample, workspace, "main", workspace.base) is None


def test_a_base_branch_that_stayed_is_not_spoken_of(project: Path, tmp_path: Path) -> None:
    workspace = clone(project, tmp_path)
    made = commit(workspace, "shop/retry.py", "pause = 1\n")
    assert moved(project, workspace, workspace.base_branch, made) is None
    assert moved(project, workspace, "gone", made) is None


@pytest.mark.parametrize("rewritten", [False, True])
def test_a_base_branch_that_moved_is_told_with_the_files_both_touch(
    project: Path, tmp_path: Path, rewritten: bool
) -> None:
    write(project / "more.py", "more = 1\n")
    git(project, "add", ".")
    git(project, "commit", "-qm", "More")
    workspace = clone(project, tmp_path)
    if rewritten:
        git(project, "reset", "-q", "--hard", "HEAD^")
    for number in range(2):
        write(project / "shop" / "retry.py", f"pause = {number}\n")
        git(project, "commit", "-qam", f"Change {number}")
    tip = git(project, "rev-parse", "HEAD").strip()
    branch = git(project, "branch", "--show-current").strip()

    found = moved(project, workspace, branch, commit(workspace, "shop/retry.py", "pause = 9\n"))

    assert found is not None
    assert (found["commit"], found["commits"], found["both"]) == (tip, 2, ["shop/retry.py"])
    assert found["note"] == (
        f"{branch} has 2 commits, up to {tip[:10]}, that the change does not come after; "
        "touched there as well: shop/retry.py"
    )


def test_a_branch_that_is_behind_has_not_moved(project: Path, tmp_path: Path) -> None:
    subprocess.run(["git", "-C", str(project), "branch", "old"], check=True)
    write(project / "more.py", "more = 1\n")
    git(project, "add", ".")
    git(project, "commit", "-qm", "More")
    workspace = clone(project, tmp_path)
    assert moved(project, workspace, "old", commit(workspace, "more.py", "more = 2\n")) is None
