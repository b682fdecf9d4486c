"""A folder -> a session of the sandbox in it, with the tools of this run and its limits."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.sandbox import Caps, Room, Sandbox, Session
from agent.sandbox.dependencies import Environment
from agent.sandbox.disk import disk_bytes
from agent.sandbox.toolchain import Toolchain
from agent.suites.suite import SuiteCommand, SuiteRun, run_suite

_ENV = {
    "PYTHONDONTWRITEBYTECODE": "1",  # nothing in the tree that is not source
    "PYTHONUNBUFFERED": "1",
    "CI": "1",  # many runners drop their progress bars and questions
    "GOCACHE": "/tmp/go-build",
    "GOTOOLCHAIN": "local",  # a go.mod that wants a newer Go would have it downloaded
    "CARGO_HOME": "/tmp/cargo",
    "CARGO_TARGET_DIR": "/tmp/cargo-target",
}
# LangChain, an extra of Cairn, brings a pytest plugin along that traces runs to a service. Its import costs
# every run of a suite more than pytest itself does. A project that wants it has an environment of its own.
OWN_ENV = {"PYTEST_ADDOPTS": "-p no:langsmith_plugin"}


@dataclass(frozen=True, slots=True)
class Rooms:
    """Opens rooms on the tree of a run and on its clean copies; `environment` is what was installed."""

    sandbox: Sandbox
    toolchain: Toolchain
    reports: Path
    environment: Environment | None = None
    caps: Caps = field(default_factory=Caps)
    _sizes: dict[Path, int] = field(default_factory=dict, compare=False)

    @property
    def python(self) -> str:
        """The interpreter for tests."""
        return (self.environment and self.environment.python) or self.toolchain.python

    def open(self, tree: Path) -> Session:
        tools, installed = self.toolchain, self.environment or Environment()
        own = OWN_ENV if self.python == sys.executable else {}
        return self.sandbox.open(
            Room(
                tree,
                self.reports,
                toolchains=tools.folders,
                path=(*installed.path, *tools.path),
                env={**_ENV, **own, **tools.env, **installed.env},
                caps=self.caps,
                mounts=installed.mounts,
                start_bytes=self._start_bytes(tree),
            )
        )

    def run_suite(self, tree: Path, command: SuiteCommand, selected: Sequence[str] = ()) -> SuiteRun:
        session = self.open(tree)
        try:
            return run_suite(command, session, self.reports, selected)
        finally:
            session.close()

    def _start_bytes(self, tree: Path) -> int:
        """What a tree had when its first room opened: a limit that began anew each time would be none."""
        if tree not in self._sizes:
            self._sizes[tree] = disk_bytes([tree, self.reports])
        return self._sizes[tree]
