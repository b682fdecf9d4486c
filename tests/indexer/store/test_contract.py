"""The stand-in for a Qdrant server refuses what Qdrant's own interface does not know."""

from __future__ import annotations

import copy
from typing import Any

import httpx
import pytest
from qdrant_client import QdrantClient, models

from indexer.store import Vectors
from indexer.store.server import ServerVectors

from ...contract.qdrant import Contract, ContractBroken, StrictTransport
from ...contract.qdrant_double import QdrantDouble
from .make import DIMENSIONS, make_points, words

ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff"
SPARSE = {"indices": [1, 2], "values": [1.0, 0.5]}
POINT = {"id": ID, "vector": {"dense": [0.1], "sparse": SPARSE}, "payload": {"repo": "shop", "start_line": 3}}
FILTER = {"must": [{"key": "repo", "match": {"value": "shop"}}]}
QUERY = {"searches": [{"query": {"nearest": SPARSE}, "using": "sparse", "filter": FILTER, "limit": 5}]}
COLLECTION = {
    "vectors": {"dense": {"size": 8, "distance": "Dot", "datatype": "float16"}},
    "sparse_vectors": {"sparse": {"modifier": "idf"}},
    "hnsw_config": {"m": 0, "payload_m": 16},
}

GOOD = [
    ("PUT", "/collections/c", {}, COLLECTION),
    ("GET", "/collections/c", {}, None),
    ("PUT", "/collections/c/points", {"wait": "true"}, {"points": [POINT]}),
    ("POST", "/collections/c/points/query/batch", {}, QUERY),
    ("POST", "/collections/c/points/delete", {"wait": "true"}, {"filter": FILTER}),
    ("POST", "/collections/c/points/delete", {}, {"points": [ID, 7]}),
]


@pytest.mark.parametrize(("method", "path", "query", "body"), GOOD)
def test_what_qdrant_knows_passes(
    contract: Contract, method: str, path: str, query: dict[str, str], body: Any
) -> None:
    _, parameters = contract.check(method, path, query, body)
    assert parameters == {"collection_name": "c"}


@pytest.mark.parametrize(
    ("request_number", "place", "value"),
    [
        (0, ["vectors", "dense", "size"], "8"),
        (0, ["vectors", "dense", "size"], -8),
        (0, ["vectors", "dense", "size"], 8.5),
        (0, ["vectors", "dense", "distance"], "dot"),
        (0, ["vectors", "dense", "colour"], "red"),
        (0, ["sparse_vectors", "sparse", "modifier"], "bm25"),
        (0, ["hnsw_config", "payload_m"], "16"),
        (0, ["quantisation"], {}),
        (2, ["points", 0, "id"], None),
        (2, ["points", 0, "vector", "sparse", "values"], None),
        (2, ["points", 0, "vector", "sparse", "value"], [1.0]),
        (2, ["points", 0, "vector", "dense"], ["0.1"]),
        (2, ["points", 0, "payload"], "text"),
        (2, ["points", 0, "score"], 1.0),
        (2, ["points"], {}),
        (3, ["searches", 0, "limit"], "5"),
        (3, ["searches", 0, "limit"], -1),
        (3, ["searches", 0, "top"], 5),
        (3, ["searches", 0, "query"], {"text": "retry"}),
        (3, ["searches", 0, "filter", "must", 0, "match"], {"starts_with": "src/"}),
        (3, ["searches", 0, "params"], {"idf": {"corpus": "shop"}}),
        (4, ["filter", "must", 0, "key"], 5),
        (4, ["where"], FILTER),
        (5, ["points", 0], {"id": ID}),
    ],
)
def test_a_wrong_field_at_any_depth_is_refused(
    contract: Contract, request_number: int, place: list[Any], value: Any
) -> None:
    method, path, query, body = copy.deepcopy(GOOD[request_number])
    holder: Any = body
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    with pytest.raises(ContractBroken, match="the body of"):
        contract.check(method, path, query, body)


@pytest.mark.parametrize("missing", ["points"])
def test_a_missing_field_is_refused(contract: Contract, missing: str) -> None:
    with pytest.raises(ContractBroken, match="the body of upsert_points"):
        contract.check("PUT", "/collections/c/points", {}, {"shard_key": None})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/collections/c/points/find"),
        ("PATCH", "/collections/c/points"),
        ("GET", "/collection/c"),
        ("PUT", "/collections/c/points/"),
    ],
)
def test_a_wrong_path_or_method_is_refused(contract: Contract, method: str, path: str) -> None:
    with pytest.raises(ContractBroken, match="no operation of Qdrant"):
        contract.check(method, path, {}, None)


@pytest.mark.parametrize("query", [{"async": "true"}, {"wait": "maybe"}, {"timeout": "soon"}])
def test_a_wrong_query_parameter_is_refused(contract: Contract, query: dict[str, str]) -> None:
    with pytest.raises(ContractBroken, match="query parameter"):
        contract.check("PUT", "/collections/c/points", query, {"points": []})


def test_a_body_where_none_belongs_is_refused(contract: Contract) -> None:
    with pytest.raises(ContractBroken, match="has to be empty"):
        contract.check("GET", "/collections/c", {}, {"verbose": True})


def test_a_result_that_qdrant_would_not_give_is_refused(contract: Contract) -> None:
    def invent(*request: object) -> tuple[int, object]:
        return 200, {"amount": 3}

    with pytest.raises(ContractBroken, match="the result of count_points"):
        StrictTransport(contract, invent).handle_request(
            httpx.Request("POST", "http://qdrant/collections/c/points/count", json={"exact": True})
        )


def test_qdrants_own_client_is_held_to_it_too(contract: Contract) -> None:
    transport = StrictTransport(contract, QdrantDouble())
    client = QdrantClient(url="http://qdrant", transport=transport, check_compatibility=False)
    client.create_collection("c", vectors_config=models.VectorParams(size=2, distance=models.Distance.DOT))
    newer = models.TextIndexParams(type=models.TextIndexType.TEXT, tokenizer=models.TokenizerType.CODE)
    with pytest.raises(ContractBroken, match="the body of create_field_index"):
        client.create_payload_index("c", "text", field_schema=newer)
    assert transport.seen == ["create_collection"]
    client.close()


def test_every_operation_the_store_uses_was_held_against_the_contract(contract: Contract) -> None:
    transport = StrictTransport(contract, QdrantDouble())
    vectors: Vectors = ServerVectors("http://qdrant:6333", "points", DIMENSIONS, transport=transport)
    points = make_points("shop", {"a.py": (1,)})
    vectors.upsert(points)
    vectors.search(words("shop", 1))
    vectors.dense(points.ids)
    list(vectors.ids("shop"))
    vectors.count("shop")
    vectors.delete(points.ids)
    vectors.delete_repo("shop")
    vectors.flush()
    vectors.close()
    assert set(transport.seen) == {
        "get_collection",
        "create_collection",
        "create_field_index",
        "upsert_points",
        "query_batch_points",
        "get_points",
        "scroll_points",
        "count_points",
        "delete_points",
    }
