"""The JSON of a chat completion, as loose as endpoints write it -> text, calls, and why it stopped.

Endpoints leave out ids and usage, send arguments as an object and content as a list of parts. The
client's own types have no room for that, so the JSON is read here, and nothing in it is taken for granted.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from agent.model import LETTERS_PER_TOKEN, SEAL, THOUGHTS, ToolCall, Usage

_NAME_LETTERS = 64  # a longer name, or one with other letters, is refused when it comes back in the history
_THOUGHT, _THOUGHT_ENDS = "<think>", "</think>"


class Unusable(Exception):
    """A body that is no answer. `usage` is what it took all the same."""

    def __init__(self, message: str, usage: Usage | None = None) -> None:
        super().__init__(message)
        self.usage = usage


@dataclass(frozen=True, slots=True)
class Prices:
    """Dollars for a million tokens. None means unknown, and then no cost is made up."""

    input: float | None = None
    output: float | None = None
    cached: float | None = None  # of input from the cache; without it the price of other input

    def of(self, input_tokens: int, output_tokens: int, cached_tokens: int) -> float | None:
        if self.input is None or self.output is None:
            return None
        cached = self.input if self.cached is None else self.cached
        fresh = input_tokens - cached_tokens
        return (fresh * self.input + cached_tokens * cached + output_tokens * self.output) / 1e6


@dataclass(frozen=True, slots=True)
class Answer:
    """`finish` is the endpoint's word for why it stopped; `refusal` is set where the model declined."""

    text: str
    calls: tuple[ToolCall, ...]
    finish: str
    refusal: str
    usage: Usage
    thoughts: dict[str, Any]


def read(body: Any, asked_letters: int, prices: Prices) -> Answer:
    """Read an answer. Raises Unusable where there is no message in it."""
    choices = _list(body.get("choices")) if isinstance(body, dict) else []
    choice = choices[0] if choices and isinstance(choices[0], dict) else {}
    message = choice.get("message")
    if not isinstance(message, dict):
        usage = _usage(body, 0, 0, prices) if isinstance(body, dict) and body.get("usage") else None
        raise Unusable(
            "the endpoint answered without a message; check the model's name and its server", usage
        )
    text = text_of(message.get("content"))
    calls = tuple(_call(call) for call in _list(message.get("tool_calls")) if isinstance(call, dict))
    written = len(text) + sum(len(call.arguments) for call in calls)
    return Answer(
        text=_spoken(text),
        calls=calls,
        finish=str(choice.get("finish_reason") or ""),
        refusal=text_of(message.get("refusal")),
        usage=_usage(body, asked_letters, written, prices),
        thoughts={name: message[name] for name in THOUGHTS if message.get(name)},
    )


def estimated(asked_letters: int, written_letters: int, prices: Prices) -> Usage:
    """Without a report no budget would ever bind."""
    return _usage({}, asked_letters, written_letters, prices)


def _call(call: dict[str, Any]) -> ToolCall:
    function = call.get("function")
    function = function if isinstance(function, dict) else {}
    arguments = function.get("arguments")
    if not isinstance(arguments, str):
        arguments = "" if arguments is None else json.dumps(arguments)
    try:
        json.loads(arguments or "{}")
    except ValueError:
        pass  # the tool tells the model what is wrong with it
    except RecursionError:
        arguments = "(nested too deeply)"
    identity, name = call.get("id"), function.get("name")
    name = name.rpartition(".")[2] if isinstance(name, str) else ""  # some models write functions.read_file
    return ToolCall(
        identity if isinstance(identity, str) else "",
        re.sub(r"[^A-Za-z0-9_-]", "_", name)[:_NAME_LETTERS],
        _sound(arguments or "{}"),
        call.get(SEAL),
    )


def text_of(content: Any) -> str:
    if isinstance(content, list):
        parts = [part.get("text") if isinstance(part, dict) else part for part in content]
        return _sound("".join(part for part in parts if isinstance(part, str)))
    return _sound(content) if isinstance(content, str) else ""


def _sound(text: str) -> str:
    """Half characters (lone surrogates) cannot be sent back or written to a file."""
    return text.encode("utf-8", "replace").decode()


def _spoken(text: str) -> str:
    """The text without the thoughts that some servers leave at its beginning: a thought is no order."""
    start = text.lstrip()
    if start.startswith(_THOUGHT):
        return start.partition(_THOUGHT_ENDS)[2].lstrip()
    thought, ends, said = text.partition(_THOUGHT_ENDS)
    return said.lstrip() if ends and _THOUGHT not in thought else text


def _usage(body: dict[str, Any], asked_letters: int, written_letters: int, prices: Prices) -> Usage:
    told = body.get("usage")
    told = told if isinstance(told, dict) else {}
    details = told.get("prompt_tokens_details")
    cached = _count(details.get("cached_tokens") if isinstance(details, dict) else None)
    cached = cached or _count(told.get("prompt_cache_hit_tokens"))
    given = _count(told.get("prompt_tokens"))
    written = _count(told.get("completion_tokens"))
    reported = given is not None and written is not None
    given = asked_letters // LETTERS_PER_TOKEN if given is None else given
    written = written_letters // LETTERS_PER_TOKEN if written is None else written
    cached = min(cached or 0, given)
    cost = prices.of(given, written, cached)
    if cost is None and isinstance(told.get("cost"), int | float) and told["cost"] >= 0:
        cost = float(told["cost"])  # some gateways say what they charged
    return Usage(given, written, cached, cost, not reported)


def _count(value: Any) -> int | None:
    """A number of tokens; 0 is as little a report as none, for no request is empty."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
