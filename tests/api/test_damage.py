"""Files of the data directory that were damaged: what is said, and that one command brings all of it back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from api.service import Service
from indexer.errors import IndexBusy, IndexDamaged, NotWritable
from indexer.store.edge import EdgeVectors
from retriever.types import Query

from ..indexer.store.make import stop_keeper
from .make import Cairn, write_tree

OTHER = {"mail.py": "def deliver_letter(box):\n    return box.open()\n"}


def overwrite(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def flip(path: Path) -> None:
    held = bytearray(path.read_bytes())
    held[100:4096] = bytes(255 - byte for byte in held[100:4096])
    path.write_bytes(held)


def halve(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def drop_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE chunks")
        db.execute("DROP TABLE repos")


@pytest.fixture
def two(service: Service, shop: Path, tmp_path: Path) -> Service:
    """Two repositories, indexed, and nothing of them open but the keeper."""
    for root in (shop, write_tree(tmp_path / "mail", OTHER)):
        repo, _ = service.add_repo(root)
        service.sync(repo)
    service.close()
    return Service(service.settings)


@pytest.mark.parametrize("damage", [overwrite, flip, halve, drop_tables])
def test_a_damaged_catalog_is_named_and_one_command_brings_every_repository_back(
    two: Service, cairn: Cairn, damage: Callable[[Path], None]
) -> None:
    catalog = two.data.catalog(two.fingerprint)
    two.close()  # or the last pages may still be in the write-ahead log
    damage(catalog)
    search = cairn("search", "retry", "--repo", "shop")
    assert search.code == 1
    assert "is damaged" in search.err
    assert "cairn index --rebuild" in search.err
    rebuilt = cairn("index", "--rebuild", "--json")
    assert rebuilt.code == 0, rebuilt.err
    assert [repo["repo"] for repo in rebuilt.json["repos"]] == ["mail", "shop"]
    assert any(".damaged-" in path.name for path in catalog.parent.iterdir())
    _is_whole(cairn)


def test_a_catalog_that_is_gone_is_made_again_with_its_repositories(two: Service, cairn: Cairn) -> None:
    catalog = two.data.catalog(two.fingerprint)
    two.close()
    catalog.unlink()
    assert [repo["name"] for repo in cairn("status", "--json").json["repos"]] == ["mail", "shop"]
    for repo in two.repos():
        assert cairn("index", repo.root).code == 0
    _is_whole(cairn)


def test_a_process_that_has_a_catalog_open_follows_it_when_it_is_replaced(two: Service, cairn: Cairn) -> None:
    assert len(two.repos()) == 2  # open from here on, as in a server
    overwrite(two.data.catalog(two.fingerprint))
    assert cairn("index", "--rebuild").code == 0
    assert [repo.complete for repo in two.repos()] == [True, True]
    two.close()


def test_a_data_directory_that_was_deleted_under_a_process_is_said_to_be_gone(
    two: Service, cairn: Cairn, shop: Path
) -> None:
    assert two.retriever.search(Query("retry")).hits  # open from here on, as in a server
    stop_keeper(two.data.root)
    shutil.rmtree(two.data.root)
    for _ in range(2):
        with pytest.raises(IndexDamaged, match=r"is gone: .* cairn index PATH") as raised:
            two.retriever.search(Query("retry"))
        assert "is lost" not in str(raised.value)
        with pytest.raises(IndexDamaged, match="is gone"):
            two.add_repo(shop)
    assert cairn("index", shop).code == 0
    assert two.retriever.search(Query("retry")).hits
    two.close()


def _remove_vectors(shard: Path) -> None:
    for file in shard.rglob("chunk_0.mmap"):  # of each part: points are in one of them
        file.unlink()


def _no_settings(shard: Path) -> None:
    (shard / "edge_config.json").write_text("{")


def _panic(shard: Path) -> None:
    for file in shard.rglob("vectors/status.dat"):
        os.truncate(file, 4)


def _abort(shard: Path) -> None:
    """Edge ends its process when it reads this."""
    for mappings in shard.rglob("mutable_id_tracker.mappings"):
        mappings.write_bytes(b"\xff" * mappings.stat().st_size)


@pytest.mark.parametrize("damage", [_remove_vectors, _no_settings, _panic, _abort])
def test_damaged_vectors_are_named_and_the_same_command_makes_them_again(
    two: Service, cairn: Cairn, data: Path, damage: Callable[[Path], None]
) -> None:
    stop_keeper(data)
    damage(_shard(data))
    search = cairn("search", "retry", "--repo", "shop")
    assert search.code == 1
    assert "cairn index --rebuild" in search.err
    assert cairn("index", "--rebuild").code == 0
    assert not list(two.data.catalog(two.fingerprint).parent.glob("*.damaged-*"))  # it was sound
    _is_whole(cairn)


def _lose_half(shard: Path) -> None:
    for file in shard.rglob("mutable_id_tracker.versions"):
        halve(file)


@pytest.mark.parametrize("damage", [shutil.rmtree, _lose_half])
def test_points_that_a_store_lost_in_silence_come_back_with_the_next_sync(
    two: Service, cairn: Cairn, data: Path, damage: Callable[[Path], None]
) -> None:
    stop_keeper(data)
    damage(_shard(data))
    for repo in two.repos():
        assert cairn("index", repo.root).code == 0
    _is_whole(cairn)


def test_who_begins_again_waits_for_no_writer_and_harms_none(two: Service) -> None:
    with (
        two.writing(),
        pytest.raises(IndexBusy, match="the index is being written, and is replaced only when nobody writes"),
    ):
        two.rebuild()
    assert two.rebuild() is None


def test_no_point_is_written_to_a_disk_that_is_nearly_full(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    vectors = EdgeVectors(tmp_path / "points", 8)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    with pytest.raises(NotWritable, match="1 MB are free, 64 are needed"):
        vectors.flush()
    vectors.close()


def _shard(data: Path) -> Path:
    return next(path for path in (data / "vectors").iterdir() if path.is_dir())


def _is_whole(cairn: Cairn) -> None:
    found = cairn("search", "deliver letter", "--repo", "mail", "--json").json["hits"]
    assert found[0]["path"] == "mail.py"
    verified = cairn("verify")
    assert verified.code == 0, verified.out + verified.err
