"""A person's word on a run -> an event; the run goes on from there when it is resumed.

An approval is bound to what was shown: the digest of the plan, or the id of the tree that would be
pushed. Where it names another one, nothing happens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.answers import ANY_STAGE
from agent.log.runs import Event, RunLog, masked
from agent.plan import Plan, plan_from
from indexer.errors import BadInput, Conflict

_NOTE_LETTERS = 10_000


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for a person. `subject` is what an approval is bound to."""

    gate: str  # plan or push
    subject: str
    reasons: tuple[str, ...]


def pending_gate(log: RunLog, run_id: str) -> Pending | None:
    """The gate at which a run waits."""
    row = log.show(run_id)
    if row.state != "awaiting_approval":
        return None
    asked = next(event for event in reversed(log.events(row.id)) if event.type == "gate.requested")
    return Pending(asked.payload["gate"], asked.payload["subject"], tuple(asked.payload["reasons"]))


def approve(
    log: RunLog,
    run_id: str,
    actor: str,
    *,
    subject: str | None = None,
    note: str = "",
    plan: Mapping[str, Any] | None = None,
) -> Event:
    """Let a run through its gate. `plan` is the plan as the person edited it, for the gate of the plan.

    Raises Conflict when nothing waits, or for another `subject` than the one that waits; BadInput for a
    plan that cannot be read.
    """
    run_id = log.show(run_id).id
    waiting = _waiting(log, run_id, subject)
    edited = _edited(log, waiting, plan)
    granted = edited.digest if edited else waiting.subject
    return log.append(
        run_id,
        "gate.granted",
        {
            "gate": waiting.gate,
            "shown": waiting.subject,
            "subject": granted,
            "actor": actor,
            "note": _checked(note),
            "plan": edited.as_json() if edited else None,
        },
    )


def reject(log: RunLog, run_id: str, actor: str, *, subject: str | None = None, note: str = "") -> Event:
    """End a run at its gate. What was done stays in its working copy."""
    run_id = log.show(run_id).id
    waiting = _waiting(log, run_id, subject)
    said = {"gate": waiting.gate, "subject": waiting.subject, "actor": actor, "note": _checked(note)}
    return log.append(run_id, "gate.rejected", said)


def answer(log: RunLog, run_id: str, actor: str, text: str) -> Event:
    """Answer what a run asks, or say at a gate what shall be different; it goes on with a new budget."""
    if not text.strip():
        raise BadInput("the answer is empty; say what the agent needs to know")
    row = log.show(run_id)
    stage = _stage_of(log, row.id)
    return log.append(row.id, "answered", {"actor": actor, "text": _checked(text), "stage": stage})


def cancel(log: RunLog, run_id: str, actor: str, reason: str = "") -> Event:
    """End a run that nobody works on; one that is worked on is asked through its worker.

    Raises Conflict while it is worked on, or when it has ended.
    """
    row = log.show(run_id)
    with log.lease(row.id):
        return log.append(row.id, "cancelled", {"actor": actor, "reason": reason or f"cancelled by {actor}"})


def _waiting(log: RunLog, run_id: str, subject: str | None) -> Pending:
    waiting = pending_gate(log, run_id)
    if waiting is None:
        raise Conflict(f"run {run_id} is {log.show(run_id).state}; nothing waits for an approval")
    if subject is not None and not (len(subject) >= 8 and waiting.subject.startswith(subject)):
        raise Conflict(
            f"what waits is {waiting.subject[:12]}, not {subject[:12]}; look at it again before you decide"
        )
    return waiting


def _stage_of(log: RunLog, run_id: str) -> str:
    """The stage that an answer goes to: whose result waits, or whose model was talking last."""
    for event in reversed(log.events(run_id)):
        if event.type == "gate.requested":
            return "plan" if event.payload["gate"] == "plan" else "work"
        if event.type == "prompt":
            return str(event.payload["stage"])
    return ANY_STAGE


def _edited(log: RunLog, waiting: Pending, plan: Mapping[str, Any] | None) -> Plan | None:
    if plan is None:
        return None
    if waiting.gate != "plan":
        raise BadInput(
            "a plan can be edited at the gate of the plan only; answer instead to have changes made"
        )
    return plan_from(masked(dict(plan), log.hidden))  # bound to what will stand in the log


def _checked(text: str) -> str:
    if len(text) > _NOTE_LETTERS:
        raise BadInput(f"the text has {len(text)} letters; at most {_NOTE_LETTERS} are taken")
    return text.strip()
