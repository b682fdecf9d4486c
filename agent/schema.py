"""A typed function -> the JSON schema a model is shown, and JSON from the model -> its arguments.

The docstring is the manual: its first paragraph describes the tool, each line `name: ...` under it
an argument. So what a tool says of itself cannot drift from what it does.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from agent.model import ToolSchema
from indexer.errors import BadInput

_TYPES: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_FITTING: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
}
_SHOWN = 200  # letters of broken JSON in an error


def schema_of(function: Callable[..., Any]) -> ToolSchema:
    """The entry for `tools` of a chat request."""
    text, described = _manual(function)
    hints = get_type_hints(function)
    properties, required = {}, []
    for name, parameter in inspect.signature(function).parameters.items():
        if name == "self":
            continue
        properties[name] = {**_json_type(hints[name]), "description": described[name]}
        if parameter.default is inspect.Parameter.empty:
            required.append(name)
    return {
        "type": "function",
        "function": {
            "name": function.__name__,
            "description": text,
            "parameters": {
                "type": "object",
                "properties": properties,
                "required": required,
                "additionalProperties": False,
            },
        },
    }


def arguments_for(schema: ToolSchema, written: str) -> dict[str, Any]:
    """Read what the model wrote. Raises BadInput with a sentence the model can act on."""
    function = schema["function"]
    name, wanted = function["name"], function["parameters"]
    try:
        given = json.loads(written or "{}")  # some endpoints send "" for no arguments
    except ValueError as error:
        raise BadInput(f"the arguments of {name} are no JSON ({error}): {written[:_SHOWN]}") from error
    if not isinstance(given, dict):
        raise BadInput(f"the arguments of {name} must be a JSON object")
    for missing in [key for key in wanted["required"] if key not in given]:
        raise BadInput(
            f"{name} needs the argument {missing!r}: {wanted['properties'][missing]['description']}"
        )
    arguments = {}
    for key, value in given.items():
        if key not in wanted["properties"]:
            raise BadInput(f"{name} has no argument {key!r}; it has {', '.join(wanted['properties'])}")
        if value is None and key not in wanted["required"]:
            continue  # some models spell out every argument they leave at its default
        arguments[key] = _checked(value, wanted["properties"][key], f"{name}: {key}")
    return arguments


def _manual(function: Callable[..., Any]) -> tuple[str, dict[str, str]]:
    text = inspect.getdoc(function) or ""
    described = dict(re.findall(r"^(\w+): (.+(?:\n    .+)*)$", text, re.M))
    described = {name: " ".join(line.split()) for name, line in described.items()}
    return " ".join(text.split("\n\n")[0].split()), described


def _json_type(hint: Any) -> dict[str, Any]:
    if hint in _TYPES:
        return {"type": _TYPES[hint]}
    if get_origin(hint) is Literal:
        return {"type": "string", "enum": list(get_args(hint))}
    if get_origin(hint) is list:
        return {"type": "array", "items": _json_type(get_args(hint)[0])}
    if get_origin(hint) is Union or isinstance(hint, type(int | None)):
        return _json_type(next(part for part in get_args(hint) if part is not type(None)))
    raise TypeError(f"a tool cannot take {hint}")


def _checked(value: Any, wanted: dict[str, Any], what: str) -> Any:
    """The value as the function needs it; numbers in quotes are a habit of some models."""
    kind = wanted["type"]
    if kind == "integer" and isinstance(value, str) and re.fullmatch(r"-?\d+", value.strip()):
        return int(value)
    if kind == "array" and isinstance(value, str):
        value = [value]
    if kind == "array" and isinstance(value, list):
        return [_checked(item, wanted["items"], what) for item in value]
    if not isinstance(value, _FITTING[kind]) or (isinstance(value, bool) and kind != "boolean"):
        raise BadInput(f"{what} must be of type {kind}, not {json.dumps(value)[:_SHOWN]}")
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadInput(f"{what} holds half a character (a lone surrogate); write the character itself")
    if "enum" in wanted and value not in wanted["enum"]:
        raise BadInput(f"{what} must be one of {', '.join(wanted['enum'])}, not {value!r}")
    return value
