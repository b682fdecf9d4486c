"""A sandbox that really confines, a copy of the sample project, and models that follow a plan."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from agent.model import Message, Reply, ToolCall, ToolSchema, Usage
from agent.rooms import Rooms
from agent.runs import Recorder, RunLog
from agent.sandbox import Room, Session
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.toolchain import python_toolchain
from agent.suites.baseline import Baseline, find_baseline
from agent.suites.review import Reviewer
from agent.tools import Toolbox
from agent.workspace import RepoHandle, Workspace, make_workspace
from indexer.errors import SandboxUnavailable
from tests.agent.plain import PlainCodebase

SAMPLE = Path(__file__).parents[2] / "examples" / "payments"


@pytest.fixture(scope="session")
def sandbox() -> Bubblewrap:
    """Where bubblewrap cannot run these tests are skipped, but never in CI: there it must be installed."""
    made = Bubblewrap()
    try:
        made.probe()
    except SandboxUnavailable as reason:
        if os.environ.get("CI"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))
    return made


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    made = tmp_path / "tree"
    made.mkdir()
    return made


@pytest.fixture
def inside(sandbox: Bubblewrap, tree: Path) -> Session:
    """A session in `tree` in which `python` is the interpreter of these tests."""
    tools = python_toolchain()
    return sandbox.open(Room(tree, toolchains=tools.folders, path=tools.path))


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of the sample project, for a test to do with as it likes."""
    root = tmp_path / "payments"
    shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    return root


Move = tuple[str, dict[str, Any] | str]  # a tool and its arguments, as a dict or as the letters sent


class Planned:
    """A model that plays given messages: lists of moves, or plain text. It keeps what it was sent."""

    scripted = True

    def __init__(self, *answers: list[Move] | str, usage: Usage | None = None, cut: bool = False) -> None:
        self.name = "planned"
        self.sent: list[list[Message]] = []
        self._answers = list(answers)
        self._usage = usage or Usage(100, 10)
        self._cut = cut

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        self.sent.append(list(messages))
        answer = self._answers[min(len(self.sent), len(self._answers)) - 1]
        if isinstance(answer, str):
            return Reply(answer, (), self._usage, self._cut)
        calls = tuple(
            ToolCall("", name, given if isinstance(given, str) else json.dumps(given))
            for name, given in answer
        )
        return Reply("", calls, self._usage, self._cut)

    @property
    def results(self) -> list[str]:
        """What the tools said, as far as the model was told."""
        return [message["content"] for message in self.sent[-1] if message["role"] == "tool"]


@dataclass
class Desk:
    """A run's tools on a clone of the sample project, with everything they touch."""

    workspace: Workspace
    log: RunLog
    record: Recorder
    tools: Toolbox
    index: PlainCodebase

    def say(self, tool: str, **arguments: Any) -> str:
        """What a tool that works says."""
        observation = self.tools.call(tool, json.dumps(arguments))
        assert not observation.failed, observation.text
        return observation.text

    def refusal(self, tool: str, **arguments: Any) -> str:
        observation = self.tools.call(tool, json.dumps(arguments))
        assert observation.failed, observation.text
        return observation.text

    def events(self, type: str) -> list[dict[str, Any]]:
        return [event.payload for event in self.log.events(self.record.run_id) if event.type == type]


@pytest.fixture(scope="session")
def baseline(sandbox: Bubblewrap, tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    """The sample project's own tests, found and run once for all."""
    folder = tmp_path_factory.mktemp("baseline")
    log = RunLog(folder / "runs.db")
    record = Recorder(log, log.create("a task", "payments", "planned").run)
    workspace = make_workspace(RepoHandle("payments", SAMPLE), folder / "run", "agent/x")
    found = find_baseline(workspace, Rooms(sandbox, python_toolchain(), workspace.reports), record)
    assert found is not None
    return found


@pytest.fixture
def desk(sandbox: Bubblewrap, baseline: Baseline, sample: Path, tmp_path: Path) -> Desk:
    log = RunLog(tmp_path / "data" / "runs.db")
    record = Recorder(log, log.create("a task", "payments", "planned").run)
    workspace = make_workspace(RepoHandle("payments", sample), tmp_path / "data" / "run", "agent/x")
    rooms = Rooms(sandbox, python_toolchain(), workspace.reports)
    index = PlainCodebase(workspace.tree)
    review = Reviewer(workspace, rooms, baseline, record).review
    tools = Toolbox(workspace, index, index, rooms, baseline, review, record)
    return Desk(workspace, log, record, tools, index)
