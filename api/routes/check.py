"""A diff -> what of it does not fit a repository."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from .. import schemas, wire
from ..house import answer, house_of
from ..waiting import WAITS

router = APIRouter(tags=["answers"])


@router.post(
    "/v1/repos/{name}/conventions/check",
    dependencies=WAITS,
    responses={200: {"model": schemas.CheckAnswer}},
)
def check(request: Request, name: str, body: schemas.CheckRequest) -> Response:
    """Which lines of a change break a convention or get the repository wrong, and how it is done here."""
    house = house_of(request)
    repo = house.repo(name)
    index = house.index_of(repo)
    report = house.service.retriever.check(repo.name, body.diff, body.kinds, body.all, body.entire)
    return answer({**wire.of_check(report), "index": index})
