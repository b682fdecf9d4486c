"""A wish to read one's own writes -> the moment when the index holds them, or the end of the patience."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import Depends, Query, Request
from starlette.concurrency import run_in_threadpool

from indexer.errors import BadInput
from indexer.store.catalog import RepoRow

from . import schemas
from .house import House, house_of

_LOOK = 0.01  # seconds between looks at whether it is there; one costs microseconds
_LOOK_AT_GENERATION = 0.05  # this one asks the catalog


async def wait_for(house: House, repos: Sequence[str], wanted: schemas.WaitFor) -> None:
    """Return when the index holds what is wanted of `repos` (none: all), or when the time is up."""
    until = time.monotonic() + wanted.timeout
    rows = await run_in_threadpool(_rows, house, repos)
    if wanted.generation == "now":
        await _until_caught_up(house, rows, until)
    elif len(repos) != 1:
        raise BadInput("generations are counted for each repository; name exactly one, or wait for 'now'")
    else:
        await _until_generation(house, rows[0], wanted.generation, until)


async def _waited(
    request: Request,
    name: str,
    wait_for_: Annotated[
        str | None,
        Query(alias="wait_for", pattern=r"^(now|\d{1,18})$", description="`now`, or a generation"),
    ] = None,
    timeout: Annotated[float, Query(ge=0, le=30, description="seconds that `wait_for` may take")] = 5.0,
) -> None:
    if wait_for_ is not None:
        generation: int | Literal["now"] = "now" if wait_for_ == "now" else int(wait_for_)
        await wait_for(house_of(request), [name], schemas.WaitFor(generation=generation, timeout=timeout))


WAITS = [Depends(_waited)]  # of a GET route below /v1/repos/{name}: takes wait_for and timeout in its query


def _rows(house: House, repos: Sequence[str]) -> list[RepoRow]:
    return [house.repo(name) for name in repos] or house.service.repos()


async def _until_caught_up(house: House, repos: Sequence[RepoRow], until: float) -> None:
    tickets = [await run_in_threadpool(house.live.catch_up, repo) for repo in repos]
    for ticket in tickets:
        while not house.leaving and not await run_in_threadpool(house.live.arrived, ticket):
            if time.monotonic() >= until:
                return
            await asyncio.sleep(_LOOK)


async def _until_generation(house: House, repo: RepoRow, generation: int, until: float) -> None:
    while not house.leaving and time.monotonic() < until:
        if (await run_in_threadpool(house.repo, repo.name)).generation >= generation:
            return
        await asyncio.sleep(_LOOK_AT_GENERATION)
