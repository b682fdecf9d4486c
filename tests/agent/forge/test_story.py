"""From a tested tree to a request that a person can review, by the parts a run puts together."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.forge import ChangeRequest
from agent.forge.body import render
from agent.forge.github import GitHubForge
from agent.forge.local import LocalForge
from agent.forge.message import compose, style_of
from agent.forge.scan import refuse, scan
from indexer.errors import Forbidden
from tests.agent.forge.make import make_work
from tests.agent.forge.test_body import FULL
from tests.agent.github.forge import github
from tests.conftest import git, write


def change(project: Path, tmp_path: Path, text: str) -> tuple[Path, ChangeRequest]:
    """What a run does after its last review: look at the change, word it, commit it."""
    for subject in (
        "fix: keep order",
        "feat: add carts",
        "fix: round up",
        "docs: say how",
        "feat(api): refunds",
    ):
        git(project, "commit", "-q", "--allow-empty", "-m", subject)
    work = make_work(project, tmp_path)
    workspace = work.workspace
    write(workspace.tree / "shop" / "retry.py", text)
    tree = workspace.stage(workspace.changed())
    risks = refuse(scan(workspace.git.gitdir, workspace.base, tree))
    style = style_of(workspace.git.subjects(revision=workspace.base))
    trailers = (("Agent-Task", work.run_id), ("Agent-Model", "some-model"), ("Closes", "#12"))
    message = compose(style, "Retry waits longer.", FULL.summary, "43 passed", "fix", trailers)
    commit = workspace.commit(tree, message)
    body = render(replace(FULL, risks=tuple(map(str, risks))))
    return work.gitdir, work.request(commit, title=message.split("\n")[0], body=body)


def test_a_change_is_looked_at_worded_pushed_and_asked_for(project: Path, tmp_path: Path) -> None:
    gitdir, request = change(project, tmp_path, "pause = 9\npassword = 'hunter2!x9Zq'\n")
    local = LocalForge(tmp_path / "forge", "shop")
    with github(tmp_path / "hub", project) as hub:
        for forge in (local, GitHubForge(hub.url, "t0ken-write", hub.repo)):
            forge.push(gitdir, request)
            assert forge.show(forge.open(request).number).head == request.commit
        said = git(hub.bare, "log", "-1", "--format=%s|%(trailers:only,separator=;)", request.branch)
        assert said.strip() == (
            "fix: retry waits longer|Agent-Task: 1a2b;Agent-Model: some-model;Closes: #12"
        )
        assert "shop/retry.py:2: looks like a secret" in hub.pulls[0]["body"]
        assert "hunter2" not in hub.pulls[0]["body"]
        document = next(local.requests.glob("1-*.md")).read_text()
        assert document.startswith("# fix: retry waits longer\n")
        assert "## How it was verified" in document


def test_a_change_with_a_key_goes_nowhere(project: Path, tmp_path: Path) -> None:
    with pytest.raises(Forbidden, match=r"shop/retry\.py:1: looks like a secret \(github-token\)"):
        change(project, tmp_path, "key = 'ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'\n")
