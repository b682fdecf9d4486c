"""The editions of the index: which one answers, and building another beside it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from .. import schemas
from ..house import answer, house_of

router = APIRouter(tags=["migration"])


@router.get("/v1/migration", responses={200: {"model": schemas.MigrationState}})
def show(request: Request) -> Response:
    """Which index answers, which is built or kept, what is left over, with sizes."""
    return answer(house_of(request).migrating.document())


@router.post(
    "/v1/migration",
    status_code=202,
    responses={202: {"model": schemas.Accepted}, 200: {"model": schemas.MigrationEstimate}},
)
def begin(request: Request, body: schemas.MigrationRequest) -> Response:
    """Build the index that the settings ask for, and let it answer; or say what that takes."""
    migrating = house_of(request).migrating
    if body.estimate:
        return answer(migrating.estimate())
    return answer({"id": migrating.begin().id}, 202)


@router.post("/v1/migration/cancel", responses={200: {"model": schemas.MigrationState}})
def cancel(request: Request) -> Response:
    """Give up what is being built, and remove it. It is built again only when asked for."""
    return answer(house_of(request).migrating.cancel())


@router.post("/v1/migration/rollback", status_code=202, responses={202: {"model": schemas.Accepted}})
def roll_back(request: Request) -> Response:
    """Bring the index before up to date, and let it answer again."""
    return answer({"id": house_of(request).migrating.roll_back().id}, 202)


@router.post("/v1/migration/clean", responses={200: {"model": schemas.MigrationCleaned}})
def clean(request: Request) -> Response:
    """Remove every index but the one that answers."""
    return answer(house_of(request).migrating.clean())
