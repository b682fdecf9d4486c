"""Qdrant's REST interface as type declarations -> JSON Schemas, and the transport that insists on them.

Qdrant's own client for JavaScript ships the declarations that were generated from Qdrant's OpenAPI
document (Apache-2.0). They are installed at test time, never kept here:

    npm ci --prefix tests/contract --ignore-scripts
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from jsonschema import Draft202012Validator

DECLARATIONS = (
    Path(__file__).parent / "node_modules/@qdrant/js-client-rest/dist/types/openapi/generated_schema.d.ts"
)
INSTALL = "npm ci --prefix tests/contract --ignore-scripts"
Schema = dict[str, Any]
Handler = Callable[[str, dict[str, str], Any, Mapping[str, str]], tuple[int, Any]]

_TOKEN = re.compile(r'/\*\*.*?\*/|"[^"]*"|\w+|[^\s\w]', re.DOTALL)
_FORMATS = {"uint": 0, "uint8": 0, "uint16": 0, "uint32": 0, "uint64": 0, "int32": None, "int64": None}


class ContractBroken(BaseException):
    """A request that Qdrant's interface does not know. No client may catch it and try again."""


def load_contract() -> Contract:
    """Read the declarations; without them fail under CI and skip elsewhere, in both cases saying why."""
    if not DECLARATIONS.exists():
        reason = f"Qdrant's interface is not installed; run `{INSTALL}` (Node.js with npm)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return Contract(_Reader(DECLARATIONS.read_text()).interfaces())


@dataclass(frozen=True)
class Contract:
    """`interfaces` are the declared ones: paths, components and operations, each as a JSON Schema."""

    interfaces: Mapping[str, Schema]

    @cached_property
    def operations(self) -> list[tuple[str, str, re.Pattern[str], str, Schema]]:
        """(method, template, pattern, name, declaration), templates with fewer parameters first."""
        found = []
        for template, methods in self.interfaces["paths"]["properties"].items():
            pattern = re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template)))
            for method, declared in methods["properties"].items():
                name = declared["$ref"].rpartition("/")[2] if "$ref" in declared else ""
                if name:
                    operation = self.interfaces["operations"]["properties"][name]
                    found.append((method.upper(), template, pattern, name, operation))
        return sorted(found, key=lambda entry: entry[1].count("{"))

    def check(
        self, method: str, path: str, query: Mapping[str, str], body: Any
    ) -> tuple[str, dict[str, str]]:
        """Return the operation's name and its path parameters, or raise ContractBroken."""
        for known, _, pattern, name, operation in self.operations:
            match = pattern.fullmatch(path)
            if known == method and match:
                parameters = operation["properties"].get("parameters", {}).get("properties", {})
                self._check_query(name, parameters.get("query", {}).get("properties", {}), query)
                self.validate(f"the body of {name}", self._body(operation), body)
                return name, {key: unquote(value) for key, value in match.groupdict().items()}
        raise ContractBroken(f"{method} {path} is no operation of Qdrant")

    def check_result(self, name: str, result: Any) -> None:
        """Refuse a result that the double made up."""
        responses = self.interfaces["operations"]["properties"][name]["properties"]["responses"]
        declared = responses["properties"]["200"]["properties"]["content"]["properties"]["application/json"]
        self.validate(f"the result of {name}", declared["properties"]["result"], result)

    def validate(self, what: str, schema: Schema | None, value: Any) -> None:
        if schema is None:
            if value is not None:
                raise ContractBroken(f"{what} has to be empty")
            return
        named = self.interfaces["components"]["properties"]["schemas"]["properties"]
        whole = {**schema, "components": {"schemas": named}}
        problem = next(iter(Draft202012Validator(whole).iter_errors(value)), None)
        if problem is not None:
            raise ContractBroken(f"{what} is refused at {problem.json_path}: {problem.message[:300]}")

    def _body(self, operation: Schema) -> Schema | None:
        body = operation["properties"].get("requestBody")
        if body is None:
            return None
        schema: Schema = body["properties"]["content"]["properties"]["application/json"]
        return schema

    def _check_query(self, name: str, known: Mapping[str, Schema], query: Mapping[str, str]) -> None:
        for key, text in query.items():
            if key not in known:
                raise ContractBroken(f"{name} has no query parameter {key}")
            value = json.loads(text) if re.fullmatch(r"true|false|-?\d+", text) else text
            self.validate(f"the query parameter {key} of {name}", known[key], value)


