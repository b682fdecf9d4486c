"""A chat model behind any OpenAI-compatible endpoint."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.model import LETTERS_PER_TOKEN, Message, Reply, ToolCall, ToolSchema, Usage
from indexer.errors import ModelFailed


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """Which endpoint and model. `key` may be anything where the endpoint wants none."""

    model: str
    key: str
    base_url: str | None = None
    seconds: float = 300.0  # one answer; local models take minutes for a long one
    retries: int = 4  # of refused and dropped requests, with growing pauses
    output_tokens: int = 8000
    temperature: float | None = None  # None leaves it to the endpoint; some models accept no other


class OpenAIModel:
    """A model behind any OpenAI-compatible endpoint."""

    scripted = False

    def __init__(self, options: ModelOptions) -> None:
        from openai import OpenAI  # a second of import that only a run with a model needs

        self.name = options.model
        self._options = options
        self._client = OpenAI(
            api_key=options.key or "none",
            base_url=options.base_url,
            timeout=options.seconds,
            max_retries=options.retries,
        )

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        from openai import OpenAIError

        # OpenAI's newer models refuse the old name of the limit, many compatible servers know no other.
        limit = "max_completion_tokens" if self._options.base_url is None else "max_tokens"
        request: dict[str, Any] = {
            "model": self._options.model,
            "messages": list(messages),
            "tools": list(tools),
            limit: self._options.output_tokens,
        }
        if self._options.temperature is not None:
            request["temperature"] = self._options.temperature
        try:
            answer = self._client.chat.completions.with_raw_response.create(**request)
            return _read(answer.http_response.json(), messages)
        except (OpenAIError, ValueError) as error:  # ValueError: a body that is no JSON
            where = self._options.base_url or "the OpenAI endpoint"
            raise ModelFailed(f"{where} gave no answer for {self._options.model}: {error}") from error


def _read(answer: Any, messages: Sequence[Message]) -> Reply:
    """Read an answer leniently: endpoints leave out ids and usage, or send arguments as an object.

    So not the client's own types are used, which have no room for that.
    """
    choices = answer.get("choices") or [] if isinstance(answer, dict) else []
    message = choices[0].get("message") if choices else None
    if not message:
        raise ModelFailed("the endpoint answered without a message; check the model's name and its server")
    text = message.get("content") or ""
    calls = []
    for call in message.get("tool_calls") or []:
        function = call.get("function") or {}
        arguments = function.get("arguments") or "{}"
        if not isinstance(arguments, str):
            arguments = json.dumps(arguments)
        calls.append(ToolCall(call.get("id") or "", function.get("name") or "", arguments))
    return Reply(
        text, tuple(calls), _usage(answer, messages, text, calls), choices[0].get("finish_reason") == "length"
    )


def _usage(
    answer: Mapping[str, Any], messages: Sequence[Message], text: str, calls: Sequence[ToolCall]
) -> Usage:
    """What the endpoint charged, or an estimate: without one no budget would ever bind."""
    usage = answer.get("usage") or {}
    written = len(text) + sum(len(call.arguments) for call in calls)
    return Usage(
        usage.get("prompt_tokens") or len(json.dumps(list(messages))) // LETTERS_PER_TOKEN,
        usage.get("completion_tokens") or written // LETTERS_PER_TOKEN,
    )
