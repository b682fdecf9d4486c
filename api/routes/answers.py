"""Questions about code: search, context, map, symbols, callers, callees, files."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from indexer.errors import BadInput, Forbidden
from retriever import types
from retriever.tokenizer import ESTIMATE

from .. import schemas, wire
from ..house import House, answer, checked, house_of
from ..waiting import WAITS, wait_for

router = APIRouter(tags=["answers"])

_Limit = Annotated[int, Query(ge=1, le=500)]


@router.post("/v1/search", responses={200: {"model": schemas.SearchAnswer}})
async def search(request: Request, body: schemas.SearchRequest) -> Response:
    """Find the places that answer, best first."""
    house = house_of(request)
    if body.wait_for is not None:
        await wait_for(house, body.repos, body.wait_for)
    return await run_in_threadpool(_search, house, body)


@router.post("/v1/context", responses={200: {"model": schemas.ContextAnswer}})
async def context(request: Request, body: schemas.ContextRequest) -> Response:
    """What to know before writing, within a budget of tokens."""
    house = house_of(request)
    if body.wait_for is not None:
        await wait_for(house, [body.repo], body.wait_for)
    return await run_in_threadpool(_context, house, body)


@router.get("/v1/repos/{name}/map", dependencies=WAITS, responses={200: {"model": schemas.MapAnswer}})
def map(
    request: Request,
    name: str,
    budget: Annotated[int, Query(ge=100, le=200_000, description="tokens, never exceeded")] = 1024,
    focus: Annotated[
        list[str] | None,
        Query(
            max_length=20, description="words, a file, a folder, path:line or a definition; may be repeated"
        ),
    ] = None,
    path: Annotated[str, Query(max_length=4096, description="only this folder or file")] = "",
) -> Response:
    """The most central definitions of a repository, or those nearest to a focus."""
    house = house_of(request)
    repo = house.repo(name)
    index = house.index_of(repo)
    wanted = [checked(one, "focus") for one in focus or () if one]
    found = house.service.retriever.map(repo.name, budget, wanted, checked(path, "path") if path else "")
    return answer({**wire.of_map(found), "index": index})


@router.get("/v1/repos/{name}/symbols", dependencies=WAITS, responses={200: {"model": schemas.Symbols}})
def symbols(
    request: Request,
    name: str,
    symbol: Annotated[str, Query(alias="name", min_length=1, max_length=500)],
    kind: Annotated[str | None, Query(max_length=50)] = None,
    limit: _Limit = 50,
) -> Response:
    """Definitions of a name (`retry`, `Client.charge`), exact ones first."""
    house = house_of(request)
    repo = house.repo(name)
    index = house.index_of(repo)
    found = house.service.retriever.symbols(repo.name, checked(symbol, "name"), kind or None, limit)
    return answer({"symbols": [wire.of_symbol(s) for s in found], "index": index})


@router.get(
    "/v1/repos/{name}/symbols/{symbol_id}",
    dependencies=WAITS,
    responses={200: {"model": schemas.SymbolPlace}},
)
def symbol(request: Request, name: str, symbol_id: int) -> Response:
    """One definition by its id, which lasts until its file is indexed again."""
    house = house_of(request)
    # SQLite's integers end at 2^63; a larger id is no id
    if not 0 < symbol_id < 1 << 63:
        raise BadInput("a symbol's id is a positive number, from the list of symbols")
    return answer(wire.of_symbol(house.service.retriever.symbol(house.repo(name).name, symbol_id)))


@router.get("/v1/repos/{name}/callers", dependencies=WAITS, responses={200: {"model": schemas.Callers}})
def callers(
    request: Request,
    name: str,
    symbol: Annotated[str, Query(alias="name", min_length=1, max_length=500)],
    limit: _Limit = 50,
) -> Response:
    """Where a definition is used; proven uses first."""
    house = house_of(request)
    repo = house.repo(name)
    index = house.index_of(repo)
    found = house.service.retriever.callers(repo.name, checked(symbol, "name"), limit)
    return answer({"callers": [wire.of_caller(c) for c in found], "index": index})


@router.get("/v1/repos/{name}/callees", dependencies=WAITS, responses={200: {"model": schemas.Callees}})
def callees(
    request: Request,
    name: str,
    symbol: Annotated[str, Query(alias="name", min_length=1, max_length=500)],
    limit: _Limit = 50,
) -> Response:
    """What a definition uses of this repository."""
    house = house_of(request)
    repo = house.repo(name)
    index = house.index_of(repo)
    found = house.service.retriever.callees(repo.name, checked(symbol, "name"), limit)
    return answer({"callees": [wire.of_caller(c) for c in found], "index": index})


@router.get("/v1/repos/{name}/tests", dependencies=WAITS, responses={200: {"model": schemas.Tests}})
def covering(
    request: Request,
    name: str,
    symbol: Annotated[str, Query(alias="name", min_length=1, max_length=500)],
    limit: _Limit = 50,
) -> Response:
    """The tests that exercise a definition: by a call, through one more call, or by their name."""
    house = house_of(request)
    repo = house.repo(name)
    index = house.index_of(repo)
    found = house.service.retriever.tests(repo.name, checked(symbol, "name"), limit)
    return answer({"tests": [wire.of_caller(c) for c in found], "index": index})


@router.get("/v1/repos/{name}/hierarchy", dependencies=WAITS, responses={200: {"model": schemas.Hierarchies}})
def hierarchy(
    request: Request,
    name: str,
    symbol: Annotated[str, Query(alias="name", min_length=1, max_length=500)],
) -> Response:
    """What each class or method of a name inherits from, and what inherits from it."""
    house = house_of(request)
    repo = house.repo(name)
    index = house.index_of(repo)
    found = house.service.retriever.hierarchy(repo.name, checked(symbol, "name"))
    return answer({"hierarchy": [wire.of_hierarchy(h) for h in found], "index": index})


@router.get(
    "/v1/repos/{name}/files/{path:path}", dependencies=WAITS, responses={200: {"model": schemas.FileText}}
)
def file(request: Request, name: str, path: str) -> Response:
    """The text of a file as it is indexed: decoded, secrets redacted."""
    house = house_of(request)
    repo = house.repo(name)
    index = house.index_of(repo)
    text = house.service.retriever.file(repo.name, checked(path, "path"))
    return answer({"repo": repo.name, "path": path, "text": text, "index": index})


@router.get("/v1/repos/{name}/outline", dependencies=WAITS, responses={200: {"model": schemas.FileText}})
def outline(
    request: Request, name: str, path: Annotated[str, Query(min_length=1, max_length=4096)]
) -> Response:
    """What a file defines, with the bodies left out."""
    house = house_of(request)
    repo = house.repo(name)
    index = house.index_of(repo)
    text = house.service.retriever.outline(repo.name, checked(path, "path"))
    return answer({"repo": repo.name, "path": path, "text": text, "index": index})


def _search(house: House, body: schemas.SearchRequest) -> Response:
    started = time.perf_counter()
    repos = [house.repo(name) for name in body.repos] or house.service.repos()
    query = types.Query(
        text=body.query,
        repos=tuple(repo.name for repo in repos),
        limit=body.limit,
        filters=types.Filters(
            tuple(body.filters.paths), tuple(body.filters.languages), tuple(body.filters.kinds)
        ),
    )
    if not repos:
        raise BadInput(
            "nothing is indexed yet; POST /v1/repos with the path of a folder, or run: cairn index PATH"
        )
    indexes = [house.index_of(repo) for repo in repos]
    document = wire.of_search(house.service.retriever.search(query))
    document["indexes"], document["index"] = indexes, indexes[0] if len(indexes) == 1 else None
    house.metrics.searched(time.perf_counter() - started)
    return answer(document)


def _context(house: House, body: schemas.ContextRequest) -> Response:
    repo = house.repo(body.repo)
    index = house.index_of(repo)
    settings = house.service.settings
    if settings.beyond_loopback and body.tokenizer not in (None, ESTIMATE, settings.tokenizer):
        raise Forbidden(
            "this server is open to others, so it reads no tokenizer that a request names; "
            f"ask for {ESTIMATE} or {settings.tokenizer}, or set CAIRN_TOKENIZER where it runs"
        )
    found = house.service.retriever.context(
        body.task, repo.name, body.budget, tuple(body.paths), tuple(body.known), body.tokenizer, body.map
    )
    return answer({**wire.of_context(found), "index": index})
