"""Tasks for the agent: begin one, follow it, decide at its gates, answer it, stop it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from agent.log import persons

from .. import schemas
from ..house import answer, house_of
from ..stream import stream

router = APIRouter(tags=["tasks"])

_SHOWN: dict[int | str, dict[str, Any]] = {200: {"model": schemas.Task}}
_STREAMED: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
}
_TAKEN: dict[int | str, dict[str, Any]] = {202: {"model": schemas.Task}}


@router.post("/v1/tasks", status_code=202, responses={202: {"model": schemas.Accepted}})
def begin(
    request: Request,
    body: schemas.TaskRequest,
    idempotency_key: Annotated[str, Header(description="the same key again begins nothing new")] = "",
) -> Response:
    """Let the agent work on a copy of the repository. The answer is the run's id; the work follows."""
    house = house_of(request)
    choices = body.model_dump(exclude={"task", "repo"}, exclude_none=True)
    return answer({"id": house.tasks.submit(body.task, house.repo(body.repo), choices, idempotency_key)}, 202)


@router.get("/v1/tasks", responses={200: {"model": schemas.TaskList}})
def list_tasks(request: Request, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> Response:
    """Runs, the newest first, also those of the command line."""
    return answer({"tasks": house_of(request).tasks.recent(limit)})


@router.get("/v1/tasks/{run_id}", responses=_SHOWN)
def show_task(request: Request, run_id: str) -> Response:
    return answer(house_of(request).tasks.show(run_id))


@router.get("/v1/tasks/{run_id}/outcome", responses={200: {"model": schemas.Outcome}})
def show_outcome(request: Request, run_id: str) -> Response:
    """Everything that came of a run so far: plan, tests, proof, cost, diff."""
    return answer(house_of(request).tasks.outcome(run_id))


@router.get("/v1/tasks/{run_id}/diff", response_class=PlainTextResponse)
def show_diff(request: Request, run_id: str) -> Response:
    """The change as a unified diff; of a run that is not done, what was changed so far."""
    diff = house_of(request).tasks.outcome(run_id)["diff"]
    return PlainTextResponse(diff.encode("utf-8", "replace"), media_type="text/x-diff")


@router.get("/v1/tasks/{run_id}/events", response_class=StreamingResponse, responses=_STREAMED)
def follow_task(request: Request, run_id: str) -> Response:
    """The run as server-sent events, from the first or after Last-Event-ID, until it rests."""
    house = house_of(request)
    house.tasks.show(run_id)  # an unknown run is a plain 404, not a stream
    return stream(request, lambda after: house.tasks.steps(run_id, after), lambda: house.leaving)


@router.post("/v1/tasks/{run_id}/approve", status_code=202, responses=_TAKEN)
def approve_task(request: Request, run_id: str, body: schemas.Approval) -> Response:
    """Let a run through the gate it waits at; `subject` is what was shown, a plan may be sent edited."""
    tasks = house_of(request).tasks
    persons.approve(tasks.log, run_id, body.actor, subject=body.subject, note=body.note, plan=body.plan)
    return answer(tasks.resume(run_id), 202)


@router.post("/v1/tasks/{run_id}/reject", responses=_SHOWN)
def reject_task(request: Request, run_id: str, body: schemas.Rejection) -> Response:
    """End a run at its gate."""
    tasks = house_of(request).tasks
    persons.reject(tasks.log, run_id, body.actor, subject=body.subject, note=body.note)
    return answer(tasks.show(run_id))


@router.post("/v1/tasks/{run_id}/answer", status_code=202, responses=_TAKEN)
def answer_task(request: Request, run_id: str, body: schemas.Answer) -> Response:
    """Answer what a run asks, or say at a gate what shall be different; it goes on with a new budget."""
    tasks = house_of(request).tasks
    persons.answer(tasks.log, run_id, body.actor, body.text)
    return answer(tasks.resume(run_id), 202)


@router.post("/v1/tasks/{run_id}/resume", status_code=202, responses=_TAKEN)
def resume_task(request: Request, run_id: str) -> Response:
    """Go on with a run that failed, was cancelled or was interrupted."""
    return answer(house_of(request).tasks.resume(run_id), 202)


@router.post("/v1/tasks/{run_id}/cancel", status_code=202, responses=_TAKEN)
def cancel_task(request: Request, run_id: str) -> Response:
    """Ask a run to stop before its next step. Its working copy stays."""
    return answer(house_of(request).tasks.cancel(run_id, "http"), 202)
