"""The events of a run -> the Facts of its request. Nothing in it is a model's word but the summary.

What is not in the log was not done: an account that is read from events cannot claim more than happened.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from agent.forge.facts import (
    ChangedFile,
    Context,
    Cost,
    Coverage,
    Criterion,
    Facts,
    Gate,
    Step,
    Task,
    Verification,
)
from agent.intake import Brief
from agent.log.budget import Spent
from agent.log.progress import Progress
from agent.log.runs import Event
from agent.workspace import Workspace

_TEMPLATES = (
    ".github/pull_request_template.md",
    ".github/PULL_REQUEST_TEMPLATE.md",
    "docs/pull_request_template.md",
    "pull_request_template.md",
    "PULL_REQUEST_TEMPLATE.md",
)
_SEARCHES = ("search_code", "context", "get_symbol", "find_references")


def facts_of(events: Sequence[Event], brief: Brief, progress: Progress, workspace: Workspace) -> Facts:
    """What is known of a run whose work is handed in."""
    work = _last(events, "work.finished")
    review = work["review"]
    created = events[0].payload
    spent = Spent.of(events)
    return Facts(
        run_id=events[0].run,
        task=Task(brief.title, brief.text, brief.source, brief.url, brief.closes),
        cost=_cost(created["model"], spent),
        kind=work["kind"],
        scripted=bool(_last(events, "run.started").get("scripted")),
        summary=work["summary"],
        criteria=_criteria(brief, progress, work["criteria"]),
        plan=_plan(progress),
        files=_files(workspace, review["tree"], progress),
        verification=_verification(events, review),
        coverage=_coverage(review),
        risks=(*review["risky"], *progress.plan.risks),
        conventions=tuple(work["misfits"]),
        moved=_last(events, "base.moved").get("note", ""),
        gaps=_gaps(brief, progress, work),
        assumptions=progress.plan.assumptions,
        gates=_gates(events),
        context=_context(events),
        reproduce=_reproduce(review, workspace),
        template=_template(workspace),
    )


def _cost(model: str, spent: Spent) -> Cost:
    money = f"{spent.total_dollars:.2f} USD" if spent.total_dollars is not None else ""
    minutes = round(spent.total_seconds / 60, 1)
    return Cost(
        model, spent.total_steps, spent.total_cycles, spent.total_input, spent.total_output, money, minutes
    )


def _criteria(brief: Brief, progress: Progress, states: Mapping[str, str]) -> tuple[Criterion, ...]:
    if len(brief.criteria) < 2 and not progress.criteria:
        return ()  # the task is its own criterion; the tests speak of it
    found = []
    for item in brief.criteria:
        judged = progress.criteria.get(item.id)
        state = states.get(item.id, "not shown")
        found.append(Criterion(item.id, item.text, state, judged.evidence if judged else ""))  # type: ignore[arg-type]
    return tuple(found)


def _plan(progress: Progress) -> tuple[Step, ...]:
    steps = [
        Step(step.text, status == "done" or (status == "doing"), False)
        for step, status in zip(progress.plan.steps, progress.steps, strict=True)
    ]
    beyond = [Step(f"{file.action} {file.path}: {file.why}", True, True) for file in progress.beyond]
    return (*steps, *beyond)


def _files(workspace: Workspace, tree: str, progress: Progress) -> tuple[ChangedFile, ...]:
    purposes = {file.path: file.why for file in (*progress.plan.files, *progress.beyond)}
    changes = {"A": "added", "D": "deleted", "M": "changed", "T": "changed"}
    return tuple(
        ChangedFile(path, added, removed, changes.get(letter, "changed"), purposes.get(path, ""))  # type: ignore[arg-type]
        for letter, path, added, removed in workspace.summary(tree)
    )


def _verification(events: Sequence[Event], review: dict[str, Any]) -> Verification:
    before = [e.payload for e in events if e.type == "tests.finished" and e.payload["stage"] == "before"]
    return Verification(
        command=review["command"],
        before=before[-1]["summary"] if before else "",
        after=review["after"] or "",
        new_tests=tuple(review.get("new_tests", ())),
        falsified=tuple(review["proof"]),
        mutants=review.get("mutants", ""),
        flaky=tuple(review["flaky"]),
        notes=(*review["notes"], *(line for line in review["findings"] if line not in review["risky"])),
    )


def _coverage(review: dict[str, Any]) -> Coverage:
    return Coverage(**review["coverage"])


def _gaps(brief: Brief, progress: Progress, work: dict[str, Any]) -> tuple[str, ...]:
    review = work["review"]
    gaps = [f"{item.id} is not met: {item.evidence}" for item in progress.criteria.values() if not item.met]
    gaps += [
        f"{name} is said to be met, but no test that passed and no file is named for it"
        for name, item in progress.criteria.items()
        if item.met and work["criteria"].get(name) == "not shown"
    ]
    for number, (step, status) in enumerate(zip(progress.plan.steps, progress.steps, strict=True), 1):
        if status == "skipped":
            gaps.append(f"step {number} was skipped: {step.text}. {progress.notes.get(number, '')}".rstrip())
    if review["left_out"]:
        gaps.append(f"new files that are not part of the change: {', '.join(review['left_out'][:10])}")
    if review["after"] is None:
        gaps.append("no tests could be run in this repository")
    if work["kind"] in ("fix", "feature") and not review["proof"] and review["after"]:
        gaps.append("no test was shown to fail on the old code")
    return (*gaps, *(f"left open by the task: {point}" for point in brief.open_points))


def _gates(events: Sequence[Event]) -> tuple[Gate, ...]:
    return tuple(
        Gate(
            event.payload["gate"],
            "approved" + (" as edited" if event.payload["plan"] else ""),
            event.payload["actor"],
            time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(event.at)),
            event.payload["subject"],
            event.payload["note"],
        )
        for event in events
        if event.type == "gate.granted"
    )


def _context(events: Sequence[Event]) -> Context:
    cited = [place for e in events if e.type == "context.retrieved" for place in e.payload["cited"]]
    searches = sum(e.type == "tool.call" and e.payload["name"] in _SEARCHES for e in events)
    return Context(tuple(dict.fromkeys(cited)), searches)


def _reproduce(review: dict[str, Any], workspace: Workspace) -> tuple[str, ...]:
    return (f"git checkout {workspace.branch}", *([review["command"]] if review["command"] else ()))


def _template(workspace: Workspace) -> str:
    for path in _TEMPLATES:
        if (data := workspace.at(workspace.base, path)) is not None:
            return data.decode("utf-8", "replace")
    return ""


def _last(events: Sequence[Event], type: str) -> dict[str, Any]:
    return next((event.payload for event in reversed(events) if event.type == type), {})
