"""What came of each instance on each arm <-> a file that grows by a line for each.

A line is written when its instance is done with, so a campaign that was stopped goes on after the last
one. What a campaign is of (which model, dry or not) stands beside it and may not change in between.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from threading import Lock
from typing import Any, Literal, get_args

from indexer.errors import BadInput, Conflict

Arm = Literal["on", "off"]
ARMS: tuple[Arm, ...] = get_args(Arm)
Key = tuple[str, Arm]  # instance and arm

# What was in the way of these was not the model; the next call tries them again.
_TRIED_AGAIN = ("failed",)


@dataclass(frozen=True, slots=True)
class Result:
    """One instance on one arm.

    `status` is how the run ended (finished, escalated, awaiting_approval, failed), or `invalid` for an
    instance that is no task here. `resolved` is what the instance's tests say of `patch`, whatever the
    status. `failing` are the tests that keep it from being resolved.
    """

    instance: str
    arm: Arm
    status: str
    resolved: bool = False
    reason: str = ""
    run: str = ""
    model: str = ""
    patch: str = ""
    failing: tuple[str, ...] = ()
    steps: int = 0
    cycles: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    seconds: float = 0.0
    dollars: float | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """What all results of one folder have in common."""

    model: str
    dry: bool


class Results:
    """The results in a folder. Safe to share between threads; of processes one at a time adds to it."""

    def __init__(self, folder: Path, campaign: Campaign) -> None:
        """Raises Conflict where the folder holds the results of another campaign."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.campaign = campaign
        self._file = folder / "results.jsonl"
        self._lock = Lock()
        self._claim()
        _drop_half_a_line(self._file)
        self._known = {(result.instance, result.arm): result for result in _read(self._file)}

    @contextmanager
    def lease(self) -> Iterator[None]:
        """Be the one process that adds to this folder. Raises Conflict while another one does."""
        with (self.folder / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Conflict(
                    f"{self.folder} is being filled by another process; wait for it, or give another --out"
                ) from None
            yield

    def done(self, instance: str, arm: Arm) -> bool:
        found = self._known.get((instance, arm))
        return found is not None and found.status not in _TRIED_AGAIN

    def add(self, result: Result) -> None:
        line = json.dumps(asdict(result)) + "\n"
        with self._lock:
            with self._file.open("a", encoding="ascii") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            self._known[result.instance, result.arm] = result

    def all(self) -> list[Result]:
        """The newest of each instance and arm, by instance."""
        with self._lock:
            return [self._known[key] for key in sorted(self._known)]

    def _claim(self) -> None:
        place = self.folder / "campaign.json"
        ours = asdict(self.campaign)
        if not place.exists():
            place.write_text(json.dumps(ours) + "\n", "utf-8")
            return
        try:
            theirs = json.loads(place.read_text("utf-8"))
        except ValueError as error:
            raise BadInput(f"{place} cannot be read: {error}; give another --out") from error
        if theirs != ours:
            raise Conflict(
                f"{self.folder} holds results of {_said(theirs)}, not of {_said(ours)}; the two are never "
                "mixed, so give another --out"
            )


def _said(campaign: Mapping[str, Any]) -> str:
    return f"{'a dry run of ' if campaign.get('dry') else ''}{campaign.get('model')!r}"


def _read(file: Path) -> list[Result]:
    if not file.exists():
        return []
    known = {field.name for field in fields(Result)}
    found = []
    for number, line in enumerate(file.read_text("ascii").splitlines(), 1):
        try:
            row = {name: value for name, value in json.loads(line).items() if name in known}
            row["failing"] = tuple(row.get("failing", ()))
            found.append(Result(**row))
        except (ValueError, TypeError, AttributeError) as error:
            raise BadInput(f"{file}, line {number} is no result: {error}; give another --out") from error
    return found


def _drop_half_a_line(file: Path) -> None:
    """What a killed process left without its end was not done with."""
    if not file.exists():
        return
    data = file.read_bytes()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        with file.open("r+b") as opened:
            opened.truncate(whole)
