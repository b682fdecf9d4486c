"""Repositories and the jobs that sync them."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from indexer.errors import BadInput
from indexer.store.catalog import RepoRow

from .. import schemas, wire
from ..house import House, answer, house_of
from ..stream import stream
from ..waiting import WAITS

router = APIRouter(tags=["repositories"])


@router.post("/v1/repos", status_code=201, responses={201: {"model": schemas.NewRepoAnswer}})
def add_repo(request: Request, body: schemas.NewRepo) -> Response:
    """Register a folder and begin to index it. 200 when it was registered before."""
    house = house_of(request)
    path = Path(body.path)
    if not path.is_absolute():
        raise BadInput(f"{body.path!r} is no absolute path; the server has no folder of yours to start from")
    repo, new, job = house.live.add(path, body.name)
    return answer({**_shown(house, repo), "job": job.id}, 201 if new else 200)


@router.get("/v1/repos", responses={200: {"model": schemas.Repos}})
def list_repos(request: Request) -> Response:
    house = house_of(request)
    brief = house.migrating.brief()
    more = {"migration": brief} if brief else {}
    return answer({"repos": [_shown(house, repo) for repo in house.service.repos()], **more})


@router.get("/v1/repos/{name}", dependencies=WAITS, responses={200: {"model": schemas.RepoDetails}})
def show_repo(request: Request, name: str) -> Response:
    """A repository with its counts, and how many files are left out for which reason."""
    house = house_of(request)
    repo = house.repo(name)
    catalog = house.service.catalog
    return answer({**_shown(house, repo), **catalog.counts(repo), "skipped": catalog.skip_counts(repo)})


@router.delete("/v1/repos/{name}", status_code=204)
def remove_repo(request: Request, name: str) -> Response:
    """Forget a repository's index. Its files are not touched."""
    house = house_of(request)
    repo = house.repo(name)
    with house.live.left_alone(repo.name):
        house.service.remove(repo)
    return Response(status_code=204)


@router.post("/v1/repos/{name}/sync", status_code=202, responses={202: {"model": schemas.Accepted}})
def sync_repo(request: Request, name: str) -> Response:
    """Look at every file now. `serve` follows changes by itself; this is for who wants to be sure."""
    house = house_of(request)
    return answer({"id": house.jobs.submit(house.repo(name)).id}, 202)


@router.get("/v1/jobs/{job_id}", responses={200: {"model": schemas.Job}})
def show_job(request: Request, job_id: str) -> Response:
    return answer(house_of(request).jobs.get(job_id).document())


@router.get("/v1/jobs/{job_id}/events")
def follow_job(request: Request, job_id: str) -> Response:
    """The job as server-sent events: running, progress, then done, failed or cancelled."""
    house = house_of(request)
    return stream(request, house.jobs.get(job_id).events, lambda: house.leaving)


@router.post("/v1/jobs/{job_id}/cancel", status_code=202, responses={202: {"model": schemas.Job}})
def cancel_job(request: Request, job_id: str) -> Response:
    """Ask a job to stop. What it has indexed by then is kept."""
    return answer(house_of(request).jobs.cancel(job_id).document(), 202)


def _shown(house: House, repo: RepoRow) -> wire.Json:
    state = house.live.state(repo.name)
    index = house.index_in(repo, state)
    return {
        **wire.of_repo(repo),
        "pending": index["pending"],
        "lag_seconds": index["lag_seconds"],
        "partial": index["partial"],
        "watching": state.watching,
        "beat_age_seconds": round(state.beat_age, 1),
        "problem": state.problem,
    }
