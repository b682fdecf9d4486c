import os
import shutil
import subprocess
from pathlib import Path

import pytest

from agent.git import Git, GitFailed
from agent.workspace import RepoHandle, Workspace, branch_name, make_workspace
from indexer.errors import Forbidden
from tests.conftest import git, write


def clone(root: Path, tmp_path: Path, name: str = "run") -> Workspace:
    return make_workspace(RepoHandle(root.name, root), tmp_path / "workspaces" / name, f"agent/{name}")


def state(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder, its time and its bytes."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_a_clone_holds_the_last_commit_and_leaves_the_repository_alone(project: Path, tmp_path: Path) -> None:
    write(project / "shop" / "draft.py", "unfinished = True\n")
    before = state(project)
    workspace = clone(project, tmp_path)
    assert workspace.base == git(project, "rev-parse", "HEAD").strip()
    assert (workspace.tree / "shop" / "retry.py").exists()
    assert not (workspace.tree / "shop" / "draft.py").exists()
    assert not (workspace.tree / ".git").exists()
    assert state(project) == before


def test_a_file_that_was_staged_once_and_is_gone_again_is_not_committed(
    project: Path, tmp_path: Path
) -> None:
    workspace = clone(project, tmp_path)
    write(workspace.tree / "shop" / "first.py", "new = True\n")
    workspace.stage(["shop/first.py"])
    (workspace.tree / "shop" / "first.py").rename(workspace.tree / "shop" / "second.py")
    tree = workspace.stage([*workspace.changed(), "shop/second.py"])
    assert [(letter, path) for letter, path, *_ in workspace.summary(tree)] == [("A", "shop/second.py")]


def test_a_commit_lands_on_the_branch_of_the_run_only(project: Path, tmp_path: Path) -> None:
    workspace = clone(project, tmp_path)
    write(workspace.tree / "shop" / "retry.py", "pause = 1\n")
    write(workspace.tree / "shop" / "new.py", "new = True\n")
    tree = workspace.stage([*workspace.changed(), "shop/new.py"])
    made = workspace.commit(tree, "Retry is a setting\n\nBecause.\n")
    log = workspace.git.run("log", "-1", "--format=%H %P %an|%B", "agent/run")
    assert log.startswith(f"{made} {workspace.base} Cairn|Retry is a setting\n\nBecause.")
    changed = workspace.git.run("show", "--name-status", "--format=", made)
    assert changed.split() == ["A", "shop/new.py", "M", "shop/retry.py"]
    assert git(project, "branch", "--list", "agent/*") == ""
    git(project, "fetch", "-q", str(workspace.git.gitdir), "agent/run:agent/run")
    assert git(project, "rev-parse", "agent/run").strip() == made


def test_a_deleted_file_is_staged_as_deleted(project: Path, tmp_path: Path) -> None:
    workspace = clone(project, tmp_path)
    (workspace.tree / "shop" / "retry.py").unlink()
    assert workspace.changed() == ["shop/retry.py"]
    assert "deleted file mode" in workspace.diff(workspace.stage(["shop/retry.py"]))


def test_a_folder_without_git_is_copied_as_the_index_would_read_it(sample: Path, tmp_path: Path) -> None:
    write(sample / ".env", "TOKEN=abc\n")
    write(sample / ".env.local", "TOKEN=abc\n")
    write(sample / ".env.example", "TOKEN=\n")
    write(sample / "payments" / "__pycache__" / "x.pyc", "x")
    write(sample / "fixture.csv", "a,b\n")
    write(sample / "run.sh", "#!/bin/sh\n")
    (sample / "run.sh").chmod(0o755)
    (sample / "link.py").symlink_to("/etc/passwd")
    workspace = clone(sample, tmp_path)
    tracked = workspace.tracked()
    assert "payments/retry.py" in tracked
    assert "fixture.csv" in tracked
    assert ".env.example" in tracked
    assert not {".env", ".env.local", "payments/__pycache__/x.pyc", "link.py"} & set(tracked)
    assert os.access(workspace.tree / "run.sh", os.X_OK)
    assert workspace.git.run("log", "--format=%s") == "The files of payments as the agent found them"
    assert not (sample / ".git").exists()


def test_a_repository_without_a_commit_is_copied(tmp_path: Path) -> None:
    root = tmp_path / "young"
    write(root / "a.py", "a = 1\n")
    git(root, "init", "-q")
    assert clone(root, tmp_path).tracked() == ["a.py"]


def test_a_folder_inside_a_repository_is_copied_alone(project: Path, tmp_path: Path) -> None:
    assert clone(project / "shop", tmp_path).tracked() == ["__init__.py", "client.py", "retry.py"]


def test_a_clean_copy_holds_neither_leftovers_nor_the_git_directory(project: Path, tmp_path: Path) -> None:
    workspace = clone(project, tmp_path)
    write(workspace.tree / "leftover.py", "x = 1\n")
    tree = workspace.stage(workspace.changed())
    with workspace.exported(tree) as folder:
        found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        assert found == workspace.tracked()
    assert not folder.exists()


def test_old_code_can_be_mixed_with_new_tests(project: Path, tmp_path: Path) -> None:
    workspace = clone(project, tmp_path)
    write(workspace.tree / "shop" / "retry.py", "new = 'code'\n")
    write(workspace.tree / "tests" / "test_client.py", "new = 'test'\n")
    write(workspace.tree / "tests" / "test_more.py", "more = 'test'\n")
    tree = workspace.stage([*workspace.changed(), "tests/test_more.py"])
    with workspace.exported(
        workspace.with_files_of(tree, ["tests/test_client.py", "tests/test_more.py"])
    ) as old:
        assert (old / "tests" / "test_client.py").read_text() == "new = 'test'\n"
        assert (old / "tests" / "test_more.py").exists()
        assert "retry_with_backoff" in (old / "shop" / "retry.py").read_text()


def test_line_ends_are_committed_as_the_repository_asks(project: Path, tmp_path: Path) -> None:
    write(project / ".gitattributes", "*.bat text eol=crlf\n")
    (project / "a.bat").write_bytes(b"one\r\ntwo\r\n")
    git(project, "add", ".")
    git(project, "commit", "-qm", "A batch file")
    workspace = clone(project, tmp_path)
    assert (workspace.tree / "a.bat").read_bytes() == b"one\r\ntwo\r\n"
    (workspace.tree / "a.bat").write_bytes(b"one\r\n2\r\n")
    diff = workspace.diff(workspace.stage(workspace.changed()))
    assert "\n-two\n+2" in diff
    assert "\r" not in diff


def test_what_is_only_proposed_has_the_line_ends_that_would_be_committed(
    project: Path, tmp_path: Path
) -> None:
    write(project / ".gitattributes", "*.bat text eol=crlf\n*.txt -text\n")
    (project / "run.bat").write_bytes(b"echo one\r\necho two\r\n")
    (project / "a.txt").write_bytes(b"one\r\ntwo\r\n")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "Scripts")
    workspace = clone(project, tmp_path)
    tree = workspace.tree_with({"run.bat": b"echo one\r\necho 2\r\n", "a.txt": b"one\r\n2\r\n"})
    rows = [
        row for row in workspace.diff(tree).split("\n") if row[:1] in "+-" and row[:3] not in ("+++", "---")
    ]
    assert rows == ["-two\r", "+2\r", "-echo two", "+echo 2"]