@dataclass
class StrictTransport(httpx.BaseTransport):
    """Answers httpx without a network: requests are held against `contract`, then given to `handler`.

    `seen` holds the names of the operations in the order they were asked for.
    """

    contract: Contract
    handler: Handler
    seen: list[str] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        content = request.read()
        body = json.loads(content) if content else None
        query = dict(request.url.params)
        name, parameters = self.contract.check(request.method, request.url.path, query, body)
        self.seen.append(name)
        status, result = self.handler(name, parameters, body, query)
        if status == 200:
            self.contract.check_result(name, result)
            return httpx.Response(200, json={"result": result, "status": "ok", "time": 0.0})
        return httpx.Response(status, json={"status": {"error": result}, "time": 0.0})


class _Reader:
    """A recursive descent over the few forms of TypeScript that openapi-typescript writes."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(text)
        self._at = 0

    def interfaces(self) -> dict[str, Schema]:
        found = {}
        while self._at < len(self._tokens):
            if self._take() == "interface":
                name = self._take()
                found[name] = self._type()
        return found

    def _take(self, *expected: str) -> str:
        token: str = self._tokens[self._at]
        if expected and token not in expected:
            raise ValueError(f"{token!r} where one of {expected} was due, at token {self._at}")
        self._at += 1
        return token

    def _next_is(self, token: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at] == token

    def _type(self) -> Schema:
        while self._next_is("|"):
            self._take()
        branches = [self._repeated()]
        while self._next_is("|"):
            self._take()
            branches.append(self._repeated())
        branches = [branch for branch in branches if branch is not _UNDEFINED]
        if {"type": "null"} in branches:
            # A bare `nullable: true` of the document was declared as "any record, or null".
            branches = [branch for branch in branches if branch is not _ANY_RECORD]
        return branches[0] if len(branches) == 1 else {"anyOf": branches}

    def _repeated(self) -> Schema:
        schema = self._single()
        while self._next_is("["):
            self._take("[")
            if self._next_is("]"):
                schema = {"type": "array", "items": schema}
            else:  # components["schemas"]["Name"]
                key = self._take().strip('"')
                schema = {"$ref": f"{schema.get('$ref', '#')}/{key}"}
            self._take("]")
        return schema

    def _single(self) -> Schema:
        token = self._take()
        if token.startswith("/**"):
            return self._single()
        if token == "(":
            schema = self._type()
            self._take(")")
            return schema
        if token == "{":
            return self._members()
        if token.startswith('"'):
            return {"const": token.strip('"')}
        if token == "Record":
            return self._record()
        if token == "OneOf":
            return self._one_of()
        if token in ("components", "operations"):
            return {"$ref": f"#/{token}"}
        return _NAMED[token]

    def _record(self) -> Schema:
        self._take("<")
        self._take("string")
        self._take(",")
        value = self._take("unknown", "never")
        self._take(">")
        return _ANY_RECORD if value == "unknown" else {"type": "object", "maxProperties": 0}

    def _one_of(self) -> Schema:
        self._take("<")
        self._take("[")
        branches = [self._type()]
        while self._take(",", "]") == ",":
            if self._next_is("]"):
                continue
            branches.append(self._type())
        self._take(">")
        return {"anyOf": branches}

    def _members(self) -> Schema:
        schema: Schema = {"type": "object", "properties": {}, "required": [], "additionalProperties": False}
        comment = ""
        while (token := self._take()) != "}":
            if token.startswith("/**"):
                comment = token
                continue
            if token == "[":  # [key: string]: Type
                for expected in ("key", ":", "string", "]", ":"):
                    self._take(expected)
                schema["additionalProperties"] = self._type()
            else:
                name = token.strip('"')
                if self._next_is("?"):
                    self._take()
                else:
                    schema["required"].append(name)
                self._take(":")
                schema["properties"][name] = _exact(self._type(), comment)
            self._take(";")
            comment = ""
        return schema


_UNDEFINED: Schema = {"not": {}}
_ANY_RECORD: Schema = {"type": "object"}
_NAMED: dict[str, Schema] = {
    "string": {"type": "string"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "null": {"type": "null"},
    "unknown": {},
    "never": {"not": {}, "title": "never"},
    "undefined": _UNDEFINED,
}


def _exact(schema: Schema, comment: str) -> Schema:
    """Give a number the format that only its comment still tells."""
    told = re.search(r"Format: (\w+)", comment)
    if told is None or told[1] not in _FORMATS:
        return schema
    integer: Schema = {"type": "integer"}
    if _FORMATS[told[1]] is not None:
        integer["minimum"] = _FORMATS[told[1]]
    if schema == _NAMED["number"]:
        return integer
    branches = schema.get("anyOf", [])
    return {"anyOf": [integer if branch == _NAMED["number"] else branch for branch in branches]}
