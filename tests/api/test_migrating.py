"""A server whose settings ask for another model serves the old index until the new one is complete."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import schemas
from api.house import House
from api.http import create_app
from api.migrating import Migrating
from api.service import Service
from api.settings import Settings
from retriever.client import Client
from retriever.types import Query

from ..indexer.embed.endpoint import Endpoint
from ..indexer.embed.endpoint import serving as embedding
from .conftest import HERE
from .make import eventually, run_cairn, serving, write_tree
from .test_migration import grow


@contextmanager
def server(data: Path, embedder: str | None, retry: float = 60.0, **more: Any) -> Iterator[TestClient]:
    house = House(Service(Settings(data=data, embedder=embedder, workers=1, **more)))
    house.migrating = Migrating(house.service, house.jobs, retry)
    with TestClient(create_app(house), HERE) as client:
        yield client


def state(client: TestClient) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/v1/migration").json()
    assert schemas.MigrationState.model_validate(document)
    return document


def answers_from(client: TestClient, embedder: str) -> bool:
    """Whether the model answers by now; at every moment something does."""
    found = client.post("/v1/search", json={"query": "retry"})
    assert found.status_code == 200
    assert found.json()["hits"]
    assert client.get("/ready").status_code == 200
    current = state(client)["current"]
    return bool(current["embedder"] == embedder)


def ended(client: TestClient, job: str) -> dict[str, Any]:
    def document() -> dict[str, Any] | None:
        found: dict[str, Any] = client.get(f"/v1/jobs/{job}").json()
        assert schemas.Job.model_validate(found)
        return found if found["status"] in ("done", "failed", "cancelled") else None

    found: dict[str, Any] = eventually(document)
    return found


def test_a_server_builds_what_its_settings_ask_for_and_goes_back_when_told(
    indexed: Service, data: Path
) -> None:
    before = indexed.fingerprint
    with server(data, "static") as client:
        eventually(lambda: answers_from(client, "static"))
        now = state(client)
        job = ended(client, now["job"])
        assert (job["status"], job["repo"]) == ("done", "*")
        assert (now["previous"]["fingerprint"], now["building"], now["problem"]) == (before, None, None)
        assert client.post("/v1/migration", json={}).status_code == 409
        assert client.post("/v1/migration/cancel").status_code == 409

        back = client.post("/v1/migration/rollback").json()["id"]
        assert ended(client, back)["status"] == "done"
        assert answers_from(client, "hashed")
        assert state(client)["wish"] == "static"
    with server(data, "static") as client:  # turned down, so it is built only when somebody asks
        assert answers_from(client, "hashed")
        assert client.post("/v1/migration", json={"estimate": True}).json()["files"] == 5
        again = client.post("/v1/migration", json={}).json()["id"]
        assert ended(client, again)["status"] == "done"
        assert client.post("/v1/migration/clean").json() == {"removed": [before], "notes": []}
        assert answers_from(client, "static")
    assert indexed.current.edition.embedder == "static"


@pytest.mark.parametrize("embedder", ["nonsense", "static:/nowhere"])
def test_a_model_that_cannot_be_loaded_is_told_and_the_old_index_serves(
    indexed: Service, data: Path, embedder: str
) -> None:
    with server(data, embedder) as client:
        eventually(lambda: state(client)["problem"])
        assert "is not built" in state(client)["problem"]
        assert answers_from(client, "hashed")
        assert client.get("/v1/repos").json()["migration"]["problem"]
        assert client.get("/ready").json()["migration"]["problem"]
        assert "cairn_migration_problem 1\n" in client.get("/metrics").text


def test_a_model_whose_endpoint_recovers_is_built_then(indexed: Service, data: Path) -> None:
    with (
        embedding(Endpoint(key="right")) as endpoint,
        server(data, "openai:m", retry=0.05, embedder_url=endpoint.url) as client,
    ):
        eventually(lambda: "401" in (state(client)["problem"] or ""))
        assert answers_from(client, "hashed")
        endpoint.key = ""
        eventually(lambda: answers_from(client, "openai:m"))
        assert state(client)["problem"] is None


def test_a_migration_is_seen_while_it_runs_and_can_be_cancelled(
    indexed: Service, data: Path, shop: Path
) -> None:
    grow(shop)
    indexed.sync(indexed.named("shop"))
    go_on = threading.Event()

    def wait(vectors: list[Any]) -> list[Any]:
        assert len(vectors) == 1 or go_on.wait(60)  # the code comes in batches, a question alone
        return vectors

    with (
        embedding(Endpoint(spoil=wait)) as endpoint,
        server(data, "openai:m", embedder_url=endpoint.url) as client,
        ThreadPoolExecutor(1) as other,
    ):
        eventually(lambda: len(endpoint.sizes) > 1)
        now = state(client)
        assert (now["building"]["embedder"], now["progress"]["total"]) == ("openai:m", 125)
        assert client.get("/v1/repos").json()["migration"]["total"] == 125
        assert "cairn_migration_files 125\n" in client.get("/metrics").text
        assert answers_from(client, "hashed")
        assert client.post("/v1/migration/rollback").status_code == 409

        said = other.submit(client.post, "/v1/migration/cancel")
        eventually(lambda: state(client)["building"] is None)
        go_on.set()
        assert said.result().json()["leftovers"] == []
        assert ended(client, now["job"])["status"] == "cancelled"
        assert answers_from(client, "hashed")


def test_a_process_that_serves_swaps_without_dropping_a_request(data: Path, shop: Path) -> None:
    grow(shop)
    run_cairn("index", shop, data=data)
    with serving("--port", 0, data=data, CAIRN_EMBEDDER="static") as first:
        assert first.end() == 0  # stopped while it builds, or just after
    with (
        serving("--port", 0, data=data, CAIRN_EMBEDDER="static") as server,
        closing(Client(server.url)) as client,
    ):
        eventually(lambda: client.get("/v1/repos/shop")["watching"])
        write_tree(shop, {"shop/refund.py": "def refund_everything():\n    return 0\n"})
        editions = []

        def swapped() -> bool:
            found = client.search(Query("where do we retry failed payments?", ("shop",)))
            assert found.hits
            editions.append(found.index[0].edition)
            return bool(client.get("/v1/migration")["current"]["embedder"] == "static")

        eventually(swapped)
        eventually(lambda: client.symbols("shop", "refund_everything"))
        assert not client.get("/v1/migration")["building"]
    assert "Traceback" not in server.errors
    assert run_cairn("verify", data=data, CAIRN_EMBEDDER="static").code == 0
