"""The doors over a real index: a project on disk, its own data directory, its own keeper process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.house import House
from api.http import create_app
from api.service import Service
from api.settings import Settings

from ..indexer.store.make import stop_keeper
from .make import SHOP, Cairn, write_tree

HERE = "http://127.0.0.1:8000"


@pytest.fixture
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory with a name short enough for a socket; its keeper ends with the test."""
    folder = tmp_path_factory.mktemp("d")
    yield folder
    stop_keeper(folder)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A small project: a retry helper, who uses it, its test and a page about it."""
    return write_tree(tmp_path / "shop", SHOP)


@pytest.fixture
def service(data: Path) -> Iterator[Service]:
    made = Service(Settings(data=data, embedder="hashed", workers=1))
    yield made
    made.close()


@pytest.fixture
def indexed(service: Service, shop: Path) -> Service:
    repo, _ = service.add_repo(shop)
    service.sync(repo)
    return service


@pytest.fixture
def house(service: Service) -> House:
    return House(service)


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    """The application with nothing indexed, its lifespan running."""
    with TestClient(create_app(house), HERE) as made:
        yield made


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """One application over the indexed shop, for tests that change nothing."""
    data, root = tmp_path_factory.mktemp("d"), tmp_path_factory.mktemp("s") / "shop"
    service = Service(Settings(data=data, embedder="hashed", workers=1))
    repo, _ = service.add_repo(write_tree(root, SHOP))
    service.sync(repo)
    with TestClient(create_app(House(service)), HERE) as made:
        yield made
    stop_keeper(data)


@pytest.fixture
def cairn(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cairn:
    """The command line in this process, on a data directory of its own."""
    for name in ("CAIRN_URL", "CAIRN_API_KEY", "CAIRN_QDRANT_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CAIRN_DATA", str(data))
    monkeypatch.setenv("CAIRN_EMBEDDER", "hashed")
    monkeypatch.setenv("CAIRN_WORKERS", "1")
    return Cairn(capsys)


@pytest.fixture
def copy_of_shop(shop: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(shop, tmp_path / "copy"))
