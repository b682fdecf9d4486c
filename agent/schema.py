"""A typed function -> the JSON schema a model is shown, and JSON from the model -> its arguments.

The docstring is the manual: its first paragraph describes the tool, each line `name: ...` under it
an argument. So what a tool says of itself cannot drift from what it does. An argument may be a frozen
dataclass; its docstring describes its fields in the same way.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from agent.model import ToolSchema
from indexer.errors import BadInput

_TYPES: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}
_FITTING: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
T = TypeVar("T")

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
    except (ValueError, RecursionError) as error:
        raise BadInput(f"the arguments of {name} are no JSON ({error}): {written[:_SHOWN]}") from error
    if not isinstance(given, dict):
        raise BadInput(f"the arguments of {name} must be a JSON object")
    return _checked_object(_wrapped(given, wanted["properties"]), wanted, name)


def read_as(kind: type[T], given: dict[str, Any], what: str) -> T:
    """A dataclass from JSON. Raises BadInput, naming the field that is wrong."""
    made: T = typed(kind, _checked_object(given, _object_type(kind), what))
    return made


def _wrapped(given: dict[str, Any], properties: dict[str, Any]) -> dict[str, Any]:
    """The one object that a tool takes, under its name again where a model gave its fields alone."""
    for name, wanted in properties.items() if len(properties) == 1 else ():
        if wanted["type"] == "object" and given and set(given) <= set(wanted["properties"]):
            return given if name in given else {name: given}
    return given


def typed(hint: Any, value: Any) -> Any:
    """Checked JSON as what a signature asks for: dataclasses for objects, tuples where they are named."""
    if is_dataclass(hint) and isinstance(hint, type):
        hints = get_type_hints(hint)
        return hint(**{name: typed(hints[name], item) for name, item in value.items()})
    if get_origin(hint) in (list, tuple):
        items = [typed(get_args(hint)[0], item) for item in value]
        return tuple(items) if get_origin(hint) is tuple else items
    return value


def _manual(function: Callable[..., Any] | type) -> tuple[str, dict[str, str]]:
    text = inspect.getdoc(function) or ""
    described = dict(re.findall(r"^(\w+): (.+(?:\n    .+)*)$", text, re.M))
    described = {name: " ".join(line.split()) for name, line in described.items()}
    return " ".join(text.split("\n\n")[0].split()), described


def _json_type(hint: Any) -> dict[str, Any]:
    if hint in _TYPES:
        return {"type": _TYPES[hint]}
    if get_origin(hint) is Literal:
        return {"type": "string", "enum": list(get_args(hint))}
    if is_dataclass(hint) and isinstance(hint, type):
        return _object_type(hint)
    if get_origin(hint) in (list, tuple):
        return {"type": "array", "items": _json_type(get_args(hint)[0])}
    if get_origin(hint) is Union or isinstance(hint, type(int | None)):
        return _json_type(next(part for part in get_args(hint) if part is not type(None)))
    raise TypeError(f"a tool cannot take {hint}")


def _object_type(kind: type) -> dict[str, Any]:
    text, described = _manual(kind)
    hints = get_type_hints(kind)
    optional = {f.name for f in fields(kind) if f.default is not MISSING or f.default_factory is not MISSING}
    properties = {name: {**_json_type(hint), "description": described[name]} for name, hint in hints.items()}
    return {
        "type": "object",
        "title": text,
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _checked_object(given: dict[str, Any], wanted: dict[str, Any], what: str) -> dict[str, Any]:
    for missing in [key for key in wanted["required"] if key not in given]:
        raise BadInput(f"{what} needs {missing!r}: {wanted['properties'][missing]['description']}")
    found = {}
    for key, value in given.items():
        if key not in wanted["properties"]:
            raise BadInput(f"{what} has no {key!r}; it has {', '.join(wanted['properties'])}")
        if value is None and key not in wanted["required"]:
            continue  # some models spell out everything they leave at its default
        found[key] = _checked(value, wanted["properties"][key], f"{what}.{key}")
    return found


def _unquoted(text: str, kinds: tuple[type, ...]) -> Any:
    """What JSON in a string stands for, if it is of these kinds; else the string."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value if isinstance(value, kinds) else text


def _checked(value: Any, wanted: dict[str, Any], what: str) -> Any:
    """The value as the function needs it; numbers, lists and objects in quotes are a habit of some models."""
    kind = wanted["type"]
    if kind in ("array", "object", "boolean") and isinstance(value, str):
        value = _unquoted(value, _FITTING[kind])
    if kind == "integer" and isinstance(value, str) and re.fullmatch(r"-?\d+", value.strip()):
        return int(value)
    if kind == "array" and isinstance(value, str | dict):
        value = [value]  # one where a list was asked for
    if kind == "array" and isinstance(value, list):
        return [_checked(item, wanted["items"], f"{what}[{place}]") for place, item in enumerate(value)]
    if kind == "object" and isinstance(value, dict):
        return _checked_object(value, wanted, what)
    if not isinstance(value, _FITTING[kind]) or (isinstance(value, bool) and kind != "boolean"):
        raise BadInput(f"{what} must be of type {kind}, not {json.dumps(value)[:_SHOWN]}")
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadInput(f"{what} holds half a character (a lone surrogate); write the character itself")
    if isinstance(value, str) and "\0" in value:  # neither a path nor a command can hold one
        raise BadInput(f"{what} holds a NUL; leave it out, or write it as an escape of the language")
    if "enum" in wanted and value not in wanted["enum"]:
        raise BadInput(f"{what} must be one of {', '.join(wanted['enum'])}, not {value!r}")
    return value
