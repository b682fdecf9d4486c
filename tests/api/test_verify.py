"""cairn verify and its routes, over a real index with its keeper."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import schemas
from api import verify as api_verify
from api.service import Service
from api.settings import Settings
from api.verify import Scope, verify
from indexer.lock import writing_lock
from indexer.verify.rebuild import FOLDER, left_over

from .make import SHOP, Cairn, eventually


def lose_a_vector(service: Service) -> str:
    """The chunk that has no vector now."""
    lost = sorted(service.catalog.chunk_ids(service.named("shop")))[0]
    service.vectors.delete([lost])
    service.vectors.flush()
    return lost


def test_a_sound_index_is_proven_whole(cairn: Cairn, indexed: Service, data: Path) -> None:
    said = cairn("verify", "--full", "--json")

    (repo,) = said.json["repos"]
    assert (said.code, said.json["ok"], repo["mode"], repo["notes"]) == (0, True, "full", [])
    assert repo["chunks"] == repo["points"] > 0
    assert any("dense vectors, sparse vectors and payloads are equal" in proven for proven in repo["proven"])
    assert any("queries taken from the files" in proven for proven in repo["proven"])
    assert [path.name for path in (data / FOLDER).iterdir()] == [".making"]  # the rebuild is gone


def test_a_sample_says_how_much_it_proved(cairn: Cairn, indexed: Service) -> None:
    said = cairn("verify", "shop", "--sample", "2")

    assert said.code == 0
    assert "2 files rebuilt: their rows are equal" in said.out
    assert "note: 2 files were rebuilt; --full rebuilds all" in said.out


def test_what_changed_is_named_and_indexed(cairn: Cairn, indexed: Service, shop: Path) -> None:
    (shop / "README.md").write_text("# Another\n")
    (shop / "new.py").write_text("x = 1\n")

    said = cairn("verify", "--json")
    (repo,) = said.json["repos"]
    assert (said.code, repo["damaged"]) == (1, [])
    assert repo["stale"] == ["README.md has changed since it was indexed", "new.py is not in the index"]
    assert "run: cairn index PATH" in said.err or said.json

    fixed = cairn("verify", "--fix", "--json").json["repos"][0]
    assert (fixed["ok"], fixed["found"]) == (True, repo["stale"])
    assert cairn("verify").code == 0


def test_damage_is_mended_and_proven_again(cairn: Cairn, indexed: Service) -> None:
    lost = lose_a_vector(indexed)

    found = cairn("verify")
    assert (found.code, f"damaged: chunk {lost} has no vector" in found.out) == (1, True)
    assert "cairn verify --fix" in found.err

    fixed = cairn("verify", "--fix")
    assert fixed.code == 0
    assert "mended: 1 files indexed anew for lost or wrong vectors" in fixed.out
    assert cairn("verify", "--full").code == 0


def test_full_and_sample_exclude_each_other(cairn: Cairn, indexed: Service) -> None:
    assert "give one of them" in cairn("verify", "--full", "--sample", "3").err


def test_a_look_during_which_the_index_moved_is_taken_again(
    indexed: Service, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, looks = api_verify.look, []

    def look(*arguments: Any) -> Any:
        looks.append(arguments)
        found = real(*arguments)
        if len(looks) == 1:  # a server takes up a save meanwhile
            (shop / "new.py").write_text("x = 1\n")
            indexed.sync(indexed.named("shop"))
        return found

    monkeypatch.setattr(api_verify, "look", look)
    verdict = verify(indexed, indexed.named("shop"), Scope(full=True))

    assert (verdict.ok, len(looks), verdict.generation) == (True, 2, indexed.named("shop").generation)


def test_writers_that_never_rest_are_held_up(
    indexed: Service, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, looks = api_verify.look, []

    def look(*arguments: Any) -> Any:
        looks.append(arguments)
        found = real(*arguments)
        if len(looks) <= 2:
            (shop / f"new{len(looks)}.py").write_text("x = 1\n")
            indexed.sync(indexed.named("shop"))
        else:
            with pytest.raises(Exception, match="is being indexed by"), writing_lock(indexed.data, "shop"):
                pass
        return found

    monkeypatch.setattr(api_verify, "look", look)
    verdict = verify(indexed, indexed.named("shop"), Scope())

    assert (verdict.ok, len(looks)) == (True, 3)
    assert "writers of this repository were held up while it was looked at" in verdict.notes


def test_a_mend_waits_for_the_writer(indexed: Service) -> None:
    lose_a_vector(indexed)
    verdicts = []
    with writing_lock(indexed.data, "shop"):
        thread = threading.Thread(
            target=lambda: verdicts.append(verify(indexed, indexed.named("shop"), Scope(0, fix=True)))
        )
        thread.start()
        thread.join(0.3)
        assert not verdicts
    thread.join()
    assert verdicts[0].ok
    assert verdicts[0].mended == ("1 files indexed anew for lost or wrong vectors",)


def test_a_rebuild_that_a_kill_left_is_swept_away(indexed: Service, data: Path) -> None:
    left = data / FOLDER / "123-gone"
    (left / "indexes").mkdir(parents=True)
    assert left_over(data / FOLDER) == [left]

    verify(indexed, indexed.named("shop"), Scope(1))

    assert not left.exists()


def test_a_rebuild_that_does_not_fit_is_refused(
    cairn: Cairn, indexed: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")(1, 1, 1)
    monkeypatch.setattr("indexer.verify.rebuild.shutil.disk_usage", lambda _: usage)

    said = cairn("verify", "--full")
    assert (said.code, "make room, or verify a sample" in said.err) == (1, True)


def test_a_costly_model_is_not_asked_again_and_that_is_said(
    service: Service, shop: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    embedder = service.embedder

    class Costly:
        fingerprint, dimensions, costly = "costly-64", embedder.dimensions, True

        def encode(self, texts: Any, side: Any = "document") -> Any:
            asked.append(len(texts))
            return embedder.encode(texts, side)

    monkeypatch.setattr("api.opened.load_embedder", lambda spec, options: Costly())
    costly = Service(Settings(data=data / "costly", embedder="costly", workers=1))
    repo, _ = costly.add_repo(shop)
    costly.sync(repo)
    asked.clear()

    verdict = verify(costly, repo, Scope(2))

    assert (verdict.ok, asked) == (True, [])
    assert "the model was asked only for texts that the cache does not hold" in " ".join(verdict.notes)
    costly.close()


# The ledger


def test_the_ledger_adds_up_to_the_bytes_on_the_disk(cairn: Cairn, service: Service, shop: Path) -> None:
    (shop / "logo.png").write_bytes(b"\0" * 1000)
    (shop / "node_modules" / "left").mkdir(parents=True)
    (shop / "node_modules" / "left" / "pad.js").write_text("one\ntwo\n")
    (shop / "link.py").symlink_to("shop/retry.py")
    (shop / "key.py").write_text("a = 1\ntoken = 'ghp_0123456789abcdefghijABCDEFGHIJ012345'\n")
    repo, _ = service.add_repo(shop)
    service.sync(repo)
    (shop / "later.py").write_text("x\n")

    (ledger,) = cairn("verify", "--ledger", "--json").json["repos"]

    on_disk = sum(os.lstat(path).st_size for path in shop.rglob("*") if path.is_symlink() or path.is_file())
    parts = ledger["parts"]
    assert ledger["whole"]["bytes"] == on_disk == sum(part["bytes"] for part in parts.values())
    assert ledger["whole"]["files"] == sum(part["files"] for part in parts.values())
    assert parts["binary"] == {"files": 1, "bytes": 1000, "lines": 0}
    assert parts["vendored"] == {"files": 1, "bytes": 8, "lines": 2}
    assert parts["indexed"]["lines"] == sum(text.count("\n") for text in SHOP.values()) + 2
    assert (parts["symlink"]["files"], ledger["unaccounted"]) == (1, ["later.py"])
    assert (ledger["redactions"], ledger["redacted_lines"]) == (1, 1)


def test_the_command_explains_a_path_from_where_one_stands(
    cairn: Cairn, indexed: Service, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop / "shop")

    assert cairn("verify", "--ledger", "retry.py").out.startswith("shop/retry.py: indexed: its 14 lines")
    assert cairn("verify", "--ledger", str(shop / "README.md"), "--json").json["fate"] == "indexed"
    assert "lies outside" in cairn("verify", "--repo", "shop", "--ledger", "../../x").err


def test_a_ledger_over_http_has_no_way_out_of_the_root(shared: TestClient) -> None:
    assert schemas.Ledger.model_validate(shared.get("/v1/repos/shop/ledger").json())
    found = shared.get("/v1/repos/shop/ledger", params={"path": "shop/retry.py"}).json()
    assert schemas.Fate.model_validate(found).chunks == [(1, 14)]
    for path in ("../x", "/etc/passwd", "a/../../x"):
        assert shared.get("/v1/repos/shop/ledger", params={"path": path}).status_code == 422


# Over HTTP


def test_a_proof_is_a_job(client: TestClient, indexed: Service) -> None:
    eventually(lambda: client.get("/v1/repos/shop").json()["watching"])
    eventually(lambda: all(job.status == "done" for job in client.app.state.house.jobs.all()))  # type: ignore[attr-defined]
    lose_a_vector(indexed)  # which the first look of a server would have mended

    def ended(body: dict[str, Any]) -> dict[str, Any]:
        job = client.post("/v1/repos/shop/verify", json=body).json()["id"]
        read = lambda: client.get(f"/v1/jobs/{job}").json()  # noqa: E731
        eventually(lambda: read()["status"] in ("done", "failed"))
        return schemas.Job.model_validate(read()).model_dump()

    found = ended({"sample": 1})
    assert (found["kind"], found["status"], found["report"]["ok"]) == ("verify", "done", False)
    fixed = ended({"fix": True, "full": True})
    assert fixed["report"]["ok"], fixed
    assert fixed["report"]["mended"]
