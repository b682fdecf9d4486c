"""A request -> the refusal that OpenAI's API would answer it with, or none.

The sentences, types and codes follow the real ones, since clients have been written against them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.agent.endpoint.schemas import schema_problem, strict_problem
from tests.agent.endpoint.terms import Refusal, Rules, name_wrongs
from tests.agent.endpoint.turns import message_wrongs

_MOST_TOOLS = 128
_LETTERS_PER_TOKEN = 4  # a rough count, but always the same one
_NUMBER = (int, float)
_PARAMETERS: dict[str, tuple[type, ...]] = {
    "model": (str,),
    "messages": (list,),
    "tools": (list,),
    "tool_choice": (str, dict),
    "parallel_tool_calls": (bool,),
    "stream": (bool,),
    "stream_options": (dict,),
    "max_tokens": (int,),
    "max_completion_tokens": (int,),
    "temperature": _NUMBER,
    "top_p": _NUMBER,
    "frequency_penalty": _NUMBER,
    "presence_penalty": _NUMBER,
    "n": (int,),
    "seed": (int,),
    "stop": (str, list),
    "user": (str,),
    "metadata": (dict,),
    "store": (bool,),
    "logprobs": (bool,),
    "top_logprobs": (int,),
    "logit_bias": (dict,),
    "response_format": (dict,),
    "reasoning_effort": (str,),
    "service_tier": (str,),
    "prompt_cache_key": (str,),
}


def refusal(request: dict[str, Any], rules: Rules) -> Refusal | None:
    """The first thing that is wrong."""
    return next(_wrongs(request, rules), None)


def tokens(request: dict[str, Any]) -> int:
    asked = {"messages": request.get("messages"), "tools": request.get("tools")}
    return len(json.dumps(asked, ensure_ascii=False)) // _LETTERS_PER_TOKEN


def _wrongs(request: dict[str, Any], rules: Rules) -> Iterator[Refusal]:
    for name in ("model", "messages"):
        if name not in request:
            yield Refusal(400, f"Missing required parameter: '{name}'.", name, "missing_required_parameter")
    yield from _parameters(request, rules)
    if request["model"] != rules.model:
        text = f"The model `{request['model']}` does not exist or you do not have access to it."
        yield Refusal(404, text, None, "model_not_found")
    yield from _tools(request)
    yield from message_wrongs(request["messages"], rules)
    yield from _length(request, rules)


def _parameters(request: dict[str, Any], rules: Rules) -> Iterator[Refusal]:
    for name, value in request.items():
        if name not in _PARAMETERS:
            yield Refusal(400, f"Unknown parameter: '{name}'.", name, "unknown_parameter")
        elif not _fits(value, _PARAMETERS[name]):
            wanted = " or ".join(kind.__name__ for kind in _PARAMETERS[name])
            text = f"Invalid type for '{name}': expected {wanted}, but got {type(value).__name__} instead."
            yield Refusal(400, text, name, "invalid_type")
    limits = [name for name in ("max_tokens", "max_completion_tokens") if name in request]
    if len(limits) == 2:
        text = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        yield Refusal(400, text, "max_tokens", "invalid_parameter_combination")
    for name in limits:
        if rules.limit not in (None, name):
            text = (
                f"Unsupported parameter: '{name}' is not supported with this model. Use '{rules.limit}' "
                "instead."
            )
            yield Refusal(400, text, name, "unsupported_parameter")
        if request[name] < 1:
            text = f"Invalid '{name}': integer below minimum value. Expected a value >= 1."
            yield Refusal(400, text, name, "integer_below_min_value")
    if not 0 <= request.get("temperature", 1) <= 2:
        yield Refusal(400, "Invalid 'temperature': expected a value between 0 and 2.", "temperature")
    if "temperature" in request and not rules.temperature:
        text = "Unsupported value: 'temperature' is not supported with this model. Only the default (1) is."
        yield Refusal(400, text, "temperature", "unsupported_value")
    if "stream_options" in request and not (request.get("stream") and rules.stream_options):
        text = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
        yield Refusal(400, text, "stream_options")
    for name in ("tool_choice", "parallel_tool_calls"):
        if name in request and not request.get("tools"):
            text = f"Invalid value for '{name}': '{name}' is only allowed when 'tools' are specified."
            yield Refusal(400, text, name)
    if "tools" in request and not rules.tools:
        yield Refusal(400, f"{request['model']} does not support tools")


def _tools(request: dict[str, Any]) -> Iterator[Refusal]:
    tools = request.get("tools", [])
    if "tools" in request and not tools:
        yield Refusal(400, "[] is too short - 'tools'", "tools")
    if len(tools) > _MOST_TOOLS:
        text = f"Invalid 'tools': array too long. Expected an array with maximum length {_MOST_TOOLS}."
        yield Refusal(400, text, "tools", "array_above_max_length")
    for place, tool in enumerate(tools):
        at = f"tools[{place}]"
        function = tool.get("function") if isinstance(tool, dict) and tool.get("type") == "function" else None
        if not isinstance(function, dict) or set(tool) != {"type", "function"}:
            yield Refusal(400, f"Invalid value: '{at}' must be of type 'function' and hold one.", at)
            return
        if unknown := set(function) - {"name", "description", "parameters", "strict"}:
            text = f"Unknown parameter: '{at}.function.{min(unknown)}'."
            yield Refusal(400, text, f"{at}.function.{min(unknown)}", "unknown_parameter")
        yield from name_wrongs(function.get("name"), f"{at}.function.name")
        if not isinstance(function.get("description", ""), str):
            yield Refusal(400, f"Invalid type for '{at}.function.description'.", f"{at}.function.description")
        parameters = function.get("parameters", {"type": "object", "properties": {}})
        problem = schema_problem(parameters)
        if not problem and function.get("strict"):
            problem = strict_problem(parameters)
        if problem:
            text = f"Invalid schema for function '{function['name']}': {problem}"
            yield Refusal(400, text, f"{at}.function.parameters", "invalid_function_parameters")
    names = [tool["function"]["name"] for tool in tools]
    if len(set(names)) < len(names):
        yield Refusal(400, "Function names must be unique.", "tools")


def _length(request: dict[str, Any], rules: Rules) -> Iterator[Refusal]:
    asked = tokens(request)
    output = request.get("max_completion_tokens") or request.get("max_tokens") or 0
    if asked + output > rules.window:
        text = (
            f"This model's maximum context length is {rules.window} tokens. However, you requested "
            f"{asked + output} tokens ({asked} in the messages, {output} in the completion). Please "
            "reduce the length of the messages or completion."
        )
        yield Refusal(400, text, "messages", "context_length_exceeded")


def _fits(value: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)
