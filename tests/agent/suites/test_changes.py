from pathlib import Path

from agent.suites.changes import FileChange, changes_between, put_blob, texts_of, with_files
from agent.workspace import RepoHandle, Workspace, make_workspace
from tests.conftest import git, write


def clone(tmp_path: Path, files: dict[str, str]) -> Workspace:
    root = tmp_path / "shop"
    for path, text in files.items():
        write(root / path, text)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "A shop")
    return make_workspace(RepoHandle("shop", root), tmp_path / "run", "agent/x")


LONG = "".join(f"line {n}\n" for n in range(20))


def test_each_kind_of_change_has_its_two_texts(tmp_path: Path) -> None:
    workspace = clone(tmp_path, {"a.py": "a\n", "gone.py": "b\n", "old name.py": LONG, "same.py": "s\n"})
    write(workspace.tree / "a.py", "A\nä\n")
    (workspace.tree / "gone.py").unlink()
    (workspace.tree / "old name.py").rename(workspace.tree / "new\tname.py")
    write(workspace.tree / "fresh.py", "")
    tree = workspace.stage([*workspace.changed(), "new\tname.py", "fresh.py"])
    found = {(c.path, c.was, c.before, c.after) for c in changes_between(workspace.git, workspace.base, tree)}
    assert found == {
        ("a.py", "a.py", "a\n", "A\nä\n"),
        ("gone.py", "gone.py", "b\n", None),
        ("new\tname.py", "old name.py", LONG, LONG),
        ("fresh.py", "", None, ""),
    }


def test_of_what_is_no_text_only_the_change_is_known(tmp_path: Path) -> None:
    workspace = clone(tmp_path, {"a.py": "a\n"})
    (workspace.tree / "b.bin").write_bytes(b"a\0b")
    (workspace.tree / "big.txt").write_text("x" * ((1 << 20) + 1))
    (workspace.tree / "latin.txt").write_bytes(b"\xe4\r\n")
    tree = workspace.stage(["b.bin", "big.txt", "latin.txt"])
    found = {c.path: c.after for c in changes_between(workspace.git, workspace.base, tree)}
    assert found == {"b.bin": "", "big.txt": "", "latin.txt": "\udce4\n"}


def test_nothing_changed_is_no_change(tmp_path: Path) -> None:
    workspace = clone(tmp_path, {"a.py": "a\n"})
    assert changes_between(workspace.git, workspace.base, workspace.stage([])) == ()


def test_a_tree_is_mixed_from_two(tmp_path: Path) -> None:
    workspace = clone(tmp_path, {"a.py": "a\n", "b.py": "b\n", "c/d.py": "d\n"})
    made = put_blob(workspace.git, "new\n")
    tree = with_files(
        workspace, workspace.base, {"a.py": ("100644", made), "b.py": None, "e/f.py": ("100755", made)}
    )
    assert texts_of(workspace.git, tree, ["a.py", "b.py", "c/d.py", "e/f.py", "no.py"]) == {
        "a.py": "new\n",
        "c/d.py": "d\n",
        "e/f.py": "new\n",
    }
    assert workspace.changed() == []  # the index of the working copy is another


def test_a_line_that_only_moved_is_not_new() -> None:
    change = FileChange("a.py", "a.py", "a\nb\nb\n", "    b\nc\na\nc\n")
    assert change.added_lines() == [(2, "c"), (4, "c")]
    assert change.removed_lines() == [(3, "b")]
