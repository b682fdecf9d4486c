"""A server's index follows the files."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.house import House
from api.jobs import Jobs
from api.live import Live
from api.service import Service
from indexer.errors import NotFound, StoreUnreachable
from indexer.inotify import Inotify
from indexer.lock import writing_lock
from indexer.store.catalog import RepoRow
from indexer.sync import Hooks, SyncReport

from .make import eventually, write_tree


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


def test_changes_that_were_taken_while_the_folder_was_away_are_taken_again(
    client: TestClient, indexed: Service, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    eventually(lambda: client.get("/v1/repos/shop").json()["watching"])
    client.get("/v1/repos/shop", params={"wait_for": "now", "timeout": 30})  # the first look is over
    sync, away = indexed.sync, threading.Event()

    def sync_while_it_is_away(*given: Any, **named: Any) -> SyncReport:
        if given[1] is not None and not away.is_set():
            away.set()
            raise NotFound(f"{shop} is gone, or was replaced while it was read")
        return sync(*given, **named)

    monkeypatch.setattr(indexed, "sync", sync_while_it_is_away)
    (shop / "late.py").write_text("def late():\n    pass\n")

    assert eventually(lambda: "late.py" in paths_of(indexed, "shop"))
    assert away.is_set()


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


def test_a_question_can_wait_for_what_was_written_before_it(
    client: TestClient, indexed: Service, shop: Path
) -> None:
    (shop / "shop" / "refund.py").write_text("def refund_everything():\n    return 0\n")
    asked = {
        "query": "refund_everything",
        "repos": ["shop"],
        "wait_for": {"generation": "now", "timeout": 30},
    }

    answer = client.post("/v1/search", json=asked).json()
    assert answer["hits"][0]["path"] == "shop/refund.py"
    assert answer["index"]["pending"] == 0
    assert answer["index"]["lag_seconds"] == 0.0
    assert answer["index"]["watching"]

    (shop / "shop" / "refund.py").write_text("def refund_nothing():\n    return 0\n")
    waiting = {"name": "refund_nothing", "wait_for": "now", "timeout": 30}
    assert client.get("/v1/repos/shop/symbols", params=waiting).json()["symbols"]
    (shop / "shop" / "refund.py").write_text("def refund_half():\n    return 0\n")
    waiting = {"wait_for": "now", "timeout": 30}
    assert "refund_half" in client.get("/v1/repos/shop/files/shop/refund.py", params=waiting).json()["text"]
    (shop / "shop" / "refund.py").write_text("def refund_twice():\n    return 0\n")
    asked = {"task": "refund_twice", "repo": "shop", "wait_for": {"timeout": 30}}
    assert "refund_twice" in client.post("/v1/context", json=asked).json()["text"]


def test_what_is_written_and_not_yet_indexed_is_pending_in_every_answer(
    client: TestClient, indexed: Service, shop: Path
) -> None:
    caught_up(client, "shop")
    with writing_lock(indexed.data, "shop"):  # so that nothing is indexed meanwhile
        (shop / "shop" / "refund.py").write_text("def refund_everything():\n    return 0\n")
        index = client.post("/v1/search", json={"query": "refund", "repos": ["shop"]}).json()["index"]
        assert (index["pending"], index["partial"]) == (1, False)
        later = client.get("/v1/repos/shop/outline", params={"path": "shop/retry.py"}).json()["index"]
        assert later["lag_seconds"] >= index["lag_seconds"] >= 0
        wait = {"generation": "now", "timeout": 0.1}
        asked = {"query": "refund", "repos": ["shop"], "wait_for": wait}
        assert client.post("/v1/search", json=asked).json()["index"]["pending"] == 1  # it says so

    assert caught_up(client, "shop")["pending"] == 0


def test_a_first_index_answers_before_it_is_complete_and_says_so(
    client: TestClient, indexed: Service, tmp_path: Path
) -> None:
    root = write_tree(tmp_path / "other", {"a.py": "def one():\n    return 1\n"})
    with writing_lock(indexed.data, "other"):
        client.post("/v1/repos", json={"path": str(root)})
        answer = client.post("/v1/search", json={"query": "one", "repos": ["other"]})
        assert (answer.status_code, answer.json()["index"]["partial"]) == (200, True)
        assert not client.get("/v1/repos/other").json()["complete"]

    assert not caught_up(client, "other")["partial"]


def test_a_dead_watcher_is_told_and_begins_anew_and_nothing_is_missed(
    client: TestClient, indexed: Service, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught_up(client, "shop")
    house: House = client.app.state.house  # type: ignore[attr-defined]
    with house.live._comparing:  # so that it is not mended before it was seen
        source = house.live._watchers["shop"]._source
        assert isinstance(source, Inotify)
        with monkeypatch.context() as broken:
            broken.setattr(source, "_read", lambda: 1 / 0)
            (shop / "unseen.py").write_text("def unseen():\n    return 1\n")
            eventually(lambda: not source.alive)
        repo = client.get("/v1/repos/shop").json()
        assert not repo["watching"]
        assert "ZeroDivisionError" in repo["problem"]
        assert client.get("/ready").json()["status"] == "degraded"
        assert 'cairn_watch_alive{repo="shop"} 0\n' in client.get("/metrics").text

    assert eventually(lambda: client.get("/v1/repos/shop").json()["watching"])
    assert caught_up(client, "shop")["problem"] is None
    assert "unseen.py" in paths_of(indexed, "shop")
    assert client.get("/ready").json()["status"] == "ready"
    metrics = client.get("/metrics").text
    assert 'cairn_watch_restarts_total{repo="shop",reason="events of ' in metrics
    (shop / "seen.py").write_text("def seen():\n    return 1\n")
    caught_up(client, "shop")
    assert "seen.py" in paths_of(indexed, "shop")


def test_a_repository_that_was_replaced_is_followed_in_its_place(
    client: TestClient, indexed: Service, shop: Path
) -> None:
    caught_up(client, "shop")
    shutil.rmtree(shop)
    write_tree(shop, {"fresh.py": "def fresh():\n    return 1\n"})

    eventually(lambda: caught_up(client, "shop")["watching"])
    assert paths_of(indexed, "shop") == {"fresh.py"}
    (shop / "later.py").write_text("def later():\n    return 1\n")
    caught_up(client, "shop")
    assert paths_of(indexed, "shop") == {"fresh.py", "later.py"}


def caught_up(client: TestClient, repo: str) -> dict[str, Any]:
    """The repository, when everything written before is in its index."""
    answer = client.get(f"/v1/repos/{repo}", params={"wait_for": "now", "timeout": 30}).json()
    assert answer["pending"] == 0, answer
    return dict(answer)
