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
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, is_dataclass, replace
from pathlib import Path
from types import UnionType
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from agent.rooms import Rooms
from agent.runs import Recorder
from agent.suites.suite import SuiteCommand, SuiteRun, find_suites
from agent.workspace import Workspace
from indexer.errors import BadInput

_KEPT_OUTPUT = 20_000  # letters of what a suite printed: the end, where the sums stand
_KEY_LETTERS = 16
_NO_TESTS = (0, 5, 126, 127)  # nothing to run (pytest says 5), or no such program: the build is not to blame
_BROKEN_BUILD = re.compile(
    r"^[ \t]*(?:error(?:\[E\d+\])?:|\[ERROR\]|.*: error:|.*\bSyntaxError\b|.*\bERROR collecting\b"
    r"|.*\bModuleNotFoundError\b|.*\bImportError\b|.*Cannot find module|FAIL\t.*\[(?:build|setup) failed\]"
    r"|.*could not compile|.*BUILD FAILED|.*error TS\d+:)",
    re.M,
)
_UNBUILT = re.compile(r"\A\S+\.py |\[(?:build|setup) failed\]")


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
    workspace: Workspace, rooms: Rooms, record: Recorder, given: SuiteCommand | None = None
) -> Baseline | None:
    """Run the commands that may test this repository until one collects tests, or take up what was stored."""
    candidates: Iterable[SuiteCommand] = (
        [given] if given else find_suites(workspace.files, workspace.tracked(), rooms.toolchain.python)
    )
    broken: Baseline | None = None
    for command in candidates:
        found = _stored(workspace, command, record)
        if found is None:
            found = _measured(workspace, rooms, command, record)
            _store(workspace, found)
        if found.run.results.counted and not found.broken:
            return found
        if found.broken and broken is None:
            broken = found
    return broken


def record_suite(record: Recorder, stage: str, run: SuiteRun) -> None:
    """Note one run of a suite: `before`, `during`, `after`, `old code, new tests`, `again` …"""
    record(
        "tests.finished",
        stage=stage,
        command=list(run.command),
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
    if _does_not_build(run):
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


def _does_not_build(run: SuiteRun) -> bool:
    """Whether no test ran and the output names the error that kept them from it."""
    results = run.results
    if run.killed_by or run.code in _NO_TESTS or results.passed or results.skipped:
        return False
    # Some runners report what they cannot build as a failure: a module, or a package, in place of a test.
    if results.counted and not all(_UNBUILT.search(f"{test} {run.output}") for test in results.failed):
        return False
    return (bool(results.failed) or not results.counted) and _BROKEN_BUILD.search(run.output) is not None


def _place(workspace: Workspace, command: SuiteCommand) -> Path:
    said = json.dumps([workspace.base, asdict(command)], sort_keys=True, default=sorted)
    key = hashlib.blake2b(said.encode("utf-8", "surrogateescape")).hexdigest()[:_KEY_LETTERS]
    return workspace.folder / f"baseline-{key}.json"


def _stored(workspace: Workspace, command: SuiteCommand, record: Recorder) -> Baseline | None:
    try:
        found = Baseline.from_json(_place(workspace, command).read_text("ascii"))
    except (OSError, UnicodeDecodeError, BadInput):  # nothing there, or half of it: measure
        return None
    record("baseline.reused", command=list(found.command.argv), summary=found.run.summary)
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
