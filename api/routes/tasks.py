"""Tasks for the agent: begin one, follow it, stop it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from .. import schemas
from ..house import answer, house_of
from ..stream import stream

router = APIRouter(tags=["tasks"])


@router.post("/v1/tasks", status_code=202, responses={202: {"model": schemas.Accepted}})
def begin(request: Request, body: schemas.TaskRequest) -> Response:
    """Let the agent work on a copy of the repository. The answer is the run's id; the work follows."""
    house = house_of(request)
    return answer({"id": house.tasks.submit(body.task, house.repo(body.repo))}, 202)


@router.get("/v1/tasks", responses={200: {"model": schemas.TaskList}})
def list_tasks(request: Request, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> Response:
    """Runs, the newest first, also those of the command line."""
    return answer({"tasks": house_of(request).tasks.recent(limit)})


@router.get("/v1/tasks/{run_id}", responses={200: {"model": schemas.Task}})
def show_task(request: Request, run_id: str) -> Response:
    return answer(house_of(request).tasks.show(run_id))


@router.get("/v1/tasks/{run_id}/events")
def follow_task(request: Request, run_id: str) -> Response:
    """The run as server-sent events, from the first or after Last-Event-ID, until it has ended."""
    house = house_of(request)
    house.tasks.show(run_id)  # an unknown run is a plain 404, not a stream
    return stream(request, lambda after: house.tasks.steps(run_id, after), lambda: house.leaving)


@router.post("/v1/tasks/{run_id}/cancel", status_code=202, responses={202: {"model": schemas.Task}})
def cancel_task(request: Request, run_id: str) -> Response:
    """Ask a run to stop before its next step. Its branch keeps what was committed."""
    return answer(house_of(request).tasks.cancel(run_id), 202)
