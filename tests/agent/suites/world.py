"""A tiny repository, a clone of it, and the runs that judge what is changed there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agent.kinds import Kind
from agent.log.runs import Recorder, RunLog
from agent.rooms import Rooms
from agent.sandbox import Room, Sandbox, Session
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.toolchain import python_toolchain
from agent.suites.baseline import Baseline, find_baseline
from agent.suites.review import Review, Reviewer
from agent.workspace import RepoHandle, Workspace, make_workspace
from tests.conftest import git, write


@dataclass
class Counted:
    """A real sandbox that tells each command as NTH how many there were, so that chance can be planned."""

    inner: Sandbox
    opened: int = 0

    def probe(self) -> None:
        self.inner.probe()

    def open(self, room: Room) -> Session:
        self.opened += 1
        return self.inner.open(replace(room, env={**room.env, "NTH": str(self.opened)}))


@dataclass
class Shop:
    """A run on a repository. `root` is the user's, `workspace` the agent's."""

    root: Path
    workspace: Workspace
    rooms: Rooms
    record: Recorder
    baseline: Baseline | None
    reviewer: Reviewer

    def write(self, files: Mapping[str, str]) -> None:
        for path, text in files.items():
            write(self.workspace.tree / path, text)

    def review(self, kind: Kind, files: Mapping[str, str] | None = None, **further: Any) -> Review:
        """Judge the tree with these files written, all new ones declared."""
        self.write(files or {})
        return self.reviewer.review(self.workspace.untracked(), kind, **further)

    def events(self, type: str) -> list[dict[str, Any]]:
        return [event.payload for event in self.record.log.events(self.record.run_id) if event.type == type]

    def stages(self) -> list[str]:
        return [event["stage"] for event in self.events("tests.finished")]


Open = Callable[[Mapping[str, str]], Shop]


def open_shop(
    sandbox: Bubblewrap,
    folder: Path,
    files: Mapping[str, str],
    toolchains: tuple[Path, ...] = (),
    **further: Any,
) -> Shop:
    """A repository of `files`, cloned, its suite found and run."""
    root = folder / "shop"
    for path, text in files.items():
        write(root / path, text)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "A shop")
    log = RunLog(folder / "runs.db")
    record = Recorder(log, log.create("a task", "shop", "planned").run)
    workspace = make_workspace(RepoHandle("shop", root), folder / "run", "agent/x")
    rooms = Rooms(Counted(sandbox), python_toolchain(None, toolchains), workspace.reports)
    baseline = find_baseline(workspace, rooms, record)
    reviewer = Reviewer(workspace, rooms, baseline, record, **further)
    return Shop(root, workspace, rooms, record, baseline, reviewer)
