"""On a Qdrant server an index is a collection: made, named by the alias, removed when nobody needs it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from api import opened
from api.leftovers import leftovers
from api.migration import clean, migrate, wanted
from api.service import Service
from api.settings import Settings
from indexer.store.editions import read_editions
from indexer.store.server import ALIAS, ServerVectors
from indexer.store.vectors import VectorOptions, collection_name

from ..contract.qdrant import StrictTransport, load_contract
from ..contract.qdrant_double import QdrantDouble
from ..indexer.store.make import make_points
from .make import SHOP, write_tree

URL = "http://qdrant:6333"


def test_collections_follow_the_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    double = QdrantDouble()
    transport = StrictTransport(load_contract(), double)

    def on_the_server(options: VectorOptions, fingerprint: str, dimensions: int) -> ServerVectors:
        assert options.url == URL
        return ServerVectors(URL, collection_name(fingerprint), dimensions, transport=transport)

    def collections() -> list[str]:
        return sorted(found.name for found in double.memory.get_collections().collections)

    monkeypatch.setattr(opened, "open_vectors", on_the_server)
    service = Service(Settings(tmp_path / "d", qdrant_url=URL, embedder="hashed", workers=1))
    repo, _ = service.add_repo(write_tree(tmp_path / "shop", SHOP))
    service.sync(repo)
    before = service.current.edition
    other = Service(Settings(tmp_path / "d", qdrant_url=URL, embedder="static", workers=1))
    to = wanted(other)
    assert to is not None

    assert migrate(other, to).notes == ()
    after = to.edition
    assert collections() == sorted([before.collection, after.collection])
    assert [a.alias_name for a in double.memory.get_collection_aliases(after.collection).aliases] == [ALIAS]
    assert service.vectors.count("shop") == len(list(service.vectors.ids("shop"))) > 0
    assert service.current.edition == after

    away = Service(Settings(tmp_path / "d", embedder="static", workers=1))
    removed, notes = clean(away)  # without the address, nothing can be removed there
    assert (removed, len(notes)) == ((), 1)
    assert URL in notes[0]
    assert [one.edition for one in leftovers(service.data)] == [before]
    assert clean(other) == ((before.fingerprint,), ())
    assert collections() == [after.collection]


def test_a_collection_that_others_use_too_keeps_their_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    double = QdrantDouble()
    transport = StrictTransport(load_contract(), double)
    monkeypatch.setattr(
        opened,
        "open_vectors",
        lambda options, fingerprint, dimensions: ServerVectors(
            URL, collection_name(fingerprint), dimensions, transport=transport
        ),
    )
    service = Service(Settings(tmp_path / "d", qdrant_url=URL, embedder="hashed", workers=1))
    repo, _ = service.add_repo(write_tree(tmp_path / "shop", SHOP))
    service.sync(repo)
    before = service.current
    theirs = make_points("theirs", {"a.py": (1,)})
    before.open_vectors().upsert(replace(theirs, dense=np.eye(1, 64, dtype=np.float16)))

    other = Service(Settings(tmp_path / "d", qdrant_url=URL, embedder="static", workers=1))
    to = wanted(other)
    assert to is not None
    migrate(other, to)
    clean(other)
    assert read_editions(other.data).previous is None  # type: ignore[union-attr]
    assert (before.open_vectors().count("shop"), before.open_vectors().count("theirs")) == (0, 1)
