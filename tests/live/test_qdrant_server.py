"""A real Qdrant server answers as the embedded store does. Set CAIRN_QDRANT_URL to run it.

The whole conformance suite runs on that server too: `pytest -m live`.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from qdrant_client import QdrantClient, models

from indexer.store import Points, VectorQuery, Where
from indexer.store.edge import EdgeVectors
from indexer.store.server import ServerVectors

pytestmark = pytest.mark.live

URL = os.environ.get("CAIRN_QDRANT_URL", "")
KEY = os.environ.get("CAIRN_QDRANT_API_KEY")
DIMENSIONS = 64
POINTS = 3000


@pytest.fixture
def collection() -> Iterator[str]:
    if not URL:
        pytest.skip("CAIRN_QDRANT_URL names no Qdrant server")
    name = f"cairn-test-{uuid.uuid4().hex}"
    yield name
    with_client().delete_collection(name)


def with_client() -> QdrantClient:
    return QdrantClient(url=URL, api_key=KEY, check_compatibility=False)


def make_points() -> Points:
    rng = np.random.default_rng(1)
    dense = rng.normal(size=(POINTS, DIMENSIONS))
    dense /= np.linalg.norm(dense, axis=1, keepdims=True)
    rows = [np.unique(rng.zipf(1.4, 40) % 5000) for _ in range(POINTS)]
    indices = np.concatenate(rows).astype(np.uint32)
    return Points(
        ids=[str(uuid.uuid5(uuid.NAMESPACE_URL, str(i))) for i in range(POINTS)],
        dense=dense.astype(np.float16),
        offsets=np.cumsum([0, *(len(row) for row in rows)], dtype=np.int64),
        indices=indices,
        values=rng.uniform(0.5, 2, len(indices)).astype(np.float32),
        payloads=[
            {"repo": f"r{i % 3}", "path": f"pkg{i % 7}/f{i}.py", "language": "python", "kind": "code"}
            for i in range(POINTS)
        ],
    )


def test_a_server_scores_as_the_embedded_store_does(collection: str, tmp_path: Path) -> None:
    points = make_points()
    there, here = ServerVectors(URL, collection, DIMENSIONS, api_key=KEY), EdgeVectors(tmp_path / "p", 64)
    for store in (there, here):
        store.upsert(points)
        store.delete(points.ids[:300])
    for i in range(300, 330):
        row = slice(points.offsets[i], points.offsets[i + 1])
        query = VectorQuery(
            Where("r1", folders=("pkg1/", "pkg2/")),
            10,
            points.dense[i].astype(np.float32),
            points.indices[row],
            points.values[row],
        )
        theirs, ours = there.search(query), here.search(query)
        for a, b in ((theirs.by_meaning, ours.by_meaning), (theirs.by_words, ours.by_words)):
            assert [score for _, score in a] == pytest.approx([score for _, score in b], rel=1e-3)
    there.close()
    here.close()


def test_a_server_indexes_the_fields_that_filters_use(collection: str) -> None:
    ServerVectors(URL, collection, DIMENSIONS, api_key=KEY).count("shop")
    schema = with_client().get_collection(collection).payload_schema
    assert set(schema) == {"repo", "path", "language", "kind"}
    assert isinstance(schema["repo"].params, models.KeywordIndexParams)
    assert schema["repo"].params.is_tenant is True
