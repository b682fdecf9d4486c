"""A sandbox that really confines, a copy of the sample project, and models that follow a plan."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from agent.model import Message, Reply, ToolCall, ToolSchema, Usage
from agent.sandbox import Room, Session
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.toolchain import python_toolchain
from indexer.errors import SandboxUnavailable

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


@pytest.fixture
def python() -> str:
    return sys.executable


Check = Callable[[str], bool]
