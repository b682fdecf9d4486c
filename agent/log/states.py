"""The state of a run and an event -> its next state; one table, and a refusal for everything else.

queued ─► running ─► finished
            │  ▲
            │  └── resumed, answered, granted ◄── a person
            ├─► awaiting_approval   a gate: the plan, or the change before it is pushed
            ├─► escalated           it is stuck and says what it needs
            ├─► failed              the machine, the endpoint or the repository is in the way
            └─► cancelled, rejected
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from indexer.errors import Conflict

State = Literal[
    "queued", "running", "awaiting_approval", "escalated", "finished", "failed", "cancelled", "rejected"
]
STATES: tuple[State, ...] = get_args(State)

ENDED: tuple[State, ...] = ("finished", "rejected")  # nothing can follow
RESTING: tuple[State, ...] = (*ENDED, "awaiting_approval", "escalated", "failed", "cancelled")  # nobody works

_GOES_ON: tuple[State, ...] = ("queued", "running", "escalated", "failed", "cancelled")

# event -> the state it leads to, and the states in which it may happen
_TABLE: Mapping[str, tuple[State, tuple[State, ...]]] = {
    "task.created": ("queued", ("queued",)),
    "run.started": ("running", ("queued",)),
    "run.resumed": ("running", _GOES_ON),
    "gate.requested": ("awaiting_approval", ("running",)),
    "gate.granted": ("queued", ("awaiting_approval",)),
    "gate.rejected": ("rejected", ("awaiting_approval",)),
    "answered": ("queued", ("awaiting_approval", "escalated", "failed", "cancelled")),
    "escalated": ("escalated", ("running",)),
    "finished": ("finished", ("running",)),
    "failed": ("failed", ("queued", "running")),
    "cancelled": ("cancelled", ("queued", "running", "awaiting_approval", "escalated", "failed")),
}
STATE_AFTER: Mapping[str, State] = {event: state for event, (state, _) in _TABLE.items()}

_WHY: Mapping[str, str] = {
    "run.resumed": "it cannot be resumed",
    "gate.granted": "there is nothing to approve",
    "gate.rejected": "there is nothing to reject",
    "answered": "it asks nothing",
    "cancelled": "it cannot be cancelled",
}


def after(state: State, event: str, run_id: str = "") -> State:
    """The state that follows. Raises Conflict where the event does not fit."""
    following, allowed = _TABLE[event]
    if state not in allowed:
        raise Conflict(f"run {run_id} is {state}; {_WHY.get(event, f'{event} does not fit')}")
    return following
