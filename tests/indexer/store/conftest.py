"""The engines that every test of the vectors' semantics runs on, and a data directory with its keeper."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.store import Vectors
from indexer.store.edge import EdgeVectors
from indexer.store.embedded import KeeperVectors
from indexer.store.server import ServerVectors

from ...contract.qdrant import Contract, StrictTransport, load_contract
from ...contract.qdrant_double import QdrantDouble
from .make import DIMENSIONS, stop_keeper


@pytest.fixture
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data directory with a name short enough for a socket; its keeper ends with the test."""
    directory = tmp_path_factory.mktemp("d")
    yield directory
    stop_keeper(directory)


@pytest.fixture(scope="session")
def shared_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One keeper for all tests that need no more of it than an empty collection."""
    directory = tmp_path_factory.mktemp("d")
    yield directory
    stop_keeper(directory)


@pytest.fixture(scope="session")
def contract() -> Contract:
    return load_contract()


@pytest.fixture(params=["edge", "keeper", "contract", pytest.param("live", marks=pytest.mark.live)])
def vectors(request: pytest.FixtureRequest) -> Iterator[Vectors]:
    """An empty collection in each engine. A live server is used when CAIRN_QDRANT_URL is set."""
    if request.param == "edge":
        store: Vectors = EdgeVectors(request.getfixturevalue("tmp_path") / "points", DIMENSIONS)
    elif request.param == "keeper":
        shared: Path = request.getfixturevalue("shared_data")
        store = KeeperVectors(shared, uuid.uuid4().hex, DIMENSIONS)
    elif request.param == "contract":
        transport = StrictTransport(request.getfixturevalue("contract"), QdrantDouble())
        store = ServerVectors("http://qdrant:6333", "points", DIMENSIONS, transport=transport)
    else:
        store = request.getfixturevalue("live_vectors")
    yield store
    store.close()


@pytest.fixture
def live_vectors() -> Iterator[Vectors]:
    url = os.environ.get("CAIRN_QDRANT_URL")
    if not url:
        pytest.skip("CAIRN_QDRANT_URL names no Qdrant server")
    from qdrant_client import QdrantClient

    api_key = os.environ.get("CAIRN_QDRANT_API_KEY")
    collection = f"cairn-test-{uuid.uuid4().hex}"
    yield ServerVectors(url, collection, DIMENSIONS, api_key=api_key)
    client = QdrantClient(url=url, api_key=api_key, check_compatibility=False)
    client.delete_collection(collection)
    client.close()
