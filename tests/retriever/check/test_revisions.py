"""Changes of real repositories of git: the working tree, what is staged, commits."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from indexer.errors import BadInput
from retriever.check.apply import LeftOut
from retriever.check.change import Change, ChangedFile
from retriever.check.revisions import Revisions, why_left_out

_DATE = "2026-01-01T00:00:00Z"


class Repository:
    """A repository with one commit: a.py, b.py and a page."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.git("init", "--quiet", "--initial-branch=main")
        self.write("a.py", "a = 1\n")
        self.write("lib/b.py", "b = 1\nc = 2\nd = 3\n")
        self.commit("one")

    def git(self, *arguments: str) -> str:
        names = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "Ada"}
        dates = {"GIT_COMMITTER_EMAIL": "a@b", "GIT_AUTHOR_DATE": _DATE, "GIT_COMMITTER_DATE": _DATE}
        return subprocess.run(
            ["git", "-C", str(self.root), *arguments],
            env={**os.environ, **names, **dates}, check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip

    def write(self, path: str, text: str | bytes) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_bytes(text.encode() if isinstance(text, str) else text)

    def commit(self, message: str) -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    @property
    def revisions(self) -> Revisions:
        return Revisions(self.root, "shop")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "shop")


def _told(change: Change) -> dict[str, tuple[str | None, str | None]]:
    return {file.path: (file.before, file.after) for file in change.files}


def test_a_clean_tree_has_no_change(repository: Repository) -> None:
    assert repository.revisions.working_tree() == (Change("shop", ()), [])


def test_the_working_tree_is_staged_unstaged_and_untracked_files(repository: Repository) -> None:
    repository.write("a.py", "a = 2\n")
    repository.git("add", "a.py")
    repository.write("a.py", "a = 3\n")
    repository.write("lib/b.py", "b = 2\nc = 2\nd = 3\n")
    repository.write("new.py", "n = 1\n")
    repository.write(".gitignore", "secret.py\n")
    repository.write("secret.py", "s = 1\n")

    change, left = repository.revisions.working_tree()
    assert not left
    assert _told(change) == {
        ".gitignore": (None, "secret.py\n"),
        "a.py": ("a = 1\n", "a = 3\n"),
        "lib/b.py": ("b = 1\nc = 2\nd = 3\n", "b = 2\nc = 2\nd = 3\n"),
        "new.py": (None, "n = 1\n"),
    }


def test_what_is_staged_alone_is_asked_for(repository: Repository) -> None:
    repository.write("a.py", "a = 2\n")
    repository.git("add", "a.py")
    repository.write("a.py", "a = 3\n")
    repository.write("new.py", "n = 1\n")

    change, _ = repository.revisions.staged()
    assert _told(change) == {"a.py": ("a = 1\n", "a = 2\n")}


def test_a_change_of_the_same_size_in_the_same_moment_is_seen(repository: Repository) -> None:
    written = os.stat(repository.root / "a.py").st_mtime_ns
    repository.write("a.py", "a = 2\n")
    os.utime(repository.root / "a.py", ns=(written, written))
    # what git noted is as old as its own index: only the content tells
    os.utime(repository.root / ".git/index", ns=(written, written))

    assert _told(repository.revisions.working_tree()[0]) == {"a.py": ("a = 1\n", "a = 2\n")}


def test_touching_a_file_changes_nothing(repository: Repository) -> None:
    os.utime(repository.root / "a.py", (1, 1))
    assert not repository.revisions.working_tree()[0].files


def test_deleted_and_moved_files_are_told(repository: Repository) -> None:
    (repository.root / "a.py").unlink()
    os.rename(repository.root / "lib/b.py", repository.root / "lib/moved.py")

    files = repository.revisions.working_tree()[0].files
    text = "b = 1\nc = 2\nd = 3\n"
    assert files == (
        ChangedFile("a.py", "a.py", "a = 1\n", None),
        ChangedFile("lib/moved.py", "lib/b.py", text, text),
    )
    repository.git("add", "--all")
    assert repository.revisions.staged()[0].files == files