def test_a_file_that_became_a_link_is_not_committed(project: Path, tmp_path: Path) -> None:
    workspace = clone(project, tmp_path)
    (workspace.tree / "shop" / "retry.py").unlink()
    (workspace.tree / "shop" / "retry.py").symlink_to("/etc/passwd")
    with pytest.raises(Forbidden, match="symbolic link"):
        workspace.stage(workspace.changed())


def test_a_file_behind_a_linked_folder_is_not_committed(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write(outside / "retry.py", "secret = 1\n")
    workspace = clone(project, tmp_path)
    shutil.rmtree(workspace.tree / "shop")
    (workspace.tree / "shop").symlink_to(outside)
    with pytest.raises(Forbidden, match="link"):
        workspace.stage(["shop/retry.py"])


def test_branches_are_named_after_the_task() -> None:
    assert branch_name("1a2b", "Add a payment retry mechanism!") == "agent/1a2b-add-a-payment-retry-mechanism"
    assert branch_name("1a2b", "修复") == "agent/1a2b"
    assert len(branch_name("1a2b", "incomprehensibilities " * 9)) <= len("agent/1a2b-") + 40


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """A file that every planted program would create."""
    return tmp_path / "pwned"


def plant(gitdir: Path, marker: Path) -> None:
    """Put into a git directory everything that can make git run a program."""
    touch = f"touch {marker}"
    hooks = gitdir / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("pre-commit", "post-checkout", "reference-transaction", "post-index-change", "post-commit"):
        (hooks / hook).write_text(f"#!/bin/sh\n{touch}\n")
        (hooks / hook).chmod(0o755)
    settings = {
        "core.fsmonitor": touch,
        "core.pager": touch,
        "core.editor": touch,
        "core.sshCommand": touch,
        "core.hooksPath": str(hooks),
        "filter.x.clean": f"{touch}; cat",
        "filter.x.smudge": f"{touch}; cat",
        "filter.x.process": touch,
        "diff.x.textconv": touch,
        "diff.x.command": touch,
        "diff.external": touch,
        "gpg.program": touch,
        "commit.gpgSign": "true",
        "credential.helper": f"!{touch}",
        "uploadpack.packObjectsHook": touch,
        "alias.ls-files": f"!{touch}",
    }
    for name, value in settings.items():
        subprocess.run(["git", f"--git-dir={gitdir}", "config", name, value], check=True)


def use_everything(workspace: Workspace) -> None:
    """Every call of git that a run makes."""
    write(workspace.tree / "shop" / "retry.py", "changed = True\n")
    workspace.tracked()
    workspace.untracked()
    tree = workspace.stage([*workspace.changed(), "shop/client.py"])
    workspace.diff(tree)
    workspace.tree_with({"shop/client.py": b"x = 1\n"})
    with workspace.exported(workspace.with_files_of(tree, ["shop/client.py"])):
        pass
    workspace.commit(tree, "x\n")


def test_programs_planted_in_the_repository_are_not_run(project: Path, tmp_path: Path, marker: Path) -> None:
    write(project / ".gitattributes", "* filter=x diff=x\n")
    git(project, "add", ".")
    git(project, "commit", "-qm", "Attributes")
    plant(project / ".git", marker)
    use_everything(clone(project, tmp_path))
    assert not marker.exists()


def test_the_same_plant_works_on_plain_git(project: Path, marker: Path) -> None:
    """Or the test above would prove nothing."""
    write(project / ".gitattributes", "* filter=x diff=x\n")
    plant(project / ".git", marker)
    subprocess.run(["git", "status"], cwd=project, capture_output=True, check=False)
    assert marker.exists()


def test_a_git_directory_in_the_tree_is_not_obeyed(project: Path, tmp_path: Path, marker: Path) -> None:
    write(project / ".gitattributes", "* filter=x diff=x\n")
    git(project, "add", ".")
    git(project, "commit", "-qm", "Attributes")
    workspace = clone(project, tmp_path)
    evil = tmp_path / "evil"
    shutil.copytree(project / ".git", evil)
    plant(evil, marker)
    shutil.copytree(evil, workspace.tree / ".git")
    shutil.copytree(evil, workspace.tree / "sub" / ".git")
    write(workspace.tree / "sub" / "a.py", "a = 1\n")
    write(workspace.tree / "pointer" / ".git", f"gitdir: {evil}\n")
    write(workspace.tree / "pointer" / "a.py", "a = 1\n")
    use_everything(workspace)
    assert not marker.exists()


def test_a_git_file_that_points_to_a_planted_directory_runs_nothing(
    project: Path, tmp_path: Path, marker: Path
) -> None:
    evil = tmp_path / "evil"
    shutil.move(project / ".git", evil)
    write(project / ".git", f"gitdir: {evil}\n")
    plant(evil, marker)
    use_everything(clone(project, tmp_path))
    assert not marker.exists()


def test_the_configuration_of_the_user_is_not_used(
    project: Path, tmp_path: Path, marker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        tmp_path / "home" / ".gitconfig",
        f"[core]\n\tfsmonitor = touch {marker}\n[diff]\n\texternal = touch {marker}\n",
    )
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_DIR", str(project / ".git"))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", f"touch {marker}")
    use_everything(clone(project, tmp_path))
    assert not marker.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_repository_of_somebody_else_can_be_cloned(project: Path, tmp_path: Path) -> None:
    for path in (project, *project.rglob("*")):
        os.chown(path, 12345, 12345)
    assert "shop/retry.py" in clone(project, tmp_path).tracked()


