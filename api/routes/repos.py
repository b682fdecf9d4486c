"""Repositories and the jobs that sync them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import Response

from indexer.errors import BadInput
from indexer.store.catalog import RepoRow
from indexer.verify.fate import fate_of
from indexer.verify.ledger import balance

from .. import schemas, wire
from ..house import House, answer, checked, house_of
from ..stream import stream
from ..verify import SAMPLE_FILES, Scope, verify
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


@router.post("/v1/repos/{name}/verify", status_code=202, responses={202: {"model": schemas.Accepted}})
def verify_repo(request: Request, name: str, body: schemas.Proof | None = None) -> Response:
    """Prove that the index equals a clean rebuild of a sample of the files, or of all, and mend it if asked.

    The job's report says what was proven and what is wrong; `ok` is the verdict."""
    house = house_of(request)
    repo, asked = house.repo(name), body or schemas.Proof.model_construct()
    scope = Scope(SAMPLE_FILES if asked.sample is None else asked.sample, asked.full, asked.fix)

    def work(tell: Callable[[wire.Json], None], stopped: Callable[[], bool]) -> wire.Json:
        def progress(what: str, done: int, total: int) -> None:
            tell({"doing": what, "done": done, "total": total})

        return wire.of_verdict(verify(house.service, repo, scope, progress, stopped))

    return answer({"id": house.jobs.prove(repo, work).id}, 202)


@router.get("/v1/repos/{name}/ledger", responses={200: {"model": schemas.Ledger | schemas.Fate}})
def show_ledger(request: Request, name: str, path: str | None = None) -> Response:
    """What became of every byte below the root, or of one path: indexed, or left out and why."""
    house = house_of(request)
    repo = house.repo(name)
    if path is None:
        ledger = balance(house.service.catalog, repo, count_lines=False)
        return answer({"repo": repo.name, **wire.of_ledger(ledger)})
    inner = checked(path, "path")
    if inner.startswith("/") or ".." in inner.split("/"):
        raise BadInput(
            f"{inner!r} is no path inside the repository; give one relative to its root, without .."
        )
    fate = fate_of(house.service.catalog, repo, inner, house.service.settings.file_options)
    return answer({"repo": repo.name, **wire.of_fate(fate)})


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
    index = house.live.freshness(repo, state)
    return {
        **wire.of_repo(repo),
        "pending": index.pending,
        "lag_seconds": index.lag_seconds,
        "partial": index.partial,
        "watching": state.watching,
        "beat_age_seconds": round(state.beat_age, 1),
        "problem": state.problem,
    }
