"""A subject that waits for a person -> what was granted for it, or the run stops here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agent.log.runs import Event, Recorder
from agent.observation import clipped

_NAMED = 5  # files
_WORDS = 400  # letters of what the model said last


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
    edits += [event.payload["changed"] for event in events if event.type == "command.finished"]
    tests = [event.payload for event in events if event.type == "tests.finished"]
    said = [event.payload["text"] for event in events if event.type == "model.response"]
    guards = [event.payload["guard"] for event in events if event.type == "guard.tripped"]
    return {
        "edited": sorted({path for paths in edits for path in paths}),
        "tests": tests[-1]["summary"] if tests else "",
        "cycles": sum(event.type == "cycle" for event in events),
        "guards": sorted(set(guards)),
        "said": clipped(said[-1].strip(), _WORDS) if said else "",
    }


def so_far(found: Mapping[str, Any]) -> str:
    """What `tried` found, in a sentence or two."""
    edited, cycles = found["edited"], found["cycles"]
    more = f" and {len(edited) - _NAMED} more" if len(edited) > _NAMED else ""
    parts = [f"changed {', '.join(edited[:_NAMED])}{more}" if edited else "nothing was changed"]
    parts += [f"the last tests: {found['tests']}"] if found["tests"] else []
    parts += [f"failed attempts: {cycles}"] if cycles else []
    last = f" The model's last words: {found['said']}" if found["said"] else ""
    return f"So far: {'; '.join(parts)}.{last}"
