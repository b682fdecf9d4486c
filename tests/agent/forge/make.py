"""A run's clone with a commit on its branch, and the request for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agent.forge import ChangeRequest
from agent.workspace import RepoHandle, Workspace, make_workspace
from tests.conftest import write


@dataclass
class Work:
    """What a run has made so far. `commit` makes the next commit, after the base as a run does."""

    workspace: Workspace
    run_id: str

    @property
    def gitdir(self) -> Path:
        return self.workspace.git.gitdir

    def commit(self, text: str, path: str = "shop/retry.py", run_id: str | None = None) -> str:
        write(self.workspace.tree / path, text)
        tree = self.workspace.stage({*self.workspace.changed(), path})
        message = f"Retry waits longer\n\nBecause.\n\nAgent-Task: {run_id or self.run_id}\n"
        return self.workspace.commit(tree, message)

    def request(self, commit: str, **changes: Any) -> ChangeRequest:
        made = ChangeRequest(
            run_id=self.run_id,
            repo="shop",
            branch=self.workspace.branch,
            base_branch="main",
            base=self.workspace.base,
            commit=commit,
            title="Retry waits longer",
            body="Because.",
        )
        return replace(made, **changes)


def make_work(project: Path, tmp_path: Path, run_id: str = "1a2b") -> Work:
    folder = tmp_path / "workspaces" / run_id
    return Work(make_workspace(RepoHandle("shop", project), folder, f"agent/{run_id}-retry"), run_id)
