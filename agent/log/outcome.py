"""The events of a run -> what came of it, for a person or a program. Nothing is asked of the run itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from agent.dependents import shown
from agent.log.budget import Spent
from agent.log.persons import Pending, pending_gate
from agent.log.runs import Event, RunLog
from agent.log.states import RESTING, State
from agent.plan import Plan, plan_from
from agent.workspace import open_workspace
from indexer.errors import CairnError

_ENDINGS = {"rejected": "gate.rejected"}  # states whose event has another name


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run. `gitdir` holds `branch`: `git fetch <gitdir> <branch>` brings it home.

    `summary` is the model's account when it finished, the reason when not; `question` what it needs
    from a person; `gate` what it waits for. `base` is the commit it started from, which `uncommitted` files
    of the repository differ from. `proof` are the tests that fail on the old code and pass on
    the new. `request` is the pull request: where it is and its number.
    """

    run_id: str
    status: State
    model: str
    scripted: bool
    summary: str = ""
    question: str = ""
    gate: Pending | None = None
    plan: Plan | None = None
    used_by: str = ""
    base: str = ""
    uncommitted: int = 0
    branch: str = ""
    commit: str | None = None
    request: dict[str, Any] | None = None
    diff: str = ""
    gitdir: Path | None = None
    tests_before: str | None = None
    tests_after: str | None = None
    proof: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    suggestions: tuple[dict[str, Any], ...] = ()
    spent: Spent | None = None
    events: tuple[Event, ...] = ()


def outcome_of(log: RunLog, run_id: str, data: Path) -> Outcome:
    """Read it from the log, and the diff from the working copy where it is still there."""
    row, events = log.show(run_id), log.events(run_id)
    said = {event.type: event.payload for event in events}  # the newest of each type
    ending, made = said.get(_ENDINGS.get(row.state, row.state), {}), said.get("workspace.made", {})
    work = _standing(events) or {}
    review = work.get("review", {})
    report = said.get("report.made", {})
    return Outcome(
        run_id=row.id,
        status=row.state,
        model=row.model,
        scripted=bool(said.get("run.started", {}).get("scripted")),
        summary=ending.get("summary") or ending.get("reason") or ending.get("note") or "",
        question=ending.get("question", ""),
        gate=pending_gate(log, row.id),
        plan=_plan(events),
        used_by=shown(said.get("plan.proposed", {}).get("used_by", {})),
        base=made.get("base", ""),
        uncommitted=made.get("uncommitted", {}).get("count", 0),
        branch=made.get("branch", ""),
        commit=said.get("commit.created", {}).get("commit"),
        request=said.get("request.opened"),
        diff=said["diff.proposed"]["diff"]
        if "diff.proposed" in said
        else (_diff(events, data) if row.state in RESTING else ""),
        gitdir=data / "workspaces" / row.id / "git" if made else None,
        tests_before=_summary(events, "before"),
        tests_after=review.get("after"),
        proof=tuple(review.get("proof", ())),
        notes=(
            *_beside(said),
            *review.get("notes", ()),
            *review.get("findings", ()),
            *work.get("misfits", ()),
        ),
        suggestions=tuple(report.get("suggestions", ())),
        spent=Spent.of(events),
        events=events,
    )


def as_json(outcome: Outcome) -> dict[str, Any]:
    """The wire form, without the events."""
    spent, gate = outcome.spent or Spent(), outcome.gate
    return {
        "id": outcome.run_id,
        "status": outcome.status,
        "model": outcome.model,
        "scripted": outcome.scripted,
        "summary": outcome.summary,
        "question": outcome.question,
        "gate": asdict(gate) if gate else None,
        "plan": outcome.plan.as_json() if outcome.plan else None,
        "base": outcome.base,
        "uncommitted": outcome.uncommitted,
        "branch": outcome.branch,
        "commit": outcome.commit,
        "request": outcome.request,
        "gitdir": str(outcome.gitdir) if outcome.gitdir else None,
        "tests_before": outcome.tests_before,
        "tests_after": outcome.tests_after,
        "proof": list(outcome.proof),
        "notes": list(outcome.notes),
        "suggestions": list(outcome.suggestions),
        "spent": {
            "steps": spent.total_steps,
            "input_tokens": spent.total_input,
            "output_tokens": spent.total_output,
            "cycles": spent.total_cycles,
            "seconds": round(spent.total_seconds, 1),
            "dollars": spent.total_dollars,
        },
        "diff": outcome.diff,
    }


def _beside(said: Mapping[str, dict[str, Any]]) -> list[str]:
    """What of the repository is not in the change: uncommitted files, and commits that came since."""
    left = said.get("workspace.made", {}).get("uncommitted", {})
    return [found["note"] for found in (left, said.get("base.moved", {})) if found.get("note")]


def _standing(events: Sequence[Event]) -> dict[str, Any] | None:
    """What was handed in, unless a person asked for something else since."""
    for event in reversed(events):
        if event.type == "answered" and event.payload["stage"] == "work":
            return None
        if event.type == "work.finished":
            return event.payload
    return None


def _plan(events: Sequence[Event]) -> Plan | None:
    """The plan in force: the newest, as a person edited it where one did."""
    for event in reversed(events):
        if event.type == "plan.proposed" or (event.type == "gate.granted" and event.payload["plan"]):
            return plan_from(event.payload["plan"])
    return None


def _summary(events: Sequence[Event], stage: str) -> str | None:
    found = [
        e.payload["summary"] for e in events if e.type == "tests.finished" and e.payload["stage"] == stage
    ]
    return found[-1] if found else None


def _diff(events: Sequence[Event], data: Path) -> str:
    """The diff of the commit or the hand-in; of a run that has neither, of what was changed so far."""
    made = next((event.payload for event in events if event.type == "workspace.made"), None)
    if made is None:
        return ""
    work = _standing(events)
    try:
        workspace = open_workspace(data / "workspaces" / events[0].run, made["branch"], made["base"])
        if work:
            return workspace.diff(work["review"]["tree"])
        created: set[str] = set()
        for edit in (event.payload for event in events if event.type == "edit.applied"):
            created = (created | set(edit["created"])) - set(edit["removed"])
        changed = {*workspace.changed(), *created}
        return workspace.diff(workspace.stage(sorted(changed))) if changed else ""
    except CairnError:  # the working copy is gone, or a command left a link in it that is not followed
        return ""
