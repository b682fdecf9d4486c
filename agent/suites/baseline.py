"""A working copy -> the command that tests it and what it says of the unchanged code.

A command is believed after it has really collected tests. Where none does but one of them cannot
even be built, that is the baseline: mending the build may be the task. What failed is run once more,
so that a test that fails only sometimes is known before the change is judged by it. Each run is kept
beside the clone, by commit and command, so that a run that goes on later need not repeat it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, is_dataclass, replace
from pathlib import Path
from types import UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from agent.log.runs import Recorder
from agent.rooms import Rooms
from agent.suites.suite import SuiteCommand, SuiteRun, find_suites
from agent.workspace import Workspace
from indexer.errors import BadInput

_KEPT_OUTPUT = 20_000  # letters of what a suite printed: the end, where the sums stand
_KEY_LETTERS = 16
_NO_TESTS = (0, 5, 126, 127)  # nothing to run (pytest says 5), or no such program: the build is not to blame
_PYTEST_BROKE_DOWN = (2, 3, 4)  # interrupted, an error of its own, wrong usage


@dataclass(frozen=True, slots=True)
class Baseline:
    """The command that tests this repository, and its run on the unchanged code.

    `flaky` are ids whose two runs disagreed. `broken`: nothing was collected because it does not build.
    """

    command: SuiteCommand
    run: SuiteRun
    flaky: frozenset[str] = frozenset()
    broken: bool = False

    def to_json(self) -> str:
        """Everything, the full sets of ids included; of the output its end."""
        short = replace(self, run=replace(self.run, output=self.run.output[-_KEPT_OUTPUT:]))
        return json.dumps(asdict(short), default=sorted, ensure_ascii=True)

    @staticmethod
    def from_json(text: str) -> Baseline:
        """Raises BadInput for what `to_json` did not write."""
        try:
            read: Baseline = _rebuilt(Baseline, json.loads(text))
            return read
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput(
                f"the stored baseline cannot be read: {error!r}; delete it to run it anew"
            ) from error


def find_baseline(
    workspace: Workspace, rooms: Rooms, record: Recorder, declared: Sequence[str] = ()
) -> Baseline | None:
    """Run the commands that may test this repository until one collects tests, or take up what was stored.

    `declared` are shell lines of a person, which are tried first.
    """
    broken: Baseline | None = None
    for command in _candidates(workspace, rooms, declared):
        found = _stored(workspace, command, record)
        if found is None:
            found = _measured(workspace, rooms, command, record)
            _store(workspace, found)
        if found.run.results.counted and not found.broken and not _crashed(found.run):
            return found
        if found.broken and broken is None:
            broken = found
    return broken


def attempts(record: Recorder) -> list[str]:
    """What became of each command that was tried on the unchanged code: `cargo test: no test ran: …`."""
    ran = [event.payload for event in record.events() if event.type == "tests.finished"]
    return list(dict.fromkeys(f"{run['shown']}: {run['summary']}" for run in ran if run["stage"] == "before"))


def _candidates(workspace: Workspace, rooms: Rooms, declared: Sequence[str]) -> Iterator[SuiteCommand]:
    """Commands for the interpreter of the installed environment, then for Cairn's own, which has a pytest."""
    tracked = workspace.tracked()
    for python in dict.fromkeys((rooms.python, rooms.toolchain.python)):
        yield from find_suites(workspace.files, tracked, python, declared)


def _crashed(run: SuiteRun) -> bool:
    """Whether the runner itself broke down: what it reports then is no test."""
    return run.code in _PYTEST_BROKE_DOWN and "pytest" in run.command and not run.results.passed


def record_suite(record: Recorder, stage: str, run: SuiteRun) -> None:
    """Note one run of a suite: `before`, `during`, `after`, `old code, new tests`, `again` …"""
    record(
        "tests.finished",
        stage=stage,
        command=list(run.command),
        shown=run.shown,
        summary=run.summary,
        green=run.green,
        passed=len(run.results.passed),
        failed=sorted(run.results.failed),
        seconds=round(run.seconds, 2),
        output="" if run.green else run.report(),
    )


def _measured(workspace: Workspace, rooms: Rooms, command: SuiteCommand, record: Recorder) -> Baseline:
    run = _run_clean(workspace, rooms, command)
    record_suite(record, "before", run)
    if run.build_failed and run.code not in _NO_TESTS:
        return Baseline(command, run, broken=True)
    if not run.results.failed or not run.results.counted:
        return Baseline(command, run)
    second = _run_clean(workspace, rooms, command)
    record_suite(record, "before, again", second)
    first, again = run.results, second.results
    flaky = (first.failed & again.passed) | (first.passed & again.failed)
    return Baseline(command, run, flaky)


def _run_clean(workspace: Workspace, rooms: Rooms, command: SuiteCommand) -> SuiteRun:
    with workspace.exported(f"{workspace.base}^{{tree}}") as folder:
        return rooms.run_suite(folder, command)


def _place(workspace: Workspace, command: SuiteCommand) -> Path:
    said = json.dumps([workspace.base, asdict(command)], sort_keys=True, default=sorted)
    key = hashlib.blake2b(said.encode("utf-8", "surrogateescape")).hexdigest()[:_KEY_LETTERS]
    return workspace.folder / f"baseline-{key}.json"


def _stored(workspace: Workspace, command: SuiteCommand, record: Recorder) -> Baseline | None:
    try:
        found = Baseline.from_json(_place(workspace, command).read_text("ascii"))
    except (OSError, UnicodeDecodeError, BadInput):  # nothing there, or half of it: measure
        return None
    record(
        "baseline.reused",
        command=list(found.command.argv),
        shown=found.command.shown,
        summary=found.run.summary,
    )
    return found


def _store(workspace: Workspace, baseline: Baseline) -> None:
    place = _place(workspace, baseline.command)
    spare = place.with_suffix(".new")
    spare.write_text(baseline.to_json(), "ascii")
    os.replace(spare, place)


def _rebuilt(kind: Any, value: Any) -> Any:
    """A value of the type `kind` from what JSON made of it: lists become tuples and sets again."""
    outer, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        known = {name: _rebuilt(hints[name], part) for name, part in value.items() if name in hints}
        return cast(Any, kind)(**known)
    if outer is frozenset:
        return frozenset(_rebuilt(inner[0], part) for part in value)
    if outer is tuple:
        return tuple(_rebuilt(inner[0], part) for part in value)
    if outer in (Union, UnionType):
        return None if value is None else _rebuilt(inner[0], value)
    return value
