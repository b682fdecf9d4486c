"""Ways in which endpoints fail in the wild, one object each, to be dealt to single requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Status:
    """An error instead of an answer. `body` may be an object, text, or None for one in OpenAI's shape."""

    code: int
    body: Any = None
    retry_after: str | None = None  # the header, as it is sent


@dataclass(frozen=True)
class Raw:
    """A 200 with a body that is no answer."""

    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True)
class Reset:
    """The connection is reset, before or after the headers of the answer."""

    after_headers: bool = False


@dataclass(frozen=True)
class Slow:
    """The answer begins after so many seconds; with `trickle` it comes letter by letter in that time."""

    seconds: float
    trickle: bool = False


@dataclass(frozen=True)
class Cut:
    """The connection ends after this share of the answer, as if the server had died."""

    share: float = 0.5


@dataclass(frozen=True)
class Altered:
    """The answer of the bot, changed. `indexes` and `done` are about streams alone."""

    change: Callable[[dict[str, Any]], None] = lambda body: None
    indexes: bool = True
    done: bool = True  # whether a stream ends with [DONE]


Fault = Status | Raw | Reset | Slow | Cut | Altered


def _message(body: dict[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = body["choices"][0]["message"]
    return message


def _calls(body: dict[str, Any]) -> list[dict[str, Any]]:
    calls: list[dict[str, Any]] = _message(body).get("tool_calls") or []
    return calls


def _each_call(change: Callable[[dict[str, Any]], None]) -> Altered:
    def alter(body: dict[str, Any]) -> None:
        for call in _calls(body):
            change(call)

    return Altered(alter)


def _truncate(body: dict[str, Any]) -> None:
    arguments = _calls(body)[-1]["function"]["arguments"]
    _calls(body)[-1]["function"]["arguments"] = arguments[: len(arguments) // 2]
    body["choices"][0]["finish_reason"] = "length"


def _empty(body: dict[str, Any]) -> None:
    body["choices"][0].update(message={"role": "assistant", "content": ""}, finish_reason="stop")


def _parts(body: dict[str, Any]) -> None:
    text = _message(body)["content"] or ""
    _message(body)["content"] = [{"type": "text", "text": text[:5]}, {"type": "text", "text": text[5:]}]


def _refuse(body: dict[str, Any]) -> None:
    message = {"role": "assistant", "content": None, "refusal": "I can't help with that."}
    body["choices"][0].update(message=message, finish_reason="stop")


def _arguments(value: Callable[[str], Any]) -> Altered:
    def change(call: dict[str, Any]) -> None:
        call["function"]["arguments"] = value(call["function"]["arguments"])

    return _each_call(change)


ALTERED: dict[str, Altered] = {
    "truncated call": Altered(_truncate),
    "broken arguments": _arguments(lambda text: text[:-1] + ",}"),
    "arguments as object": _arguments(json.loads),
    "empty arguments": _arguments(lambda _: ""),
    "null arguments": _arguments(lambda _: None),
    "missing ids": _each_call(lambda call: call.pop("id")),
    "null ids": _each_call(lambda call: call.update(id=None)),
    "duplicate ids": _each_call(lambda call: call.update(id="call_0")),
    "empty answer": Altered(_empty),
    "content null": Altered(lambda body: _message(body).update(content=None)),
    "content in parts": Altered(_parts),
    "no usage": Altered(lambda body: body.pop("usage") and None),
    "null usage": Altered(lambda body: body.update(usage=None)),
    "no choices": Altered(lambda body: body.update(choices=[])),
    "reasoning": Altered(lambda body: _message(body).update(reasoning_content="Let me think about this.")),
    "thoughts in the text": Altered(
        lambda body: _message(body).update(content=f"<think>Hm.</think>\n{_message(body)['content']}")
    ),
    "refusal": Altered(_refuse),
    "content filter": Altered(lambda body: body["choices"][0].update(finish_reason="content_filter")),
    "stop in spite of calls": Altered(lambda body: body["choices"][0].update(finish_reason="stop")),
    "no indexes": Altered(indexes=False),
    "no end mark": Altered(done=False),
}
