"""A House -> the HTTP application: routes, one guard before them, one shape of errors after them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response
from starlette.routing import Match, Route

from indexer.errors import BadInput, CairnError

from . import schemas
from .guard import Guard, accepted_hosts
from .house import House
from .mcp.door import Door
from .problems import Problem, as_document, problem_of
from .routes import answers, check, conventions, migration, pages, repos, tasks

log = logging.getLogger(__name__)

# Searches are bound by the processor, and each thread has a connection to the catalog with its cache.
_THREADS = 8
_PARTS = (answers, repos, pages, conventions, check, migration, tasks)  # a search is found first
_TITLES = {404: "There is no such page", 405: "This page takes another method"}


_PROBLEMS = "application/problem+json"


class _Application(FastAPI):
    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        for path in document["paths"].values():
            for operation in path.values():
                for status in ("4XX", "5XX"):
                    response = operation["responses"][status]  # with the type of the answer
                    response["content"] = {_PROBLEMS: dict(*response["content"].values())}
        return document


def create_app(house: House, keys: tuple[str, ...] = ()) -> FastAPI:
    """Build the application. Its lifespan starts and stops what `house` runs."""
    door = Door(house)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
        house.start()
        yield
        await door.close()
        await run_in_threadpool(house.stop)

    app = _Application(
        title="Cairn",
        description="Search, context, symbols, conventions and agent tasks. Errors are RFC 9457 problems.",
        version="0.1.0",
        lifespan=lifespan,
        docs_url=None,  # its page loads scripts from elsewhere; /openapi.json is the document itself
        redoc_url=None,
        redirect_slashes=False,
        responses={"4XX": {"model": schemas.Problem}, "5XX": {"model": schemas.Problem}},
    )
    app.state.house = house
    app.router.routes.append(Route("/mcp", door, include_in_schema=False))
    for part in _PARTS:
        app.include_router(part.router)
    app.add_exception_handler(CairnError, _tell)
    app.add_exception_handler(RequestValidationError, _tell_invalid)
    app.add_exception_handler(HTTPException, _tell_http)
    app.add_exception_handler(Exception, _tell_bug)
    app.add_middleware(
        Guard,
        hosts=accepted_hosts(house.service.settings),
        keys=keys,
        asked=house.ahead.asked,
        answered=house.metrics.answered,
    )
    return app


def _tell(request: Request, error: Exception) -> Response:
    return _problem(problem_of(error), str(error))


def _tell_invalid(request: Request, error: Exception) -> Response:
    """Name each field and what is wrong with it, without repeating what was sent."""
    assert isinstance(error, RequestValidationError)
    wrong = [{"field": _field(one["loc"]), "message": str(one["msg"])} for one in error.errors()[:20]]
    sentence = "; ".join(f"{one['field']}: {one['message']}" for one in wrong)
    return _problem(problem_of(BadInput()), sentence or "the request does not fit", errors=wrong)


def _tell_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title = _TITLES.get(error.status_code, "The request cannot be served")
    detail = f"{request.method} {request.url.path[:200]}: {error.detail}; /openapi.json lists what there is"
    headers = {"allow": _methods(request)} if error.status_code == 405 else error.headers
    return _problem(Problem("http", title, error.status_code), detail, headers)


def _methods(request: Request) -> str:
    """What the routes at a path take together; the framework names those of the first one."""
    routes = [route for part in _PARTS for route in part.router.routes if isinstance(route, Route)]
    fitting = [route for route in routes if route.matches(request.scope)[0] is Match.PARTIAL]
    return ", ".join(sorted({method for route in fitting for method in route.methods or ()}))


def _tell_bug(request: Request, error: Exception) -> Response:
    what = f"{request.method} {request.url.path[:200]} failed ({type(error).__name__})"
    return _problem(problem_of(error), f"{what}; the server's log says where")


def _problem(
    problem: Problem, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    document = as_document(problem, detail, **more)
    return JSONResponse(document, problem.status, headers, media_type=_PROBLEMS)


def _field(location: tuple[Any, ...]) -> str:
    return ".".join(map(str, location[1:])) or str(location[0])  # the first says body, query or path
