"""A server's index follows the files."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from starlette.testclient import TestClient

from api.house import House
from api.jobs import Jobs
from api.live import Live
from api.service import Service
from indexer.errors import StoreUnreachable
from indexer.store.catalog import RepoRow
from indexer.sync import Hooks, SyncReport

from .make import eventually


def paths_of(service: Service, repo: str) -> set[str]:
    return {file.path for file in service.catalog.files(service.named(repo))}


def test_a_saved_file_changes_the_answer(client: TestClient, indexed: Service, shop: Path) -> None:
    eventually(lambda: client.get("/v1/repos/shop").json()["watching"])
    (shop / "shop" / "refund.py").write_text("def refund_everything():\n    return 0\n")

    def found() -> bool:
        hits = client.post("/v1/search", json={"query": "refund_everything"}).json()["hits"]
        return bool(hits) and hits[0]["path"] == "shop/refund.py"

    assert eventually(found)
    (shop / "shop" / "refund.py").unlink()
    assert eventually(lambda: "shop/refund.py" not in paths_of(indexed, "shop"))


def test_what_changed_while_nobody_watched_is_found_at_the_start(
    indexed: Service, house: House, shop: Path
) -> None:
    (shop / "late.py").write_text("def late():\n    pass\n")

    house.start()
    try:
        assert eventually(lambda: "late.py" in paths_of(indexed, "shop"))
    finally:
        house.stop()


def test_a_repository_that_the_command_line_adds_is_followed_too(
    client: TestClient, service: Service, shop: Path
) -> None:
    service.add_repo(shop)  # as another process would

    repo = eventually(
        lambda: next((r for r in client.get("/v1/repos").json()["repos"] if r["complete"]), None)
    )
    assert repo["watching"]


def test_a_folder_that_is_gone_is_told_and_one_that_is_back_is_followed(
    client: TestClient, indexed: Service, shop: Path, tmp_path: Path
) -> None:
    eventually(lambda: client.get("/v1/repos/shop").json()["watching"])
    shutil.move(shop, tmp_path / "away")

    eventually(lambda: client.get("/v1/repos/shop").json()["problem"])
    gone = client.get("/v1/repos/shop").json()
    assert not gone["watching"]
    assert "cairn remove shop" in gone["problem"]
    shutil.move(tmp_path / "away", shop)
    assert eventually(lambda: client.get("/v1/repos/shop").json()["watching"])
    assert paths_of(indexed, "shop")  # an absent folder empties nothing


def test_removing_a_repository_in_use_ends_its_sync_first(client: TestClient, shop: Path) -> None:
    for number in range(60):
        (shop / f"module_{number}.py").write_text(f"def function_{number}():\n    return {number}\n" * 50)
    client.post("/v1/repos", json={"path": str(shop)})

    assert client.delete("/v1/repos/shop").status_code == 204
    house: House = client.app.state.house  # type: ignore[attr-defined]
    assert house.service.repos() == []
    assert house.service.vectors.count("shop") == 0


def test_a_sync_whose_store_did_not_answer_is_tried_again(service: Service, shop: Path) -> None:
    answers = threading.Event()

    def sync(repo: RepoRow, hooks: Hooks) -> SyncReport:
        if not answers.is_set():
            raise StoreUnreachable("the server at qdrant:6333 does not answer; start it")
        return service.sync(repo, None, hooks)

    jobs = Jobs(sync)
    live = Live(service, jobs, retry=0.0)
    live.start()
    try:
        live.add(shop, None)
        assert eventually(lambda: live.state("shop").problem) == (
            "the server at qdrant:6333 does not answer; start it"
        )
        answers.set()
        assert eventually(lambda: service.named("shop").complete)
        assert eventually(lambda: live.state("shop").problem is None)
    finally:
        live.stop()
        jobs.stop()
