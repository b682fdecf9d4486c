"""What of a working copy does not fit the conventions around it is told once, then kept for the reviewer."""

from pathlib import Path

import pytest

from agent.misfits import Misfits
from agent.workspace import RepoHandle, Workspace, make_workspace
from tests.agent.plain import PlainCodebase

_KEEPS = """\
def load(source):
    try:
        return source.read()
    except OSError as error:
        raise Broken(source) from error
"""
_LOSES = _KEEPS.replace(" from error", "")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "shop"
    root.mkdir()
    for number in range(12):
        (root / f"part_{number}.py").write_text(_KEEPS)
    (root / "old.py").write_text(_LOSES)
    return make_workspace(RepoHandle("shop", root), tmp_path / "run", "agent/x")


def _misfits(workspace: Workspace) -> Misfits:
    return Misfits(PlainCodebase(workspace.tree), "plain", workspace)


def test_a_misfit_is_told_once_and_kept(workspace: Workspace) -> None:
    tree = workspace.tree_with({"new.py": _LOSES.encode()})
    misfits = _misfits(workspace)

    (told,) = misfits.news(tree, ("new.py",))
    assert told.startswith("new.py:5: ")
    assert told.endswith(" (12 of 13 places here, as in part_0.py:5)")
    assert misfits.news(tree, ("new.py",)) == []
    assert misfits.kept == [told]


def test_what_was_there_before_is_no_misfit(workspace: Workspace) -> None:
    tree = workspace.tree_with({"old.py": b'"""Load."""\n\n\n' + _LOSES.encode()})
    assert _misfits(workspace).news(tree, ("old.py",)) == []


def test_ten_misfits_of_one_kind_in_a_file_are_one(workspace: Workspace) -> None:
    text = "\n\n".join(_LOSES.replace("load", f"load_{n}") for n in range(10))
    tree = workspace.tree_with({"new.py": text.encode()})
    assert len(_misfits(workspace).news(tree, ("new.py",))) == 1


def test_binary_files_and_a_missing_index_have_no_misfits(workspace: Workspace) -> None:
    tree = workspace.tree_with({"new.py": _LOSES.encode(), "x.py": b"\0\1"})
    assert len(_misfits(workspace).news(tree, ("new.py", "x.py"))) == 1
    assert Misfits(None, "plain", workspace).news(tree, ("new.py",)) == []
