"""A clone that ends at a commit: what came later is not in it, by any name."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from agent.evaluate.past import clone_past
from agent.workspace import RepoHandle, make_workspace
from indexer.errors import BadInput
from tests.agent.evaluate.world import PRICE, SLUG, Made, git, make


@pytest.fixture
def made(tmp_path: Path) -> Made:
    return make(tmp_path / "repositories", PRICE)


def objects(gitdir: Path) -> set[str]:
    """Every object there is, reachable or not."""
    listed = git(gitdir, "cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    return set(listed.split())


def test_no_object_of_a_later_commit_can_be_read(made: Made, tmp_path: Path) -> None:
    clone = clone_past(made.root, made.base, tmp_path / "clone")

    past = set(git(made.root, "rev-list", "--objects", "--no-object-names", made.base).split())
    assert objects(clone) == past
    later = {made.future, git(made.root, "rev-parse", f"{made.future}:price.py").strip()}
    assert not later & past
    for name in later:
        shown = subprocess.run(["git", "-C", clone, "cat-file", "-e", name], capture_output=True, check=False)
        assert shown.returncode != 0
    assert not (clone / ".git" / "objects" / "info" / "alternates").exists()


def test_no_name_leads_to_the_future(made: Made, tmp_path: Path) -> None:
    clone = clone_past(made.root, made.base, tmp_path / "clone")

    assert git(clone, "for-each-ref", "--format=%(refname) %(objectname)") == f"refs/heads/main {made.base}\n"
    assert git(clone, "log", "--all", "--reflog", "--format=%s") == "Add the code\nBegin\n"
    assert not (clone / ".git" / "logs").exists()
    assert not (clone / ".git" / "FETCH_HEAD").exists()
    assert "repositories" not in (clone / ".git" / "config").read_text()  # where it came from


def test_the_working_copy_of_a_run_has_no_future_either(made: Made, tmp_path: Path) -> None:
    clone = clone_past(made.root, made.base, tmp_path / "clone")
    workspace = make_workspace(RepoHandle("shop", clone), tmp_path / "run", "agent/x")

    assert workspace.base == made.base
    assert workspace.base_branch == "main"
    assert (workspace.tree / "price.py").read_text() == PRICE.files["price.py"]
    assert not workspace.git.has(made.future)


def test_a_bare_repository_and_packed_objects_do_as_well(tmp_path: Path) -> None:
    made = make(tmp_path / "repositories", SLUG)
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(made.root), str(bare))
    git(bare, "repack", "-a", "-d", "--quiet")

    clone = clone_past(bare, made.base, tmp_path / "clone")
    assert made.base in objects(clone)
    assert made.future not in objects(clone)


def test_a_commit_that_is_not_there_is_refused(made: Made, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot give the commit 000000000000"):
        clone_past(made.root, "0" * 40, tmp_path / "clone")
