"""Commands and tests -> what they printed and what failed, run in the sandbox."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from agent.cycles import Cycles
from agent.observation import clipped
from agent.rooms import Rooms
from agent.sandbox import ExecResult
from agent.seeds import Seeds
from agent.suites.baseline import Baseline, record_suite
from agent.suites.suite import SuiteRun
from agent.suites.verdict import new_failures, some
from agent.tools.desk import Desk
from indexer.errors import BadInput

_COMMAND_SECONDS = 120
_LONGEST_COMMAND = 300
_SHOWN_PATHS = 20  # of the files a command changed: one that unpacks thousands must not drown its output
_LOGGED_PATHS = 200


class Commands:
    """The tools that run something in the tree."""

    def __init__(
        self,
        desk: Desk,
        rooms: Rooms,
        baseline: Baseline | None,
        seeds: Seeds,
        cycles: Cycles,
        protects: Callable[[str], str | None],
    ) -> None:
        self._desk = desk
        self._rooms = rooms
        self._baseline = baseline
        self._seeds = seeds
        self._cycles = cycles
        self._protects = protects

    @property
    def tools(self) -> list[Callable[..., str]]:
        return [self.run, *([self.run_tests] if self._baseline else [])]

    def run(self, command: str, seconds: int = _COMMAND_SECONDS) -> str:
        """Run a shell command at the root of the repository, confined: no network, nothing else writable.

        command: a line for /bin/sh
        seconds: when to stop it, at most 300
        """
        before = self._state()
        session = self._rooms.open(self._desk.workspace.tree)
        try:
            done = session.exec(["/bin/sh", "-c", command], seconds=min(max(seconds, 1), _LONGEST_COMMAND))
        finally:
            session.close()
        changed = sorted({path for path, _ in before ^ self._state()})
        put_back = self._put_back(changed)
        self._record(command, done, changed)
        if changed:
            self._desk.changed(changed)
        ended = f"stopped ({done.killed_by})" if done.killed_by else f"exit code {done.code}"
        touched = f"\nchanged by the command: {_some(changed)}" if changed else ""
        return f"{ended} after {done.seconds:.1f} s{touched}{put_back}\n{clipped(done.output)}"

    def run_tests(self, tests: list[str] | None = None) -> str:
        """Run the tests and report what failed. The whole suite runs again when you finish.

        tests: files or test ids to run; all of them if left out
        """
        if self._baseline is None:
            raise BadInput("no test command was found for this repository; use run if you know one")
        self._desk.record("tests.started", stage="during", tests=list(tests or ()))
        run = self._rooms.run_suite(self._desk.workspace.tree, self._baseline.command, tests or ())
        record_suite(self._desk.record, "during", run)
        if run.green:
            return run.report()
        known = self._baseline.run.results.failed & run.results.failed
        also = f"\n\nFailed before your change as well: {some(known)}." if known else ""
        if tests or not known or not self._as_good_as_before(run):
            self._cycles.failed(run, self._desk.version)
        return run.report() + self._seeds.for_failure(run) + also

    def _as_good_as_before(self, run: SuiteRun) -> bool:
        """Whether only that fails which failed before; code that did not build was never good."""
        assert self._baseline is not None
        news = new_failures(self._baseline.run, run, self._baseline.flaky)
        return not (news or run.killed_by or self._baseline.broken)

    def _put_back(self, changed: list[str]) -> str:
        """Undo what a command did to protected files; the file tools refuse them, so must this way."""
        protected = [path for path in changed if self._protects(path)]
        for path in protected:
            self._desk.workspace.restore(path)
            changed.remove(path)
        if not protected:
            return ""
        self._desk.record("guard.tripped", guard="protected files", paths=protected)
        return f"\nput back, because they are protected: {_some(protected)}"

    def _record(self, command: str, done: ExecResult, changed: list[str]) -> None:
        self._desk.record(
            "command.finished",
            command=command,
            code=done.code,
            killed_by=done.killed_by,
            seconds=round(done.seconds, 2),
            cut_bytes=done.cut_bytes,
            changed=changed[:_LOGGED_PATHS],
        )
        if done.killed_by:
            self._desk.record("guard.tripped", guard=f"sandbox limit: {done.killed_by}", command=command)

    def _state(self) -> set[tuple[str, tuple[int, int]]]:
        """Every file that differs from the start of the run, and a mark that changes when it does."""
        workspace = self._desk.workspace
        found = set()
        for path in {*workspace.changed(), *workspace.untracked()}:
            try:
                info = os.lstat(workspace.tree / path)
                found.add((path, (info.st_mtime_ns, info.st_size)))
            except OSError:
                found.add((path, (0, -1)))
        return found


def _some(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - _SHOWN_PATHS} more" if len(paths) > _SHOWN_PATHS else ""
    return ", ".join(paths[:_SHOWN_PATHS]) + more