def test_a_git_that_fails_says_what_and_why(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with pytest.raises(Exception, match=r"git .*rev-parse HEAD ended with 128"):
        Git(tmp_path / "run" / "git", tmp_path).run("rev-parse", "HEAD")


def test_the_log_gives_the_subjects_without_merges(project: Path, tmp_path: Path) -> None:
    git(project, "checkout", "-qb", "side")
    git(project, "commit", "-q", "--allow-empty", "-m", "On the side\n\nWhy.")
    git(project, "checkout", "-q", "-")
    git(project, "commit", "-q", "--allow-empty", "-m", "In front")
    git(project, "merge", "-q", "--no-ff", "side", "-m", "Merge side")
    repository = clone(project, tmp_path).git
    assert set(repository.subjects()) == {"In front", "On the side", "A shop that retries payments"}
    assert len(repository.subjects(1)) == 1
    assert repository.subjects(revision="HEAD^1~1") == ["A shop that retries payments"]


def test_a_revision_is_never_an_option(project: Path, tmp_path: Path) -> None:
    with pytest.raises(GitFailed):
        clone(project, tmp_path).git.subjects(revision=f"--output={tmp_path / 'written'}")
    assert not (tmp_path / "written").exists()


def test_ancestry_is_asked_of_commits_that_are_here(project: Path, tmp_path: Path) -> None:
    workspace = clone(project, tmp_path)
    made = workspace.commit(workspace.stage([]), "Nothing\n")
    assert workspace.git.is_ancestor(workspace.base, made)
    assert workspace.git.is_ancestor(made, made)
    assert not workspace.git.is_ancestor(made, workspace.base)
    assert not workspace.git.is_ancestor("0" * 40, made)
