"""How calls look in text: a JSON object for a call, marker lines around an edit, a line with its path."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from agent.model import ToolCall, ToolSchema

MOST_CALLS = 64  # of a message; the loop runs fewer, and more of them are a runaway answer
SEARCH, DIVIDER, REPLACE = "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE"
TOOL_FENCES = ("tool", "tool_call", "tool_calls")
JSON_FENCES = ("json", "")

_SEARCH = re.compile(r"<{5,9} SEARCH\s*")
_REPLACE = re.compile(r">{5,9} REPLACE\s*")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what endpoints take as the name of a function
_FUNCTION, _PARAMETER = "<function=", "<parameter="
_LABEL = re.compile(r"^(?:#{1,6}\s+|file:\s*|path:\s*)", re.I)
_ARGUMENTS = ("arguments", "parameters", "args")
_AROUND = ("tool", "name", "function", "id", "type", "index")  # what else may stand in a call
_PATH_LETTERS = 300
_SHOWN = 120  # letters of a foreign text in a sentence


class Misread(Exception):
    """A block cannot be read, or in more than one way. Says so to the model."""


@dataclass(frozen=True, slots=True)
class EditTools:
    """The tools behind edits, each its name and those of its arguments; empty where there is none."""

    change: tuple[str, ...] = ()  # name, path, old, new
    create: tuple[str, ...] = ()  # name, path, content


def edit_tools(tools: Sequence[ToolSchema]) -> EditTools:
    found: dict[str, tuple[str, ...]] = {}
    for tool in tools:
        function = tool["function"]
        found[function["name"]] = (function["name"], *function.get("parameters", {}).get("properties", ()))
    return EditTools(found.get("str_replace", ())[:4], found.get("create_file", ())[:3])


def is_search(line: str) -> bool:
    return _SEARCH.fullmatch(line) is not None


def is_divider(line: str) -> bool:
    return line.rstrip() == DIVIDER


def is_replace(line: str) -> bool:
    return _REPLACE.fullmatch(line) is not None


def path_in(line: str) -> str:
    """The path that stands alone on a line, or nothing: prose before an edit must not name a new file."""
    text = _LABEL.sub("", line.strip()).rstrip(":").strip("*")
    quoted = len(text) > 2 and text[0] == text[-1] == "`"
    text = text.strip("`") if quoted else text
    if not text or len(text) > _PATH_LETTERS or re.search(r"[\s`*<>|\"\x00-\x1f]", text):
        return ""
    return text if quoted or "/" in text or "." in text else ""


def json_calls(text: str, known: Collection[str] | None = None) -> list[ToolCall]:
    """The calls in a block of JSON: an object, a list of them, or several in a row.

    With the `known` names, JSON that is about something else is no call and gives nothing. Raises
    Misread.
    """
    try:
        values = _values(text)
        if known is not None and not all(
            _name_of(value) in known and _has_arguments(value) for value in values
        ):
            return []
        return [_call(value) for value in values]
    except (ValueError, RecursionError) as error:
        if known is not None and not _means_call(text):
            return []
        raise Misread(f"This call is no JSON ({error}): {' '.join(text.split())[:_SHOWN]}") from None


def tagged_calls(text: str, tools: Sequence[ToolSchema]) -> list[ToolCall]:
    """The calls between the tags of a tool call: JSON, or the tags of arguments that some models are taught.

    There a value has no quotes, so the schema says what is text and what is JSON. Raises Misread.
    """
    text = text.strip()
    if not text.startswith(_FUNCTION):
        return json_calls(text)
    calls: list[ToolCall] = []
    while text:
        body, ends, rest = text.removeprefix(_FUNCTION).partition("</function>")
        name, named, body = body.partition(">")
        if not (text.startswith(_FUNCTION) and ends and named and _NAME.fullmatch(name)):
            raise Misread(f"This call is not closed: {' '.join(text.split())[:_SHOWN]}")
        if len(calls) == MOST_CALLS:
            raise Misread(f"A message holds at most {MOST_CALLS} calls.")
        calls.append(ToolCall("", name, json.dumps(_tagged_arguments(body, name, tools))))
        text = rest.strip()
    return calls


def _tagged_arguments(body: str, name: str, tools: Sequence[ToolSchema]) -> dict[str, Any]:
    functions = {tool["function"]["name"]: tool["function"] for tool in tools}
    properties = functions.get(name, {}).get("parameters", {}).get("properties", {})
    arguments: dict[str, Any] = {}
    while body := body.strip():
        value, ends, rest = body.removeprefix(_PARAMETER).partition("</parameter>")
        key, named, value = value.partition(">")
        whole = body.startswith(_PARAMETER) and ends and named and _PARAMETER not in value
        if not whole or key in arguments or len(arguments) == MOST_CALLS:
            raise Misread(f"The arguments of {name} cannot be told apart: {' '.join(body.split())[:_SHOWN]}")
        value = value.removeprefix("\n").removesuffix("\n")
        is_text = properties.get(key, {}).get("type", "string") == "string"
        arguments[key], body = value if is_text else _plain(value), rest
    return arguments


def _plain(value: str) -> Any:
    """A number, a list or a truth value; what is none of them stays text, and the tool refuses it."""
    try:
        return json.loads(value, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return value


def _values(text: str) -> list[Any]:
    """Every JSON value of a text. Names that stand twice in an object are refused: which one is meant?"""
    decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)
    values: list[Any] = []
    text, at = text.strip(), 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        values += value if isinstance(value, list) else [value]
        while at < len(text) and text[at].isspace():
            at += 1
    return values


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("a name stands twice in an object")
    return made


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _means_call(text: str) -> bool:
    """Whether broken JSON was going to be a call."""
    named = re.search(r'"(?:tool|name|function)"\s*:\s*["{]', text)
    return bool(named) and re.search(r'"(?:arguments|parameters|args)"\s*:', text) is not None


def _name_of(value: Any) -> str:
    inner = value.get("function", value) if isinstance(value, dict) else {}
    name = (inner.get("tool") or inner.get("name")) if isinstance(inner, dict) else inner
    return name if isinstance(name, str) else ""


def _has_arguments(value: Any) -> bool:
    inner = value["function"] if isinstance(value.get("function"), dict) else value
    return any(key in inner for key in _ARGUMENTS)


def _call(value: Any) -> ToolCall:
    name = _name_of(value)
    shape = 'a call is {"tool": "its name", "arguments": {...}}'
    if not _NAME.fullmatch(name):
        raise Misread(f"{shape}, not {json.dumps(value)[:_SHOWN]}.")
    inner = value["function"] if isinstance(value.get("function"), dict) else value
    given = [inner[key] for key in _ARGUMENTS if key in inner]
    arguments = given[0] if given else {}
    if isinstance(arguments, str):  # JSON in JSON, as it stands on the wire
        try:
            arguments = json.loads(arguments or "{}", object_pairs_hook=_unique, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise Misread(f"The arguments of {name} are no JSON ({error}).") from None
    if strays := sorted(set(inner) - {*_ARGUMENTS, *_AROUND}):
        raise Misread(f"{shape}; {', '.join(strays)[:_SHOWN]} belongs into the arguments of {name}.")
    if len(given) > 1 or not isinstance(arguments, dict):
        raise Misread(f"{shape}; the arguments of {name} are no object.")
    return ToolCall("", name, json.dumps(arguments))
