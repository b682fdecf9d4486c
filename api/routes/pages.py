"""The pages, and what an operator asks: health, readiness, metrics."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from indexer.store.catalog import RepoRow

from .. import schemas
from ..house import answer, house_of
from ..metrics import lines_of

router = APIRouter(tags=["operation"])

WEB = Path(__file__).parents[1] / "web"
_SCRIPTS = ("app.js", "call.js", "runs.js")
_FILES = {**dict.fromkeys(_SCRIPTS, "text/javascript"), "style.css": "text/css", "icon.svg": "image/svg+xml"}
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)


@router.get("/", include_in_schema=False)
def page() -> Response:
    return _page("index.html")


@router.get("/runs", include_in_schema=False)
def page_of_runs() -> Response:
    return _page("runs.html")


def _page(name: str) -> Response:
    headers = {"content-security-policy": _POLICY, "cache-control": "no-cache"}
    return FileResponse(WEB / name, media_type="text/html", headers=headers)


@router.get("/web/{name}", include_in_schema=False)
def page_file(name: str) -> Response:
    if name not in _FILES:
        return PlainTextResponse("not found", 404)
    return FileResponse(WEB / name, media_type=_FILES[name], headers={"cache-control": "no-cache"})


@router.get("/health")
def health() -> Response:
    """Says that the process lives, and nothing of what it keeps."""
    return answer({"status": "ok", "pid": os.getpid()})


@router.get("/ready", responses={503: {"model": schemas.Problem}})
def ready(request: Request) -> Response:
    """200 when searches can be answered: the catalog opens and the vector store replies. `degraded` when the
    index of a repository does not follow its files; which one is told where a key is asked for."""
    house = house_of(request)
    repos = house.service.repos()
    house.service.vectors.count(repos[0].name if repos else "")
    followed = sum(house.live.state(repo.name).watching for repo in repos)
    status = "ready" if followed == len(repos) and house.live.alive else "degraded"
    brief = house.migrating.brief()
    more = {"migration": brief} if brief else {}
    return answer({"status": status, "repos": len(repos), "watching": followed, **more})


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(request: Request) -> Response:
    house = house_of(request)
    repos = house.service.repos()
    states = {repo.name: house.live.state(repo.name) for repo in repos}
    indexes = {repo.name: house.live.freshness(repo, states[repo.name]) for repo in repos}
    gauges: dict[str, tuple[str, Callable[[RepoRow], float]]] = {
        "cairn_repo_generation": ("Generation of the index", lambda r: r.generation),
        "cairn_repo_complete": ("1 when a whole sync has ended well", lambda r: int(r.complete)),
        "cairn_pending": ("Changes seen and not yet searchable", lambda r: indexes[r.name].pending),
        "cairn_lag_seconds": ("Age of the oldest of them", lambda r: indexes[r.name].lag_seconds),
        "cairn_watch_alive": ("1 while changes are followed", lambda r: states[r.name].watching),
        "cairn_watch_beat_age_seconds": (
            "Since the watcher's last sign of life",
            lambda r: states[r.name].beat_age,
        ),
        "cairn_watch_folders": ("Folders watched through the system", lambda r: states[r.name].watches),
        "cairn_watch_overflows": ("Times the system lost events", lambda r: states[r.name].overflows),
    }
    lines = house.metrics.own()
    for name, (text, value) in gauges.items():
        lines += lines_of(name, "gauge", text, [({"repo": r.name}, float(value(r))) for r in repos])
    lines += lines_of(
        "cairn_watch_restarts_total",
        "counter",
        "Watchers that ended by themselves and were begun anew",
        [({"repo": r, "reason": why}, float(n)) for (r, why), n in sorted(house.live.restarts.items())],
    )
    brief = house.migrating.brief() or {"done": 0, "total": 0, "problem": None}
    migration: dict[str, tuple[str, float]] = {
        "cairn_migration_files_built": ("Files in the index that is being built", brief["done"]),
        "cairn_migration_files": ("Files it has to hold; 0 when none is built", brief["total"]),
        "cairn_migration_problem": ("1 when the index asked for is not built", brief["problem"] is not None),
    }
    for name, (text, number) in migration.items():
        lines += lines_of(name, "gauge", text, [({}, float(number))])
    jobs = Counter(job.status for job in house.jobs.all())
    lines += lines_of(
        "cairn_jobs", "gauge", "Jobs by status", [({"status": s}, float(n)) for s, n in sorted(jobs.items())]
    )
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")
