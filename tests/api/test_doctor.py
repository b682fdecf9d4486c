"""cairn doctor names what is wrong and what to do; each remedy, done, is the end of it."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from api.doctor import examine
from api.health import Finding, data, machine
from api.service import Service
from indexer.store.owner import OWNER_FILE, read_owner

from ..conftest import git
from ..indexer.store.make import wait_until_free


def one(found: Finding | str) -> tuple[str, str, str]:
    return (found.state, found.said, found.remedy) if isinstance(found, Finding) else ("ok", found, "")


def test_a_sound_installation_has_nothing_bad_and_every_note_a_remedy(indexed: Service) -> None:
    found = list(examine(indexed))

    assert [finding for finding in found if finding.state == "bad"] == []
    assert [finding.what for finding in found if finding.state == "note" and not finding.remedy] == []
    said = {finding.what: finding.said for finding in found}
    assert said["grammars"] == "20 languages parse"
    assert said["vector store"].endswith("one was written, read and deleted")
    assert said["embedding model"].endswith("a question finds its document")
    assert list(indexed.vectors.ids("@doctor")) == []


def test_a_data_directory_open_to_others(indexed: Service) -> None:
    root = indexed.data.root
    root.chmod(0o755)
    assert one(data.privacy(indexed)) == ("note", f"{root} is open to others (mode 755)", f"chmod 700 {root}")
    root.chmod(0o700)
    assert one(data.privacy(indexed))[0] == "ok"

    indexed.vectors.count("shop")
    (root / OWNER_FILE).chmod(0o644)
    state, _, remedy = one(data.privacy(indexed))
    assert (state, f"chmod 600 {root / OWNER_FILE}" in remedy) == ("bad", True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_data_directory_of_another_user(indexed: Service) -> None:
    os.chown(indexed.data.root, 12345, -1)
    state, said, remedy = one(data.privacy(indexed))
    os.chown(indexed.data.root, 0, -1)
    assert (state, "belongs to user 12345" in said, "chown -R 0" in remedy) == ("bad", True, True)


def test_what_a_killed_process_left(indexed: Service) -> None:
    indexed.vectors.count("shop")
    root = indexed.data.root
    (root / "verify" / "9-gone").mkdir(parents=True)
    (root / ".probe-9").touch()
    state, said, remedy = one(data.tidiness(indexed))
    assert (state, "9-gone" in said, remedy.startswith("rm -r ")) == ("note", True, True)
    (root / "verify" / "9-gone" / "lock").unlink()
    (root / "verify" / "9-gone").rmdir()
    (root / ".probe-9").unlink()
    assert one(data.tidiness(indexed)) == ("ok", "none", "")

    owner = read_owner(root)
    assert owner is not None
    os.kill(owner.pid, signal.SIGKILL)
    wait_until_free(root)
    assert "which is gone; the next call replaces it" in one(data.tidiness(indexed))[1]
    indexed.vectors.count("shop")
    assert one(data.tidiness(indexed))[0] == "ok"


def test_a_database_that_is_damaged_is_named_once(indexed: Service) -> None:
    catalog = indexed.catalog.path
    with indexed.catalog.writing() as db:
        db.execute("UPDATE repos SET pending = 0")
    indexed.catalog.select("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(catalog.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page : page + 64] = b"\xff" * 64
    catalog.write_bytes(content)

    found = {finding.what: finding for finding in examine(Service(indexed.settings))}

    assert (found["databases"].state, str(catalog) in found["databases"].said) == ("bad", True)
    told = [finding.said for finding in found.values() if finding.state == "bad"]
    assert len([said for said in told if said.startswith("the catalog ")]) == 1
    assert any(said.startswith("not tried, for the reason given at ") for said in told)


def test_limits_that_are_low(indexed: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (200, 4096))
    assert one(machine.open_files(indexed))[::2] == ("bad", "ulimit -n 1024 before cairn serve")
    monkeypatch.setattr(resource, "getrlimit", lambda _: (512, 512))
    assert "LimitNOFILE=1024" in one(machine.open_files(indexed))[2]

    limits = tmp_path / "proc" / "sys" / "fs" / "inotify"
    limits.mkdir(parents=True)
    monkeypatch.setattr(machine, "Path", lambda path: tmp_path / path.lstrip("/"))
    for watches, instances, state, sysctl in (
        (2, 128, "bad", "fs.inotify.max_user_watches=65536"),
        (8192, 128, "note", "fs.inotify.max_user_watches=65536"),
        (524_288, 8, "note", "fs.inotify.max_user_instances=128"),
        (524_288, 128, "ok", ""),
    ):
        (limits / "max_user_watches").write_text(str(watches))
        (limits / "max_user_instances").write_text(str(instances))
        found = one(machine.watches(indexed))
        assert (found[0], sysctl in found[2]) == (state, True), found


def test_a_clock_that_is_wrong(indexed: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    real = machine.time.time()
    for now, state, said in (
        (1000.0, "bad", "it says Thu Jan  1"),
        (real - 3600, "note", "+3600 s from this machine"),
        (real, "ok", ""),
    ):
        fake = SimpleNamespace(**{**vars(machine.time), "time": lambda now=now: now})
        monkeypatch.setattr(machine, "time", fake)
        found = one(machine.clock(indexed))
        assert (found[0], said in found[1]) == (state, True), found


def test_a_model_whose_sides_do_not_agree(indexed: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    right = indexed.embedder

    def other_side(texts: list[str], side: str = "document") -> object:
        return -right.encode(texts) if side == "query" else right.encode(texts)

    def without_numbers(texts: list[str], side: str = "document") -> object:
        return np.full((len(texts), right.dimensions), np.nan, dtype=np.float32)

    encoders: list[tuple[Callable[..., object], str]] = [
        (other_side, "a question is not nearest to what answers it"),
        (without_numbers, "or none"),
    ]
    for encode, said in encoders:
        other = SimpleNamespace(fingerprint="x", dimensions=right.dimensions, encode=encode)
        monkeypatch.setattr(indexed.current, "embedder", other)
        found = one(data.model(indexed))
        assert (found[0], said in found[1], "CAIRN_EMBEDDER" in found[2]) == ("bad", True, True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_repository_that_git_doubts(indexed: Service, shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(shop, "init", "-q")
    os.chown(shop, 12345, -1)
    os.chown(shop / ".git", 12345, -1)
    monkeypatch.setenv("HOME", str(shop.parent))
    state, _, remedy = one(data.roots(indexed))
    assert (state, remedy) == ("note", f"git config --global --add safe.directory {shop}")

    git(shop, *remedy.split()[1:])
    assert one(data.roots(indexed))[0] == "ok"


def test_a_root_that_is_gone_and_one_that_is_read_only(indexed: Service, shop: Path) -> None:
    away = shop.with_name("away")
    shop.rename(away)
    assert one(data.roots(indexed)) == (
        "note",
        f"folder gone: shop ({shop})",
        "put it back, or: cairn remove NAME",
    )
    away.rename(shop)
    shop.chmod(0o555)
    fine = one(data.roots(indexed))
    shop.chmod(0o755)
    assert fine[0] == "ok"
