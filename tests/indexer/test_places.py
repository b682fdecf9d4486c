"""Which folders decide about an index, and on which file systems events cannot be trusted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from indexer.places import Side, enters, has_rules_that_bring_back, kernel_kind, shared_kind, sides_of

from ..conftest import git

_MOUNTS = """\
20 1 8:1 / / rw - ext4 /dev/sda1 rw
21 20 0:30 / /net/my\\040share rw - nfs4 server:/x rw
22 20 0:31 / /srv rw - ext4 /dev/sdb1 rw
23 22 0:32 / /srv/code/assets rw - fuse.sshfs me@there: rw
24 20 0:33 / /both rw - nfs server:/y rw
25 20 0:34 / /both rw - tmpfs tmpfs rw
a line that says nothing
"""


@pytest.mark.parametrize(
    ("root", "kind"),
    [
        ("/home/me/code", None),
        ("/net/my share", "nfs4"),
        ("/net/my share/code", "nfs4"),
        ("/net/my shared code", None),
        ("/srv", "fuse.sshfs"),  # a part of it lies elsewhere
        ("/srv/code", "fuse.sshfs"),
        ("/srv/code2", None),
        ("/both/code", None),  # mounted over
    ],
)
def test_network_shares_are_known_by_their_kind(tmp_path: Path, root: str, kind: str | None) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(_MOUNTS)
    assert shared_kind(root, str(mounts)) == kind


@pytest.mark.parametrize(
    ("root", "kind"),
    [("/proc", "proc"), ("/proc/self", "proc"), ("/srv/code/proc", None), ("/processes", None), ("/", None)],
)
def test_what_the_kernel_shows_of_itself_is_known_by_its_mount(
    tmp_path: Path, root: str, kind: str | None
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"{_MOUNTS}26 20 0:35 / /proc rw - proc proc rw\n")
    assert kernel_kind(root, str(mounts)) == kind


def test_without_a_list_of_mounts_nothing_is_known(tmp_path: Path) -> None:
    assert shared_kind("/", str(tmp_path / "none")) is None


def test_a_linked_worktree_and_a_part_of_a_repository_hear_of_what_lies_outside(project: Path) -> None:
    git(project, "worktree", "add", "-q", str(project.parent / "linked"))
    common = project / ".git"

    linked = {side.folder: side for side in sides_of(os.path.realpath(project.parent / "linked"))}
    assert linked[str(common / "worktrees" / "linked")].concerns("HEAD")
    assert linked[str(common / "refs" / "heads")].deep
    assert linked[str(common / "info")].concerns("exclude")

    part = {side.folder: side for side in sides_of(os.path.realpath(project / "shop"))}
    assert part[str(project)].concerns(".gitignore")
    assert not part[str(project)].concerns("README.md")


def test_locks_are_no_news() -> None:
    heads = Side("/x", None, True)
    assert heads.concerns("main")
    assert not heads.concerns("main.lock")
    assert not heads.concerns("")


def test_packages_are_entered_only_by_who_indexes_them(tmp_path: Path) -> None:
    assert enters("src")
    assert not enters("node_modules")
    assert enters("node_modules", every=True)
    assert not enters(".git", every=True)

    (tmp_path / ".cairnignore").write_text("*.log\n!node_modules/mine\n")
    assert has_rules_that_bring_back(str(tmp_path / ".cairnignore"))
    (tmp_path / ".cairnignore").write_text("*.log\n")
    assert not has_rules_that_bring_back(str(tmp_path / ".cairnignore"))
