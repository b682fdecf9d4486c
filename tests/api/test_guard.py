"""Who may ask: the right host, no other site's page, the right key, a body of decent size."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.guard import MAX_BODY, accepted_hosts
from api.house import House
from api.http import create_app
from api.settings import Settings

ROUTES = ["/", "/health", "/web/app.js", "/v1/repos", "/metrics", "/openapi.json", "/nowhere"]


@pytest.fixture(scope="module")
def locked(shared: TestClient) -> TestClient:
    """The same house behind a key. Its own lifespan does not run, so nothing is started twice."""
    return TestClient(create_app(shared.app.state.house, ("s3cret", "t0ken")), "http://127.0.0.1:8000")


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", ""])
def test_a_rebound_name_gets_nothing_from_any_route(shared: TestClient, route: str, host: str) -> None:
    answer = shared.get(route, headers={"host": host})

    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert "CAIRN_HOSTS" in answer.json()["detail"]


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:9", "[::1]:8000", "LOCALHOST"])
def test_this_machine_is_served_by_each_of_its_names(shared: TestClient, host: str) -> None:
    assert shared.get("/health", headers={"host": host}).status_code == 200


def test_two_hosts_are_no_host(shared: TestClient) -> None:
    headers = [("host", "127.0.0.1:8000"), ("host", "evil.example")]

    assert shared.get("/health", headers=headers).status_code == 403


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:3000", "http://127.0.0.1:8000.evil.example"]
)
def test_a_page_of_another_site_gets_nothing_from_any_route(
    shared: TestClient, route: str, origin: str
) -> None:
    for method in ("GET", "POST", "DELETE", "OPTIONS"):
        answer = shared.request(method, route, headers={"origin": origin})
        assert answer.status_code == 403, (method, answer.text)
        assert "access-control-allow-origin" not in answer.headers


def test_our_own_page_may_ask(shared: TestClient) -> None:
    headers = {"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}

    assert shared.post("/v1/search", json={"query": "retry"}, headers=headers).status_code == 200


def test_a_link_on_another_site_opens_the_page_and_nothing_else(shared: TestClient) -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}

    assert shared.get("/", headers=headers).status_code == 200
    assert shared.get("/v1/repos", headers=headers).status_code == 403


@pytest.mark.parametrize("route", ["/v1/repos", "/metrics", "/openapi.json", "/nowhere"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"authorization": "Bearer wrong"}, {"authorization": "Basic s3cret"}, {"x-api-key": ""}],
)
def test_without_the_key_nothing_is_told(locked: TestClient, route: str, headers: dict[str, str]) -> None:
    answer = locked.get(route, headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "headers",
    [{"authorization": "Bearer s3cret"}, {"authorization": "bearer t0ken"}, {"x-api-key": "s3cret"}],
)
def test_with_the_key_everything_is(locked: TestClient, headers: dict[str, str]) -> None:
    assert locked.get("/v1/repos", headers=headers).status_code == 200


@pytest.mark.parametrize("route", ["/", "/web/style.css", "/health"])
def test_the_page_and_the_pulse_need_no_key(locked: TestClient, route: str) -> None:
    assert locked.get(route).status_code == 200


def test_a_body_that_is_too_large_is_refused_however_it_comes(shared: TestClient) -> None:
    def in_pieces() -> Iterator[bytes]:  # comes without a Content-Length
        for _ in range(MAX_BODY // 65536 + 1):
            yield b" " * 65536

    for body in (b"x" * (MAX_BODY + 1), in_pieces()):
        answer = shared.post("/v1/search", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 413


def test_answers_are_for_the_asker_alone(shared: TestClient) -> None:
    headers = shared.get("/v1/repos").headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_a_chosen_address_is_a_name_of_the_server_and_a_wildcard_is_not(house: House) -> None:
    data = house.service.settings.data

    assert "10.0.0.5" in accepted_hosts(Settings(data=data, host="10.0.0.5"))
    assert accepted_hosts(Settings(data=data, host="0.0.0.0")) == {"127.0.0.1", "localhost", "::1"}
    assert "cairn.example" in accepted_hosts(Settings(data=data, hosts=("cairn.example",)))
