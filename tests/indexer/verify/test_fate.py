"""Why is this file not found? Each answer, from one index of a tree that then changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from indexer.files import FileOptions
from indexer.verify.fate import fate_of
from tests.conftest import Index, git, make_index, write


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """A repository with a file of each fate, indexed; and then it changes."""
    folder = tmp_path_factory.mktemp("told")
    root = folder / "shop"
    write(root / "shop" / "retry.py", "def retry():\n    return 1\n")
    write(root / "shop" / "client.py", "def ask():\n    return 1\n")
    write(root / "gone.py", "x = 1\n")
    write(root / "blank.py", "\n\n")
    write(root / "key.py", "a = 1\ntoken = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'\n")
    write(root / "out.log", "x\n")
    write(root / "mine.txt", "x\n")
    write(root / "logo.png", "\0")
    write(root / "node_modules" / "left" / "pad.js", "x\n")
    write(root / ".gitignore", "*.log\n")
    write(root / ".cairnignore", "mine.txt\n")
    (root / "linked").symlink_to("shop")
    git(root, "init", "-q")
    index = make_index(folder / "data")
    index.sync(root)
    write(root / "later.py", "x\n")
    write(root / "later.png", "\0")
    write(root / "shop" / "client.py", "other = 1\n")
    (root / "gone.py").unlink()
    yield index
    index.vectors.close()
    index.catalog.close()


@pytest.mark.parametrize(
    ("path", "fate", "said"),
    [
        ("shop/retry.py", "indexed", "its 2 lines are in 1 chunks"),
        ("key.py", "indexed", "secrets of lines 2 are not stored"),
        ("shop", "indexed", "a folder: 2 files below it are indexed"),
        ("logo.png", "binary", "left out: logo.png is binary"),
        ("node_modules/left/pad.js", "vendored", "left out: node_modules is vendored; CAIRN_KEEP"),
        ("node_modules", "vendored", "left out: node_modules is vendored"),
        ("out.log", "ignored", "by .gitignore:1:*.log; a line `!PATH` in .cairnignore brings it in"),
        (".git/HEAD", "git's own", "no part of the index"),
        ("linked/retry.py", "symlink", "behind the symbolic link linked"),
        ("nothing.py", "absent", "there is no nothing.py"),
        ("later.py", "unaccounted", "the next sync indexes it"),
        ("later.png", "unaccounted", "after the next sync left out: later.png is binary"),
        ("shop/client.py", "indexed", "as it was before it changed"),
        ("blank.py", "indexed", "nothing but blank lines"),
        ("mine.txt", "ignored", "left out: mine.txt is ignored by .cairnignore"),
        ("gone.py", "indexed", "not there any more"),
    ],
)
def test_a_path_is_explained(told: Index, path: str, fate: str, said: str) -> None:
    found = fate_of(told.catalog, told.catalog.repo("shop"), path, FileOptions())

    assert (found.fate, said in found.said) == (fate, True), found
