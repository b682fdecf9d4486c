"""A subject that waits for a person -> what was granted for it, or the run stops here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.log.runs import Event, Recorder


class AtGate(Exception):
    """The run waits for an approval."""


def passed(record: Recorder, gate: str, subject: str, reasons: Sequence[str]) -> dict[str, Any]:
    """What was granted for this subject, and for no other. Raises AtGate after asking for it."""
    if granted := record.last("gate.granted", gate=gate, shown=subject):
        return granted.payload
    record("gate.requested", gate=gate, subject=subject, reasons=list(reasons))
    raise AtGate


def tried(events: Sequence[Event]) -> dict[str, Any]:
    """What a person who shall help needs to see: what was changed, run and refused."""
    edits = [event.payload["paths"] for event in events if event.type == "edit.applied"]
    tests = [event.payload for event in events if event.type == "tests.finished"]
    guards = [event.payload["guard"] for event in events if event.type == "guard.tripped"]
    return {
        "edited": sorted({path for paths in edits for path in paths}),
        "tests": tests[-1]["summary"] if tests else "",
        "cycles": sum(event.type == "cycle" for event in events),
        "guards": sorted(set(guards)),
    }
