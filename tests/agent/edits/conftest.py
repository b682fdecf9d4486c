"""A tree with a file of code, and a bench to edit it on."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.beneath import Beneath
from agent.edits import Change, Create, Edit, EditRefused, Replace, apply, draft, forget

CODE = """def first(a):
    value = a + 1
    return value


def second(a):
    value = a + 2
    return value
"""


def states(tree: Path) -> dict[str, tuple[str, int, bytes]]:
    """Everything in a tree: kind, mode and bytes of each path, folders included."""
    found = {}
    for path in sorted(tree.rglob("*")):
        name = path.relative_to(tree).as_posix()
        mode = path.lstat().st_mode
        if path.is_symlink():
            found[name] = ("link", mode, path.readlink().as_posix().encode())
        else:
            found[name] = ("folder", mode, b"") if path.is_dir() else ("file", mode, path.read_bytes())
    return found


class Bench:
    """Drafts and applies as a tool would."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self.files = Beneath(tree)
        self.journal = tree.parent / "edit.journal"

    def make(self, *changes: Change) -> tuple[Edit, ...]:
        drafted = draft(self.files, changes, {})
        if not drafted.whole:
            raise drafted.refusal()
        apply(self.files, drafted.edits, self.journal)
        forget(self.journal)
        return drafted.edits

    def replace(self, path: str, old: str, new: str) -> Edit:
        return self.make(Replace(path, old, new))[0]

    def create(self, path: str, content: str) -> Edit:
        return self.make(Create(path, content))[0]

    def refusal(self, *changes: Change) -> EditRefused:
        before = states(self.tree)
        with pytest.raises(EditRefused) as caught:
            self.make(*changes)
        assert states(self.tree) == before
        assert not self.journal.exists()
        assert str(caught.value).startswith(caught.value.code)
        assert "Nothing was changed." in str(caught.value)
        return caught.value


@pytest.fixture
def bench(tree: Path) -> Bench:
    (tree / "code.py").write_text(CODE)
    return Bench(tree)
