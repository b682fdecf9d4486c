"""The stand-in must refuse what the real API refuses, or what passes here proves nothing."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.agent.endpoint import Call, Endpoint, Rules, Said, serve

USER = {"role": "user", "content": "x"}
PARAMETERS = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}


def tool(name: str = "read_file", parameters: Any = PARAMETERS, **more: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": parameters, **more}}


def calling(*ids: str, arguments: Any = "{}", name: str = "f") -> dict[str, Any]:
    calls = [{"id": i, "type": "function", "function": {"name": name, "arguments": arguments}} for i in ids]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def result(call: str) -> dict[str, Any]:
    return {"role": "tool", "tool_call_id": call, "content": "ok"}


def ask(endpoint: Endpoint, body: Any, key: str = "key", kind: str = "application/json") -> Any:
    """Status and body; the letters as they came for a stream."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content-Type": kind, **({"Authorization": f"Bearer {key}"} if key else {})}
    request = urllib.request.Request(f"{endpoint.url}/chat/completions", data, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read().decode()
            return 200, text if "event-stream" in answer.headers["Content-Type"] else json.loads(text)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with serve(lambda messages, tools: Said("Hm.", [Call("f", {"a": 1})])) as served:
        yield served


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"messages": []}, "empty array"),
        ({"messages": [{"role": "agent", "content": "x"}]}, "Invalid value: 'agent'"),
        ({"messages": [{"content": "x"}]}, "Invalid value: 'None'"),
        ({"messages": [{"role": "user"}]}, "expected a string, got null"),
        ({"messages": [{"role": "user", "content": 1}]}, "expected a string or an array"),
        ({"messages": [{**USER, "id": "m1"}]}, "Unknown parameter: 'messages[0].id'"),
        ({"messages": [USER, {"role": "assistant", "content": None}]}, "expected a string, got null"),
        ({"messages": [USER, calling("a")]}, "must be followed by tool messages responding to each"),
        ({"messages": [USER, calling("a", "b"), result("b")]}, "did not have response messages: a"),
        ({"messages": [USER, calling("a"), USER, result("a")]}, "must be followed by tool messages"),
        ({"messages": [USER, result("a")]}, "must be a response to a preceeding message"),
        ({"messages": [USER, calling("a"), result("a"), result("a")]}, "must be a response to"),
        ({"messages": [USER, calling("a", "a"), result("a")]}, "Duplicate value for 'tool_call_id'"),
        ({"messages": [USER, calling("")]}, "tool_calls[0].id"),
        ({"messages": [USER, {**calling(), "content": "x"}]}, "empty array"),
        ({"messages": [USER, calling("a", arguments={"a": 1}), result("a")]}, "expected a string"),
        ({"messages": [USER, calling("a", arguments='{"a'), result("a")]}, "Failed to parse"),
        ({"messages": [USER, calling("a", name="a b"), result("a")]}, "function.name"),
        ({"tools": []}, "too short"),
        ({"tools": [tool(f"f{n}") for n in range(129)]}, "maximum length 128"),
        ({"tools": [tool("a.b")]}, "matches the pattern"),
        ({"tools": [tool("a" * 65)]}, "matches the pattern"),
        ({"tools": [tool(), tool()]}, "must be unique"),
        ({"tools": [tool(parameters={"type": "string"})]}, "of 'type: \"object\"'"),
        ({"tools": [tool(parameters={"type": "object", "required": "path"})]}, "Invalid schema"),
        ({"tools": [tool(parameters={"type": "object", "properties": {"a": {"type": "text"}}})]}, "Invalid"),
        ({"tools": [tool(parameters={"type": "object", "properties": {"a": {"type": "array"}}})]}, "items"),
        ({"tools": [tool(strict=True)]}, "'additionalProperties' is required"),
        (
            {
                "tools": [
                    tool(
                        strict=True, parameters={**PARAMETERS, "additionalProperties": False, "required": []}
                    )
                ]
            },
            "Missing 'path'",
        ),
        ({"tools": [{"function": {"name": "f"}}]}, "must be of type 'function'"),
        ({"tool_choice": "auto"}, "only allowed when 'tools'"),
        ({"max_tokens": 5, "max_completion_tokens": 5}, "at the same time"),
        ({"max_tokens": 0}, "below minimum"),
        ({"max_tokens": "5"}, "Invalid type for 'max_tokens'"),
        ({"temperature": True}, "Invalid type for 'temperature'"),
        ({"temperature": 3}, "between 0 and 2"),
        ({"stream_options": {"include_usage": True}}, "only allowed when 'stream'"),
        ({"tokens": 5}, "Unknown parameter: 'tokens'"),
        ({"messages": [{"role": "user", "content": "x" * 600_000}]}, "maximum context length is 128000"),
    ],
)
def test_what_the_api_refuses_is_refused(endpoint: Endpoint, more: dict[str, Any], said: str) -> None:
    status, body = ask(endpoint, {"model": "scripted", "messages": [USER], **more})
    assert status in (400, 500)
    assert said in body["error"]["message"]
    assert set(body["error"]) == {"message", "type", "param", "code"}