def test_commits_and_ranges_are_compared(repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.write("a.py", "a = 2\n")
    second = repository.commit("two")
    repository.write("lib/b.py", "b = 9\n")
    repository.commit("three")

    of = repository.revisions.between
    assert _told(of(second)[0]) == {"a.py": ("a = 1\n", "a = 2\n")}
    assert _told(of(f"{first}..{second}")[0]) == {"a.py": ("a = 1\n", "a = 2\n")}
    assert set(_told(of(f"{first}..")[0])) == {"a.py", "lib/b.py"}
    assert set(_told(of("HEAD~1..HEAD")[0])) == {"lib/b.py"}
    assert _told(of(first)[0])["a.py"] == (None, "a = 1\n")


def test_three_dots_compare_with_the_common_ancestor(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--create", "topic")
    repository.write("a.py", "a = 2\n")
    repository.commit("topic")
    repository.git("switch", "--quiet", "main")
    repository.write("lib/b.py", "b = 9\n")
    repository.commit("main")

    assert set(_told(repository.revisions.between("main...topic")[0])) == {"a.py"}
    assert set(_told(repository.revisions.between("main..topic")[0])) == {"a.py", "lib/b.py"}


@pytest.mark.parametrize("name", ["nowhere", "--output=/tmp/x", "main..nowhere"])
def test_what_is_no_commit_is_told(repository: Repository, name: str) -> None:
    with pytest.raises(BadInput, match="is neither a path nor a commit here"):
        repository.revisions.between(name)
    assert not repository.revisions.is_commit(name)


def test_before_the_first_commit_everything_is_new(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / "a.py").write_text("a = 1\n")
    assert _told(Revisions(tmp_path, "x").working_tree()[0]) == {"a.py": (None, "a = 1\n")}


def test_a_folder_of_a_repository_has_its_own_paths(repository: Repository) -> None:
    repository.write("a.py", "a = 2\n")
    repository.write("lib/b.py", "b = 2\n")
    change, _ = Revisions(repository.root / "lib", "lib").working_tree()
    assert set(_told(change)) == {"b.py"}
    repository.commit("two")
    assert set(_told(Revisions(repository.root / "lib", "lib").between("HEAD")[0])) == {"b.py"}


def test_without_git_a_diff_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cairn check --diff FILE"):
        Revisions(tmp_path, "x")


def test_binary_generated_and_foreign_files_are_left_out(repository: Repository) -> None:
    repository.write("logo.bin", b"\0\1\2")
    repository.write("node_modules/x/index.js", "let x = 1\n")
    repository.write("made.py", "# Code generated by a tool. DO NOT EDIT.\nx = 1\n")
    repository.write(".cairnignore", "kept/\n")
    repository.write("kept/k.py", "k = 1\n")
    os.symlink("a.py", repository.root / "link.py")

    change, left = repository.revisions.working_tree()
    assert set(_told(change)) == {".cairnignore"}
    told = {one.path: one.reason for one in left}
    assert told["logo.bin"] == "binary"
    assert told["made.py"] == "generated"
    assert {"node_modules/x/index.js", "kept/k.py", "link.py"} <= set(told)

    repository.commit("two")
    change, left = repository.revisions.between("HEAD")
    assert LeftOut("logo.bin", "binary") in left
    assert not {"made.py", "node_modules/x/index.js", "link.py"} & set(_told(change))
    assert why_left_out("a/node_modules/x.js", "x\n")


def test_carriage_returns_are_no_change(repository: Repository) -> None:
    repository.write("lib/b.py", "b = 1\r\nc = 2\r\nd = 3\r\n")
    assert not repository.revisions.working_tree()[0].files


def test_secrets_are_redacted_before_and_after(repository: Repository) -> None:
    key = "AKIA" + "IOSFODNN7ABCDEFG"
    repository.write("a.py", f'key = "{key}"\n')
    repository.commit("two")
    repository.write("a.py", f'key = "{key}"\nb = 1\n')
    (file,) = repository.revisions.working_tree()[0].files
    assert key not in f"{file.before}{file.after}"
    assert file.added == {2}


def test_no_program_of_the_repository_is_run(repository: Repository) -> None:
    """A filter, a driver and a hook that a repository plants."""
    trap = repository.root / "sprung"
    command = f"touch {trap}; cat"
    for name in ("filter.trap.clean", "filter.trap.smudge", "diff.trap.textconv", "diff.trap.command"):
        repository.git("config", name, command)
    repository.git("config", "core.fsmonitor", command)
    repository.git("config", "diff.external", command)
    repository.write(".gitattributes", "*.py filter=trap diff=trap\n")
    repository.write("a.py", "a = 2\n")
    trap.unlink(missing_ok=True)

    change, _ = repository.revisions.working_tree()
    assert "a.py" in _told(change)
    assert repository.revisions.staged()[0].files == ()
    assert repository.revisions.between("HEAD")[0].files
    assert not trap.exists()
