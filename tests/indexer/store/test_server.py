"""A Qdrant server that is away, refuses, or holds something else is never taken for an empty index."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import numpy as np
import pytest

from indexer.errors import BadInput, IndexDamaged, StoreUnreachable
from indexer.store import Points, server
from indexer.store.server import ServerVectors

from ...contract.qdrant import Contract, StrictTransport
from ...contract.qdrant_double import QdrantDouble
from .make import DIMENSIONS, make_points

KEY = "key-that-nobody-may-read"
Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "_PAUSES", (0.0, 0.0))


def vectors_at(transport: httpx.BaseTransport, url: str = "https://qdrant.example:6333") -> ServerVectors:
    return ServerVectors(url, "points", DIMENSIONS, api_key=KEY, transport=transport)


def refuse(status: int, said: str) -> Answer:
    return lambda request: httpx.Response(status, json={"status": {"error": said}, "time": 0.0})


class Counting(httpx.BaseTransport):
    """Gives each request to the next of `answers`, the last one for good."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = answers
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
        self.requests.append(request)
        return answer(request)


def fail(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError(f"refused with {request.headers['api-key']}", request=request)


@pytest.mark.parametrize(
    "answer", [fail, refuse(503, "starting"), refuse(500, f"panic {KEY}"), refuse(429, "slow down")]
)
def test_an_unreachable_server_is_named_after_three_tries_without_the_key(answer: Answer) -> None:
    transport = Counting(answer)
    with pytest.raises(StoreUnreachable, match=r"https://qdrant\.example:6333 does not answer") as caught:
        vectors_at(transport).count("shop")
    assert len(transport.requests) == 3
    assert KEY not in str(caught.value)


def test_a_server_that_comes_back_is_asked_again(contract: Contract) -> None:
    double = StrictTransport(contract, QdrantDouble())
    transport = Counting(fail, refuse(503, "starting"), double.handle_request)
    assert vectors_at(transport).count("shop") == 0


def test_a_server_that_was_away_at_first_is_prepared_later(contract: Contract) -> None:
    double = StrictTransport(contract, QdrantDouble())
    vectors = vectors_at(Counting(fail, fail, fail, double.handle_request))
    with pytest.raises(StoreUnreachable):
        vectors.count("shop")
    vectors.upsert(make_points("shop", {"a.py": (1,)}))
    assert vectors.count("shop") == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_asked_for_once_and_not_shown(status: int) -> None:
    transport = Counting(refuse(status, f"Invalid API key {KEY}"))
    with pytest.raises(StoreUnreachable, match="refused the API key") as caught:
        vectors_at(transport).count("shop")
    assert len(transport.requests) == 1
    assert KEY not in str(caught.value)


def test_a_request_that_is_refused_is_bad_input() -> None:
    with pytest.raises(BadInput, match="limit must be positive"):
        vectors_at(Counting(refuse(400, "limit must be positive"))).count("shop")


def test_the_key_and_tls_reach_the_server(contract: Contract) -> None:
    double = StrictTransport(contract, QdrantDouble())
    transport = Counting(double.handle_request)
    vectors_at(transport).count("shop")
    assert {request.headers["api-key"] for request in transport.requests} == {KEY}
    assert {(request.url.scheme, request.url.port) for request in transport.requests} == {("https", 6333)}


def test_a_password_in_the_address_is_not_shown() -> None:
    vectors = vectors_at(Counting(fail), "https://me:secret@qdrant.example:6333")
    with pytest.raises(StoreUnreachable) as caught:
        vectors.count("shop")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["qdrant:6333", "ftp://qdrant", "http://", "/var/qdrant"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(BadInput, match="no address of a Qdrant server"):
        ServerVectors(url, "points", DIMENSIONS)


def test_a_key_that_no_header_can_carry_is_refused_unseen() -> None:
    with pytest.raises(BadInput, match="no header can carry") as caught:
        ServerVectors("https://qdrant", "points", DIMENSIONS, api_key="secret\n")
    assert "secret" not in str(caught.value)


def test_a_collection_of_another_size_is_left_alone(contract: Contract) -> None:
    double = StrictTransport(contract, QdrantDouble())
    vectors_at(double).upsert(make_points("shop", {"a.py": (1,)}))
    other = ServerVectors("http://qdrant", "points", DIMENSIONS + 1, transport=double)
    with pytest.raises(IndexDamaged, match=r"holds vectors of 8 numbers.*makes 9"):
        other.count("shop")
    assert vectors_at(double).count("shop") == 1


def test_somebody_elses_collection_is_left_alone(contract: Contract) -> None:
    double = QdrantDouble()
    strict = StrictTransport(contract, double)
    strict.handle_request(
        httpx.Request(
            "PUT", "http://qdrant/collections/points", json={"vectors": {"size": 4, "distance": "Cosine"}}
        )
    )
    with pytest.raises(IndexDamaged, match="not made by this program"):
        vectors_at(strict).upsert(make_points("shop", {"a.py": (1,)}))


def test_a_collection_that_vanishes_is_damage_not_an_empty_index(contract: Contract) -> None:
    double = QdrantDouble()
    vectors = vectors_at(StrictTransport(contract, double))
    vectors.upsert(make_points("shop", {"a.py": (1,)}))
    double.memory.delete_collection("points")
    with pytest.raises(IndexDamaged, match=r"vanished.*index the repositories again"):
        vectors.count("shop")


def test_a_collection_goes_when_nobody_elses_points_are_left_in_it(contract: Contract) -> None:
    double = QdrantDouble()
    vectors = vectors_at(StrictTransport(contract, double))
    vectors.upsert(make_points("shop", {"a.py": (1,)}))
    vectors.upsert(make_points("theirs", {"a.py": (1,)}))

    vectors.drop(["shop"])
    assert (vectors.count("shop"), vectors.count("theirs")) == (0, 1)
    vectors.drop(["theirs", "never there"])
    assert not double.memory.collection_exists("points")
    vectors.drop(["shop"])  # a removal that was cut short is done again
    assert not double.memory.collection_exists("points")


def test_the_alias_moves_to_the_collection_that_answers(contract: Contract) -> None:
    double = QdrantDouble()
    transport = StrictTransport(contract, double)
    for name in ("before", "after"):
        vectors = ServerVectors("https://qdrant.example", name, DIMENSIONS, transport=transport)
        vectors.count("shop")
        vectors.point_here()
        vectors.point_here()

        assert double.memory.get_collection_aliases(name).aliases[0].alias_name == server.ALIAS
    assert double.memory.get_collection_aliases("before").aliases == []


def test_two_callers_may_make_the_collection_at_once(contract: Contract) -> None:
    double = QdrantDouble()
    late = vectors_at(StrictTransport(contract, double))

    def beaten(
        operation: str, parameters: dict[str, str], body: Any, query: Mapping[str, str]
    ) -> tuple[int, Any]:
        if operation == "create_collection":
            late.count("shop")  # makes it first
        return double(operation, parameters, body, query)

    early = vectors_at(StrictTransport(contract, beaten))
    early.upsert(make_points("shop", {"a.py": (1,)}))
    assert (early.count("shop"), late.count("shop")) == (1, 1)


def test_the_fields_that_filters_use_are_indexed_once(contract: Contract) -> None:
    transport = StrictTransport(contract, QdrantDouble())
    for _ in range(2):
        vectors_at(transport).count("shop")
    assert transport.seen.count("create_field_index") == 4


def test_a_payload_may_hold_more_for_other_readers(contract: Contract) -> None:
    double = QdrantDouble()
    points = make_points("shop", {"a.py": (1,)})
    more = [{**payload, "text": "def a(): ...", "start_line": 3} for payload in points.payloads]
    fields = {name: getattr(points, name) for name in Points.__slots__}
    vectors_at(StrictTransport(contract, double)).upsert(Points(**{**fields, "payloads": more}))
    record = double.memory.retrieve("points", points.ids, with_vectors=True)[0]
    assert record.payload == more[0]
    assert isinstance(record.vector, dict)
    assert np.array_equal(np.array(record.vector["dense"], np.float16), points.dense[0])
