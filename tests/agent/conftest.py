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

from agent.cycles import Cycles
from agent.inspection import Inspection
from agent.intake import Brief
from agent.intake.text import read_text
from agent.log.progress import Progress
from agent.log.runs import Recorder, RunLog
from agent.misfits import Misfits
from agent.model import Message, Reply, ToolCall, ToolSchema, Usage
from agent.observation import Observation
from agent.plan import Ground, Plan, Step
from agent.policy import Policy
from agent.rooms import Rooms
from agent.sandbox import Room, Session
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.toolchain import python_toolchain
from agent.seeds import Seeds
from agent.suites.baseline import Baseline, find_baseline
from agent.suites.review import Reviewer
from agent.tools.change import Edits
from agent.tools.commands import Commands
from agent.tools.desk import Desk
from agent.tools.handing_in import HandingIn
from agent.tools.look import Look
from agent.tools.planning import Following
from agent.tools.toolbox import Toolbox
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


Played = tuple[str, dict[str, Any] | str]  # a tool and its arguments, as a dict or as the letters sent


class Planned:
    """A model that plays given messages: lists of calls, or plain text. It keeps what it was sent.

    Asked for a plan it proposes one that names the files its own calls touch, or `plan`.
    """

    scripted = True

    def __init__(
        self,
        *answers: list[Played] | str,
        usage: Usage | None = None,
        cut: bool = False,
        plan: dict[str, Any] | None = None,
    ) -> None:
        self.name = "planned"
        self.sent: list[list[Message]] = []
        self.plans = 0
        self._answers = list(answers)
        self._usage = usage or Usage(100, 10)
        self._cut = cut
        self._plan = plan

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        if any(tool["function"]["name"] == "propose_plan" for tool in tools):
            self.plans += 1
            written = json.dumps({"plan": self._plan or self._derived()})
            return Reply("", (ToolCall("", "propose_plan", written),), self._usage)
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

    def _derived(self) -> dict[str, Any]:
        calls = [call for answer in self._answers if not isinstance(answer, str) for call in answer]
        actions = {"create_file": "create", "str_replace": "change", "delete_file": "delete"}
        files: dict[str, dict[str, Any]] = {}
        for name, given in calls:
            if name in actions and isinstance(given, dict):
                path = given["path"]
                files.setdefault(path, {"path": path, "action": actions[name], "why": "as asked"})
        kinds = [given.get("kind") for name, given in calls if name == "finish" and isinstance(given, dict)]
        tested = any("test" in path for path in files)
        return {
            "summary": "As the task says.",
            "kind": next(filter(None, kinds), "feature" if tested else "refactoring"),
            "steps": [{"text": "Do it"}],
            "files": list(files.values()) or [{"path": "README.md", "action": "change"}],
        }


PLAN = Plan("As the task says.", "feature", (Step("Do it"),), ())  # without files: no boundary


@dataclass
class Bench:
    """The tools of the working stage on a clone of the sample project, with everything they touch."""

    workspace: Workspace
    log: RunLog
    record: Recorder
    desk: Desk
    tools: Toolbox
    handing_in: HandingIn
    index: PlainCodebase
    calls: int = 0

    def call(self, tool: str, arguments: dict[str, Any] | str) -> Observation:
        self.calls += 1
        written = arguments if isinstance(arguments, str) else json.dumps(arguments)
        ((_, observation),) = self.tools.carry_out([ToolCall(f"bench_{self.calls}", tool, written)])
        return observation

    def say(self, tool: str, **arguments: Any) -> str:
        """What a tool that works says."""
        observation = self.call(tool, arguments)
        assert not observation.failed, observation.text
        return observation.text

    def refusal(self, tool: str, **arguments: Any) -> str:
        observation = self.call(tool, arguments)
        assert observation.failed, observation.text
        return observation.text

    def events(self, type: str) -> list[dict[str, Any]]:
        return [event.payload for event in self.record.events() if event.type == type]


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


@dataclass
class BenchMaker:
    """Makes benches, with another plan or task than the usual ones where a test needs it."""

    sandbox: Bubblewrap
    baseline: Baseline
    sample: Path
    folder: Path

    def __call__(self, plan: Plan = PLAN, brief: Brief | None = None, policy: Policy | None = None) -> Bench:
        brief, policy = brief or read_text("a task", "text", 1000), policy or Policy()
        log = RunLog(self.folder / "data" / "runs.db")
        record = Recorder(log, log.create("a task", "payments", "planned").run)
        workspace = make_workspace(
            RepoHandle("payments", self.sample), self.folder / "data" / "run", "agent/x"
        )
        rooms = Rooms(self.sandbox, python_toolchain(), workspace.reports)
        index = PlainCodebase(workspace.tree)
        desk, cycles = Desk(workspace, index, record), Cycles(record)
        seeds = Seeds(index, index, record).at(desk)
        wanted = [item.id for item in brief.criteria] + [tick.id for tick in brief.ticks]
        progress = Progress(plan, wanted)
        ground = Ground(workspace.tracked(), protected=policy.protects)
        inspection = Inspection(workspace, rooms, self.baseline, record)
        reviewer = Reviewer(workspace, rooms, self.baseline, record, inspection.diagnose)
        misfits = Misfits(index, index.repo, workspace)
        handing_in = HandingIn(desk, reviewer, brief, progress, seeds, cycles, misfits, inspection)
        tools = [
            *Look(desk, index).tools,
            *Commands(desk, rooms, self.baseline, seeds, cycles, policy.protects).tools,
            *Following(desk, progress, ground, seeds).tools,
            *handing_in.tools,
        ]
        toolbox = Toolbox(desk, tools, Edits(desk, progress, policy.protects))
        return Bench(workspace, log, record, desk, toolbox, handing_in, index)


@pytest.fixture
def benches(sandbox: Bubblewrap, baseline: Baseline, sample: Path, tmp_path: Path) -> BenchMaker:
    return BenchMaker(sandbox, baseline, sample, tmp_path)


@pytest.fixture
def bench(benches: BenchMaker) -> Bench:
    return benches()