@pytest.mark.parametrize(
    "more",
    [
        {"messages": [USER, calling("a", "b"), result("b"), result("a"), USER]},
        {"messages": [{"role": "system", "content": "s"}, USER, {"role": "assistant", "content": "y"}, USER]},
        {"tools": [tool(parameters={**PARAMETERS, "additionalProperties": False}, strict=True)]},
        {"max_completion_tokens": 5, "temperature": 0},
    ],
)
def test_what_the_api_takes_is_taken(endpoint: Endpoint, more: dict[str, Any]) -> None:
    status, body = ask(endpoint, {"model": "scripted", "messages": [USER], **more})
    assert status == 200
    assert body["choices"][0]["finish_reason"] == "tool_calls"
    assert body["usage"]["prompt_tokens"] > 0


def test_keys_models_and_bodies_are_checked(endpoint: Endpoint) -> None:
    good = {"model": "scripted", "messages": [USER]}
    assert ask(endpoint, good, key="")[0] == 401
    assert ask(endpoint, good, key="other")[1]["error"]["code"] == "invalid_api_key"
    assert ask(endpoint, {**good, "model": "gpt-x"})[0] == 404
    assert ask(endpoint, good, kind="text/plain")[0] == 400
    assert ask(endpoint, b"{")[0] == 400
    assert ask(endpoint, {"model": "scripted"})[1]["error"]["param"] == "messages"


def test_a_stream_ends_with_its_usage_and_a_mark(endpoint: Endpoint) -> None:
    body = {
        "model": "scripted",
        "messages": [USER],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    _, text = ask(endpoint, body)
    events = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
    assert events[-1] == "[DONE]"
    assert json.loads(events[-2])["usage"]["completion_tokens"] > 0
    assert json.loads(events[-3])["choices"][0]["finish_reason"] == "tool_calls"


def test_models_are_listed(endpoint: Endpoint) -> None:
    request = urllib.request.Request(f"{endpoint.url}/models", headers={"Authorization": "Bearer key"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert [model["id"] for model in json.loads(answer.read())["data"]] == ["scripted"]


def test_a_bot_at_its_wits_end_fails_the_test() -> None:
    def bot(messages: Any, tools: Any) -> Said:
        raise AssertionError("no such tool result")

    with pytest.raises(AssertionError, match="no such tool result"), serve(bot) as endpoint:
        assert ask(endpoint, {"model": "scripted", "messages": [USER]})[0] == 500


def test_what_was_asked_and_refused_is_kept() -> None:
    with serve(lambda messages, tools: Said("Hm."), Rules(alternating=True)) as endpoint:
        ask(endpoint, {"model": "scripted", "messages": [USER, USER]})
        ask(endpoint, {"model": "scripted", "messages": [USER]})
    assert [len(request["messages"]) for request in endpoint.requests] == [2, 1]
    assert "must alternate" in endpoint.refused[0].message
