import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from agent.model.openai import ModelOptions, OpenAIModel, Reply
from indexer.errors import ModelFailed

TOOLS = [{"type": "function", "function": {"name": "f", "description": "", "parameters": {"type": "object"}}}]


class Endpoint(HTTPServer):
    """Plays answers in order, each a status and a body, and keeps what it was asked."""

    def __init__(self, answers: list[tuple[int, Any]]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers = answers
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(json.loads(body))
        self.server.keys.append(self.headers["Authorization"])
        status, answer = self.server.answers[min(len(self.server.asked), len(self.server.answers)) - 1]
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("retry-after-ms", "1")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None: ...


@contextmanager
def endpoint(*answers: tuple[int, Any]) -> Iterator[Endpoint]:
    server = Endpoint(list(answers))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def ask(server: Endpoint) -> Reply:
    url = f"http://127.0.0.1:{server.server_port}/v1"
    model = OpenAIModel(ModelOptions("small", "key-1", url, seconds=10.0, retries=1))
    return model.reply([{"role": "user", "content": "hello " * 100}], TOOLS)


def answer(message: dict[str, Any], finish: str = "tool_calls", **more: Any) -> tuple[int, Any]:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return 200, {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [choice],
        **more,
    }


CALL = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}


def test_a_reply_has_text_calls_and_usage() -> None:
    usage = {"prompt_tokens": 120, "completion_tokens": 7, "total_tokens": 127}
    with endpoint(answer({"content": "Hm.", "tool_calls": [CALL]}, usage=usage)) as server:
        reply = ask(server)
    assert (reply.text, reply.cut) == ("Hm.", False)
    assert [(call.id, call.name, call.arguments) for call in reply.calls] == [("c1", "f", '{"a": 1}')]
    assert (reply.usage.input_tokens, reply.usage.output_tokens) == (120, 7)
    asked = server.asked[0]
    assert (asked["model"], asked["tools"], asked["max_tokens"]) == ("small", TOOLS, 8000)
    assert "temperature" not in asked
    assert server.keys == ["Bearer key-1"]


def test_an_endpoint_that_reports_no_usage_is_charged_by_an_estimate() -> None:
    with endpoint(answer({"content": "x" * 400}, "stop")) as server:
        usage = ask(server).usage
    assert usage.input_tokens > 100
    assert usage.output_tokens == 100


def test_loose_answers_are_read_all_the_same() -> None:
    loose = {"type": "function", "function": {"name": "f", "arguments": {"a": 1}}}
    with endpoint(answer({"content": None, "tool_calls": [loose]})) as server:
        reply = ask(server)
    assert reply.text == ""
    assert [(call.id, call.arguments) for call in reply.calls] == [("", '{"a": 1}')]


def test_an_answer_at_the_output_limit_is_marked() -> None:
    with endpoint(answer({"content": "and then"}, "length")) as server:
        assert ask(server).cut


def test_a_busy_endpoint_is_asked_again() -> None:
    busy = (429, {"error": {"message": "slow down"}})
    with endpoint(busy, answer({"content": "Now."}, "stop")) as server:
        assert ask(server).text == "Now."
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ((401, {"error": {"message": "wrong key"}}), "wrong key"),
        ((500, {"error": {"message": "out of memory"}}), "out of memory"),
        ((200, {"choices": []}), "without a message"),
        ((200, b"<html>"), "gave no answer"),
        ((200, b"[1]"), "without a message"),
    ],
)
def test_a_failing_endpoint_is_named_with_its_reason(bad: tuple[int, Any], said: str) -> None:
    with endpoint(bad) as server, pytest.raises(ModelFailed) as caught:
        ask(server)
    assert said in str(caught.value)


def test_an_endpoint_that_is_not_there_is_named() -> None:
    model = OpenAIModel(ModelOptions("small", "", "http://127.0.0.1:9/v1", seconds=2.0, retries=0))
    with pytest.raises(ModelFailed, match=r"http://127\.0\.0\.1:9/v1 gave no answer for small"):
        model.reply([{"role": "user", "content": "x"}], TOOLS)
