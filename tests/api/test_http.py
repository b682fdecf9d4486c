"""The routes of the contract, over a real index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import schemas
from indexer.errors import NotFound

from .make import SHOP, eventually


def settled(client: TestClient, job: str) -> dict[str, Any]:
    """A job that has ended."""

    def ended() -> dict[str, Any] | None:
        document: dict[str, Any] = client.get(f"/v1/jobs/{job}").json()
        return document if document["status"] in ("done", "failed", "cancelled") else None

    found: dict[str, Any] = eventually(ended)
    return found


# Repositories


def test_a_registered_folder_is_indexed_and_found(client: TestClient, shop: Path) -> None:
    answer = client.post("/v1/repos", json={"path": str(shop)})

    assert answer.status_code == 201
    assert settled(client, answer.json()["job"])["report"]["files"] == len(SHOP)
    hit = client.post("/v1/search", json={"query": "retry_with_backoff"}).json()["hits"][0]
    assert (hit["repo"], hit["path"], hit["symbol"]) == ("shop", "shop/retry.py", "retry_with_backoff")


def test_registering_twice_is_the_same_repository(client: TestClient, shop: Path) -> None:
    first = client.post("/v1/repos", json={"path": str(shop)})
    second = client.post("/v1/repos", json={"path": str(shop)})

    assert (first.status_code, second.status_code) == (201, 200)
    assert len(client.get("/v1/repos").json()["repos"]) == 1


def test_a_removed_repository_is_gone_and_its_files_stay(client: TestClient, shop: Path) -> None:
    settled(client, client.post("/v1/repos", json={"path": str(shop)}).json()["job"])

    assert client.delete("/v1/repos/shop").status_code == 204
    assert client.get("/v1/repos/shop").status_code == 404
    assert client.get("/v1/repos").json() == {"repos": []}
    assert (shop / "shop" / "retry.py").exists()


def test_a_repository_tells_its_counts(shared: TestClient) -> None:
    repo = shared.get("/v1/repos/shop").json()

    assert schemas.RepoDetails.model_validate(repo)
    assert repo["files"] == len(SHOP)
    assert repo["complete"]


def test_a_sync_is_a_job(shared: TestClient) -> None:
    answer = shared.post("/v1/repos/shop/sync")

    assert answer.status_code == 202
    job = settled(shared, answer.json()["id"])
    assert schemas.Job.model_validate(job)
    assert (job["status"], job["report"]["changed"]) == ("done", 0)


def test_a_job_that_has_ended_cannot_be_cancelled(shared: TestClient) -> None:
    job = shared.post("/v1/repos/shop/sync").json()["id"]
    settled(shared, job)

    answer = shared.post(f"/v1/jobs/{job}/cancel")
    assert answer.status_code == 422
    assert "ended already" in answer.json()["detail"]


def test_the_events_of_a_job_can_be_read_from_any_point(shared: TestClient) -> None:
    job = shared.post("/v1/repos/shop/sync").json()["id"]
    settled(shared, job)

    whole = shared.get(f"/v1/jobs/{job}/events")
    rest = shared.get(f"/v1/jobs/{job}/events", headers={"Last-Event-ID": "1"})
    assert whole.headers["content-type"].startswith("text/event-stream")
    assert whole.text.startswith("id: 1\nevent: running\n")
    assert "event: done\n" in rest.text
    assert whole.text.endswith(rest.text)
    assert "id: 1\n" not in rest.text


def test_an_event_id_of_somebody_else_is_refused(shared: TestClient) -> None:
    job = shared.post("/v1/repos/shop/sync").json()["id"]

    answer = shared.get(f"/v1/jobs/{job}/events", headers={"Last-Event-ID": "abc"})
    assert answer.status_code == 422


# Answers


def test_a_search_answers_as_promised(shared: TestClient) -> None:
    answer = shared.post(
        "/v1/search", json={"query": "where do we retry failed payments?", "limit": 3}
    ).json()

    assert schemas.SearchAnswer.model_validate(answer)
    assert set(answer) == set(schemas.SearchAnswer.model_fields)
    assert set(answer["hits"][0]) == set(schemas.Hit.model_fields)
    assert len(answer["hits"]) == 3
    assert all(hit["reasons"] for hit in answer["hits"])
    assert answer["index"]["generation"] >= 1


def test_filters_narrow_what_may_answer(shared: TestClient) -> None:
    def paths(**filters: list[str]) -> set[str]:
        hits = shared.post("/v1/search", json={"query": "retry", "filters": filters}).json()["hits"]
        return {hit["path"] for hit in hits}

    assert paths(paths=["tests"]) == {"tests/test_retry.py"}
    assert paths(kinds=["docs"]) <= {"README.md", "shop/page.html"}
    assert paths(languages=["python"]) <= {path for path in SHOP if path.endswith(".py")}


def test_several_repositories_answer_together(client: TestClient, shop: Path, copy_of_shop: Path) -> None:
    for root in (shop, copy_of_shop):
        settled(client, client.post("/v1/repos", json={"path": str(root)}).json()["job"])

    answer = client.post("/v1/search", json={"query": "retry_with_backoff"}).json()
    assert {hit["repo"] for hit in answer["hits"]} == {"shop", "copy"}
    assert answer["index"] is None
    assert {index["repo"] for index in answer["indexes"]} == {"shop", "copy"}


def test_a_search_waits_for_what_was_just_saved(client: TestClient, shop: Path) -> None:
    settled(client, client.post("/v1/repos", json={"path": str(shop)}).json()["job"])
    generation = client.get("/v1/repos/shop").json()["generation"]
    (shop / "shop" / "refund.py").write_text("def refund_everything():\n    return 0\n")

    asked = {"query": "refund_everything", "repos": ["shop"]}
    wait = {"generation": generation + 1, "timeout": 20}
    answer = client.post("/v1/search", json={**asked, "wait_for": wait}).json()
    assert answer["hits"][0]["path"] == "shop/refund.py"
    assert answer["index"]["generation"] == generation + 1


def test_waiting_ends_with_what_there_is(shared: TestClient) -> None:
    asked = {"query": "retry", "repos": ["shop"], "wait_for": {"generation": 10**6, "timeout": 0.1}}
    answer = shared.post("/v1/search", json=asked)

    assert answer.status_code == 200
    assert answer.json()["index"]["generation"] < 10**6


def test_waiting_needs_one_repository(shared: TestClient) -> None:
    answer = shared.post("/v1/search", json={"query": "retry", "wait_for": {"generation": 1}})

    assert (answer.status_code, "exactly one" in answer.json()["detail"]) == (422, True)


def test_a_context_keeps_its_budget(shared: TestClient) -> None:
    asked = {"task": "add a payment retry mechanism", "repo": "shop", "budget": 1000}
    answer = shared.post("/v1/context", json=asked).json()

    assert schemas.ContextAnswer.model_validate(answer)
    assert set(answer) == set(schemas.ContextAnswer.model_fields)
    assert "retry_with_backoff" in answer["text"]
    assert answer["tokens"] <= 1000


def test_a_context_may_come_with_a_map(shared: TestClient) -> None:
    asked = {"task": "add a retry to refunds", "repo": "shop", "budget": 3000}
    plain = shared.post("/v1/context", json=asked).json()
    mapped = shared.post("/v1/context", json={**asked, "map": True}).json()
    assert "# Map" not in plain["text"]
    assert "# Map" in mapped["text"]
    assert mapped["tokens"] <= 3000


def test_a_second_context_does_not_repeat_what_the_first_showed(shared: TestClient) -> None:
    asked = {"task": "add a payment retry mechanism", "repo": "shop", "budget": 1000}
    first = shared.post("/v1/context", json=asked).json()
    known = [item["id"] for item in first["items"]]
    second = shared.post("/v1/context", json={**asked, "known": known, "tokenizer": "estimate"}).json()
    stale = shared.post("/v1/context", json={**asked, "known": ["shop/retry.py:1-2@00000000"]}).json()
    bad = shared.post("/v1/context", json={**asked, "known": ["retry"]})

    assert "def retry_with_backoff" in first["text"]
    assert "def retry_with_backoff" not in second["text"]
    assert stale["stale"] == ["shop/retry.py:1-2@00000000"]
    assert (bad.status_code, bad.json()["type"]) == (422, "urn:cairn:bad-input")


def test_a_server_open_to_others_reads_no_tokenizer_that_a_request_names(
    shared: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"task": "retry", "repo": "shop", "tokenizer": "hf:/etc/hostname"}
    here = shared.post("/v1/context", json=asked)
    service = shared.app.state.house.service
    monkeypatch.setattr(service, "settings", service.settings.with_options(host="0.0.0.0"))
    elsewhere = shared.post("/v1/context", json=asked)

    assert here.status_code == 422
    assert elsewhere.status_code == 403
    assert "CAIRN_TOKENIZER" in elsewhere.json()["detail"]


def test_symbols_callers_and_callees(shared: TestClient) -> None:
    base = "/v1/repos/shop"
    symbols = shared.get(f"{base}/symbols?name=retry_with_backoff").json()
    callers = shared.get(f"{base}/callers?name=retry_with_backoff").json()
    callees = shared.get(f"{base}/callees?name=retry_with_backoff").json()

    assert schemas.Symbols.model_validate(symbols)
    assert schemas.Callers.model_validate(callers)
    assert schemas.Callees.model_validate(callees)
    symbol = symbols["symbols"][0]
    assert (symbol["path"], symbol["kind"]) == ("shop/retry.py", "function")
    assert {caller["path"] for caller in callers["callers"]} == {"shop/client.py", "tests/test_retry.py"}
    assert [callee["symbol"] for callee in callees["callees"]] == ["pause"]
    assert shared.get(f"{base}/symbols/{symbol['id']}").json() == symbol


def test_tests_and_hierarchy(shared: TestClient) -> None:
    base = "/v1/repos/shop"
    tests = shared.get(f"{base}/tests?name=retry_with_backoff").json()
    hierarchy = shared.get(f"{base}/hierarchy?name=PaymentClient").json()

    assert schemas.Tests.model_validate(tests)
    assert schemas.Hierarchies.model_validate(hierarchy)
    assert [(test["path"], test["resolved"], test["via"]) for test in tests["tests"]] == [
        ("tests/test_retry.py", True, None)
    ]
    (found,) = hierarchy["hierarchy"]
    assert (found["of"]["path"], found["of"]["symbol"]) == ("shop/client.py", "PaymentClient")
    assert found["ancestors"] == found["descendants"] == []


def test_a_file_and_its_outline(shared: TestClient) -> None:
    text = shared.get("/v1/repos/shop/files/shop/retry.py").json()["text"]
    outline = shared.get("/v1/repos/shop/outline?path=shop/retry.py").json()["text"]

    assert text == SHOP["shop/retry.py"]
    assert "retry_with_backoff" in outline
    assert "operation()" not in outline


def test_a_map_answers_as_promised(shared: TestClient) -> None:
    asked = {"budget": 300, "focus": ["shop/retry.py", "PaymentClient"], "path": "shop"}
    answer = shared.get("/v1/repos/shop/map", params=asked).json()

    assert schemas.MapAnswer.model_validate(answer)
    assert set(answer) == set(schemas.MapAnswer.model_fields)
    assert answer["tokens"] <= answer["budget"] == 300
    assert {file["path"] for file in answer["files"]} >= {"shop/retry.py", "shop/client.py"}
    assert all(file["path"].startswith("shop/") for file in answer["files"])
    assert answer["index"]["generation"] >= 1


def test_conventions_come_with_evidence(shared: TestClient) -> None:
    answer = shared.get("/v1/repos/shop/conventions")

    assert answer.status_code == 200
    assert schemas.Conventions.model_validate(answer.json())


# What is refused


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "query"),
        ({"query": ""}, "query"),
        ({"query": "a\0b"}, "query"),
        ({"query": "x" * 100_001}, "query"),
        ({"query": 5}, "query"),
        ({"query": "\ud800"}, "query"),
        ({"query": "a", "limit": 0}, "limit"),
        ({"query": "a", "limit": 101}, "limit"),
        ({"query": "a", "limit": "10"}, "limit"),
        ({"query": "a", "limit": 2.5}, "limit"),
        ({"query": "a", "limit": True}, "limit"),
        ({"query": "a", "top": 5}, "top"),
        ({"query": "a", "filters": {"path": ["x"]}}, "filters.path"),
        ({"query": "a", "filters": {"paths": ["../x"]}}, "filters.paths.0"),
        ({"query": "a", "filters": {"paths": ["/etc"]}}, "filters.paths.0"),
        ({"query": "a", "filters": {"kinds": ["tests"]}}, "filters.kinds.0"),
        ({"query": "a", "repos": ["r"] * 51}, "repos"),
        ({"query": "a", "wait_for": 5}, "wait_for"),
        ({"query": "a", "wait_for": {"generation": 1, "timeout": 31}}, "wait_for.timeout"),
        ({"query": "a", "wait_for": {"generation": -1}}, "wait_for.generation"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused_by_field(
    shared: TestClient, body: dict[str, Any], field: str
) -> None:
    import json

    answer = shared.post("/v1/search", content=json.dumps(body), headers={"content-type": "application/json"})

    problem = answer.json()
    assert answer.status_code == 422, problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "urn:cairn:bad-input"
    assert [error["field"] for error in problem["errors"]] == [field]


@pytest.mark.parametrize("content", [b"{", b"[]", b"null", b"\xff\xfe", b'{"query": NaN}', b"[" * 20_000])
def test_a_body_that_is_no_object_is_a_problem_and_no_crash(shared: TestClient, content: bytes) -> None:
    answer = shared.post("/v1/search", content=content, headers={"content-type": "application/json"})

    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "route",
    [
        "/v1/repos/nowhere",
        "/v1/repos/nowhere/symbols?name=x",
        "/v1/repos/shop/symbols/999999",
        "/v1/repos/shop/callers?name=nothing_of_the_sort",
        "/v1/repos/shop/files/missing.py",
        "/v1/repos/shop/files/../../etc/passwd",
        "/v1/repos/shop/files/%2e%2e/%2e%2e/etc/passwd",
        "/v1/repos/shop/files//etc/passwd",
        "/v1/repos/shop/outline?path=/etc/passwd",
        "/v1/repos/shop/map?path=nowhere",
        "/v1/jobs/none",
        "/v1/tasks/none",
        "/v1/nothing",
    ],
)
def test_what_is_not_there_is_a_404_that_says_so(shared: TestClient, route: str) -> None:
    answer = shared.get(route)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    "route",
    [
        "/v1/repos/shop/symbols",
        "/v1/repos/shop/symbols?name=",
        "/v1/repos/shop/symbols?name=%00",
        "/v1/repos/shop/symbols?name=x&limit=0",
        "/v1/repos/shop/symbols/abc",
        "/v1/repos/shop/map?budget=5",
        "/v1/repos/shop/map?focus=a%00b",
        "/v1/repos/shop/symbols/99999999999999999999999",
        "/v1/repos/shop/files/a%00b",
        "/v1/repos/shop/callers?name=" + "x" * 501,
    ],
)
def test_an_address_that_makes_no_sense_is_refused(shared: TestClient, route: str) -> None:
    answer = shared.get(route)

    assert answer.status_code == 422, answer.text
    assert answer.json()["type"] == "urn:cairn:bad-input"


@pytest.mark.parametrize("path", ["relative/path", "", "/a\0b", "/" + "x" * 5000])
def test_a_folder_that_makes_no_sense_is_refused(shared: TestClient, path: str) -> None:
    assert shared.post("/v1/repos", json={"path": path}).status_code == 422


def test_a_method_that_does_not_fit_says_which_do(shared: TestClient) -> None:
    answer = shared.put("/v1/repos")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, POST"
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_search_of_nothing_says_what_to_do(client: TestClient) -> None:
    answer = client.post("/v1/search", json={"query": "retry"})

    assert answer.status_code == 422
    assert "cairn index" in answer.json()["detail"]


# Operation


def test_ready_means_that_the_stores_answer(shared: TestClient) -> None:
    assert eventually(lambda: shared.get("/ready").json() == {"status": "ready", "repos": 1, "watching": 1})


def test_metrics_count_what_happened(client: TestClient, shop: Path) -> None:
    settled(client, client.post("/v1/repos", json={"path": str(shop)}).json()["job"])
    client.post("/v1/search", json={"query": "retry"})
    client.get("/nowhere")

    text = client.get("/metrics").text
    assert "cairn_search_seconds_count 1\n" in text
    assert 'cairn_http_answers_total{status="404"} 1\n' in text
    assert 'cairn_repo_generation{repo="shop"} 1\n' in text
    assert 'cairn_repo_complete{repo="shop"} 1\n' in text


def test_every_route_is_described(shared: TestClient) -> None:
    paths = shared.get("/openapi.json").json()["paths"]

    assert {"/v1/search", "/v1/context", "/v1/repos/{name}/sync", "/v1/tasks/{run_id}/events"} <= set(paths)
    for path, methods in paths.items():
        for method, operation in methods.items():
            errors = operation["responses"]["4XX"]["content"]
            assert list(errors) == ["application/problem+json"], (path, method)


def test_every_body_refuses_a_field_that_nobody_knows(shared: TestClient) -> None:
    document = shared.get("/openapi.json").json()
    bodies = {
        schema.get("$ref", "").rpartition("/")[2]
        for path in document["paths"].values()
        for operation in path.values()
        for schema in _alternatives(operation)
    } - {""}
    closed = {
        name
        for name, schema in document["components"]["schemas"].items()
        if schema.get("additionalProperties") is False
    }
    assert "SearchRequest" in bodies
    assert bodies <= closed


def _alternatives(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """The schemas of what may be sent to a route."""
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    return [schema, *schema.get("anyOf", ())]


def test_problems_say_what_happened_to_what_and_what_to_do(shared: TestClient) -> None:
    problem = shared.get("/v1/repos/nowhere").json()

    assert problem["type"] == "urn:cairn:not-found"
    assert problem["status"] == 404
    assert "nowhere" in problem["detail"]
    assert "cairn index" in problem["detail"]


def test_a_mistake_of_ours_is_a_problem_without_its_inside(
    shared: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str) -> None:
        raise RuntimeError("the inside: /home/me/secret")

    careful = TestClient(shared.app, "http://127.0.0.1:8000", raise_server_exceptions=False)
    monkeypatch.setattr(shared.app.state.house, "repo", broken)
    answer = careful.get("/v1/repos/shop")
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:cairn:bug"
    assert "secret" not in answer.text


def test_each_error_of_the_tree_has_a_place_in_the_table() -> None:
    from api.problems import PROBLEMS, problem_of
    from indexer import errors

    tree = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    assert all(kind in PROBLEMS for kind in tree if issubclass(kind, errors.CairnError))
    assert len({problem.type for problem in PROBLEMS.values()}) == len(PROBLEMS)

    class Special(NotFound): ...

    assert problem_of(Special()).status == 404


def test_every_route_has_a_line_in_the_docs(shared: TestClient) -> None:
    page = (Path(__file__).parents[2] / "docs" / "http.md").read_text()

    paths = shared.get("/openapi.json").json()["paths"]
    missing = [
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method in methods
        if f"`{method.upper()} {path}" not in page
    ]
    assert not missing


def test_every_problem_has_a_line_in_the_docs() -> None:
    from api.problems import PROBLEMS

    page = (Path(__file__).parents[2] / "docs" / "http.md").read_text()
    assert all(f"`{problem.type}`" in page for problem in PROBLEMS.values() if problem.type != "cancelled")
