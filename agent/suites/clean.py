"""A tree by its id -> a run of the suite on a clean copy of it, whole or for some tests.

Nothing is run where the agent worked: what a command left behind there, or a file that will not be
committed, must not make it green.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from agent.beneath import Beneath
from agent.log.runs import Recorder
from agent.rooms import Rooms
from agent.sandbox import ExecResult, Room, Sandbox, Session
from agent.suites.baseline import record_suite
from agent.suites.suite import SuiteCommand, SuiteRun
from agent.workspace import Workspace
from indexer.errors import BadInput

Ways = Literal["ids", "files", "all"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Tests by their ids, and the files they are in for runners that know files only."""

    tests: frozenset[str]
    files: Sequence[str] = ()


class CleanRuns:
    """Runs the suite of one repository on exported trees, each run an event."""

    def __init__(self, workspace: Workspace, rooms: Rooms, command: SuiteCommand, record: Recorder) -> None:
        self.command = command
        self.record = record
        self._workspace = workspace
        self._rooms = rooms
        self._way: Ways | None = None

    def whole(self, tree: str, stage: str, look: Callable[[Path], None] = lambda _: None) -> SuiteRun:
        """Run everything. `look` sees the copy before the tests do."""
        with self._workspace.exported(tree) as folder:
            look(folder)
            run = self._rooms.run_suite(folder, self.command)
        record_suite(self.record, stage, run)
        return run

    def only(self, tree: str, stage: str, files: Sequence[str]) -> SuiteRun:
        """Run the tests of these files, with a runner that is known to take paths."""
        run = self._selected(tree, files, {}, None)
        record_suite(self.record, stage, run)
        return run

    def some(
        self,
        tree: str,
        stage: str,
        selection: Selection,
        *,
        edits: Mapping[str, str] | None = None,
        seconds: float | None = None,
    ) -> SuiteRun:
        """Run these tests, or everything where the runner cannot select.

        What the runner can is learned from the first call, so let that be one in which the tests
        exist. `edits` are texts that replace files of the copy.
        """
        ways: tuple[Ways, ...] = ("ids", "files", "all") if self._way is None else (self._way, "all")
        if not selection.tests:
            ways = ("all",)
        for way in ways:
            try:
                run = self._selected(tree, _words(way, selection), edits or {}, seconds)
            except BadInput:  # it cannot, or an id looks like an option
                continue
            if way in ("all", self._way) or selection.tests <= _reported(run):
                self._way = way if selection.tests else self._way
                record_suite(self.record, stage, run)
                return run
        raise BadInput(f"{self.command.shown} cannot be run for {', '.join(selection.tests)}")

    def _selected(
        self, tree: str, words: Sequence[str] | None, edits: Mapping[str, str], seconds: float | None
    ) -> SuiteRun:
        if words is None:
            raise BadInput("no file is known for these tests")
        rooms = self._rooms
        if seconds is not None:
            rooms = replace(rooms, sandbox=_Hurried(rooms.sandbox, seconds))
        with self._workspace.exported(tree) as folder:
            for path, text in edits.items():
                Beneath(folder).write(path, text.encode("utf-8", "surrogateescape"))
            return rooms.run_suite(folder, self.command, words)


def _words(way: Ways, selection: Selection) -> Sequence[str] | None:
    if way == "ids":
        return sorted(selection.tests) or None
    return (list(selection.files) or None) if way == "files" else ()


def _reported(run: SuiteRun) -> frozenset[str]:
    return run.results.passed | run.results.failed | run.results.skipped


@dataclass(frozen=True, slots=True)
class _Hurried:
    """A sandbox whose commands end sooner: what was changed on purpose may loop for ever."""

    sandbox: Sandbox
    seconds: float

    @property
    def name(self) -> str:
        return self.sandbox.name

    def probe(self) -> None:
        self.sandbox.probe()

    def open(self, room: Room) -> Session:
        return _HurriedSession(self.sandbox.open(room), self.seconds)


@dataclass(frozen=True, slots=True)
class _HurriedSession:
    session: Session
    seconds: float

    def exec(self, argv: Sequence[str], *, seconds: float | None = None) -> ExecResult:
        return self.session.exec(argv, seconds=min(self.seconds, seconds or self.seconds))

    def close(self) -> None:
        self.session.close()
