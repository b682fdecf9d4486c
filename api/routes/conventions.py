"""Questions about conventions: a repository -> what its code takes for granted, with evidence."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from .. import schemas, wire
from ..house import answer, checked, house_of
from ..waiting import WAITS

router = APIRouter(tags=["answers"])


@router.get(
    "/v1/repos/{name}/conventions", dependencies=WAITS, responses={200: {"model": schemas.Conventions}}
)
def conventions(
    request: Request,
    name: str,
    path: Annotated[str | None, Query(max_length=4096, description="only what holds there")] = None,
    language: Annotated[str | None, Query(max_length=100, description="a name or a suffix")] = None,
    family: Annotated[str | None, Query(max_length=100)] = None,
    everything: Annotated[
        bool, Query(alias="all", description="also what nearly every project of the language does")
    ] = False,
    history: Annotated[bool, Query(description="with trends and how commits are made, read from git")] = True,
) -> Response:
    """The team's conventions with their evidence, what is written down, and where the two disagree."""
    house = house_of(request)
    repo = house.repo(name)
    index = house.index_of(repo)
    where = checked(path, "path") if path else None
    found = house.service.retriever.conventions(
        repo.name, where, language or None, family or None, everything, history
    )
    return answer({**wire.of_conventions(found), "index": index})
