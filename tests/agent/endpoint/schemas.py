"""The JSON schema of a tool's parameters -> what is wrong with it, as a sentence, or nothing."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

_DEEPEST = 10  # levels that strict mode allows
_NOT_STRICT = {"default", "oneOf", "allOf", "not", "if", "then", "else", "patternProperties"}


def schema_problem(schema: Any) -> str:
    if not isinstance(schema, dict):
        return "schema must be a JSON object."
    if schema.get("type") != "object":
        return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: {schema.get('type')}'."
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return str(error.message)
    return _bare_array(schema)


def strict_problem(schema: dict[str, Any], depth: int = 0) -> str:
    """What strict mode asks on top: closed objects, every property required, no keyword it does not know."""
    if depth > _DEEPEST:
        return f"In strict mode a schema is at most {_DEEPEST} levels deep."
    for keyword in sorted(_NOT_STRICT & set(schema)):
        return f"'{keyword}' is not permitted."
    if "object" in _types(schema):
        properties = schema.get("properties", {})
        if schema.get("additionalProperties") is not False:
            return "'additionalProperties' is required to be supplied and to be false."
        missing = [name for name in properties if name not in schema.get("required", ())]
        if missing:
            return (
                "'required' is required to be supplied and to be an array including every key in properties. "
                f"Missing '{missing[0]}'."
            )
    return next(filter(None, (strict_problem(inner, depth + 1) for inner in _inner(schema))), "")


def _bare_array(schema: dict[str, Any]) -> str:
    if "array" in _types(schema) and "items" not in schema:
        return "array schema missing items."
    return next(filter(None, map(_bare_array, _inner(schema))), "")


def _types(schema: dict[str, Any]) -> list[str]:
    kind = schema.get("type")
    return kind if isinstance(kind, list) else [kind] if kind else []


def _inner(schema: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ()), schema.get("items")]
    inner += schema.get("$defs", {}).values()
    return [part for part in inner if isinstance(part, dict)]
