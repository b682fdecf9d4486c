"""A folder -> a session of the sandbox in it, with the tools of this run and its limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.sandbox import Room, Sandbox, Session
from agent.sandbox.toolchain import Toolchain
from agent.suites.suite import SuiteCommand, SuiteRun, run_suite

_ENV = {
    "PYTHONDONTWRITEBYTECODE": "1",  # nothing in the tree that is not source
    "PYTHONUNBUFFERED": "1",
    "CI": "1",  # many runners drop their progress bars and questions
    "GOCACHE": "/tmp/go-build",
    "CARGO_TARGET_DIR": "/tmp/cargo-target",
}


@dataclass(frozen=True, slots=True)
class Rooms:
    """Opens rooms on the tree of a run and on its clean copies."""

    sandbox: Sandbox
    toolchain: Toolchain
    reports: Path

    def open(self, tree: Path) -> Session:
        tools = self.toolchain
        return self.sandbox.open(
            Room(tree, self.reports, toolchains=tools.folders, path=tools.path, env=_ENV)
        )

    def run_suite(self, tree: Path, command: SuiteCommand, selected: Sequence[str] = ()) -> SuiteRun:
        return run_suite(command, self.open(tree), self.reports, selected)
