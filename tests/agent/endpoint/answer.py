"""What a bot said -> the body of a chat completion, whole or as the events of a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_PIECE = 7  # letters in one event, so that words, numbers and escapes are torn apart


@dataclass(frozen=True)
class Call:
    """A tool call. `arguments` as an object, or as the very letters to send; without an `id` one is made."""

    name: str
    arguments: dict[str, Any] | str
    id: str = ""
    seal: Any = None  # sent as extra_content, as Gemini does


@dataclass(frozen=True)
class Said:
    text: str = ""
    calls: Sequence[Call] = ()
    finish: str = ""  # why it stopped; "stop" or "tool_calls" if left out
    cached_tokens: int = 0
    thoughts: str = ""  # sent as reasoning_content, as DeepSeek does


def completion(said: Said, model: str, number: int, input_tokens: int) -> dict[str, Any]:
    calls = [
        {
            "id": call.id or f"call_{number}_{place}",
            "type": "function",
            "function": {
                "name": call.name,
                "arguments": call.arguments
                if isinstance(call.arguments, str)
                else json.dumps(call.arguments),
            },
            **({"extra_content": call.seal} if call.seal else {}),
        }
        for place, call in enumerate(said.calls)
    ]
    message: dict[str, Any] = {"role": "assistant", "content": said.text or None, "refusal": None}
    if said.thoughts:
        message["reasoning_content"] = said.thoughts
    if calls:
        message["tool_calls"] = calls
    output_tokens = max(1, len(json.dumps(message)) // 4)
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 1_700_000_000 + number,
        "model": model,
        "choices": [
            {
                "index": 0,
                "message": message,
                "logprobs": None,
                "finish_reason": said.finish or ("tool_calls" if calls else "stop"),
            }
        ],
        "usage": {
            "prompt_tokens": input_tokens,
            "completion_tokens": output_tokens,
            "total_tokens": input_tokens + output_tokens,
            "prompt_tokens_details": {"cached_tokens": said.cached_tokens},
        },
    }


def events(body: dict[str, Any], *, usage: bool, indexes: bool = True) -> Iterator[dict[str, Any]]:
    """The same answer as chunks. Without `indexes` the deltas of calls do not say to which they belong."""
    head: dict[str, Any] = {key: body[key] for key in ("id", "created", "model") if key in body}
    head["object"] = "chat.completion.chunk"

    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    for choice in body.get("choices") or ():
        message = choice["message"]
        yield chunk({"role": "assistant", "content": ""})
        for field in ("reasoning_content", "content", "refusal"):
            value = message.get(field)
            for piece in _pieces(value) if isinstance(value, str) else [value] if value else ():
                yield chunk({field: piece})
        for place, call in enumerate(message.get("tool_calls") or ()):
            for delta in _call_deltas(call):
                yield chunk({"tool_calls": [{"index": place, **delta} if indexes else delta]})
        yield chunk({}, choice["finish_reason"])
    if usage and body.get("usage"):
        yield {**head, "choices": [], "usage": body["usage"]}


def _call_deltas(call: dict[str, Any]) -> Iterator[dict[str, Any]]:
    function = call["function"]
    first = {key: value for key, value in call.items() if key != "function"}
    arguments = function.get("arguments")
    if not isinstance(arguments, str):
        yield {**first, "function": function}
        return
    yield {**first, "function": {"name": function.get("name"), "arguments": ""}}
    for piece in _pieces(arguments):
        yield {"function": {"arguments": piece}}


def _pieces(text: str) -> list[str]:
    return [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
