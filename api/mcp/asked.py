"""What a model may ask: the arguments of each tool, checked and described to it by the same lines."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from retriever.check.finding import KINDS, Kind

from ..schemas import InnerPath, Name, Request, SymbolName, Words

_Repo = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
_Focus = Annotated[str, StringConstraints(min_length=1, max_length=4096)]


class Asked(Request):
    repo: _Repo | None = Field(None, description="name or path; default: the one you work in")


class Search(Asked):
    query: Words = Field(description="a question in words, a name, or the text of an error")
    limit: int = Field(8, ge=1, le=50)
    paths: list[InnerPath] = Field([], max_length=100, description="only these folders, files or globs")
    languages: list[Name] = Field([], max_length=50)
    kinds: list[Literal["code", "docs", "config"]] = Field([], max_length=3)


class Context(Asked):
    task: Words = Field(description="what is to be done, as it was asked for: a sentence or a whole issue")
    budget: int = Field(6000, ge=200, le=200_000, description="tokens, never exceeded")
    paths: list[InnerPath] = Field([], max_length=100, description="files the task is about, if known")
    map: bool = Field(False, description="with a map of the surroundings")


class Symbols(Asked):
    name: SymbolName = Field(description="`retry`, `Client.charge`")
    kind: Name | None = Field(None, description="function, class, method, …")
    limit: int = Field(20, ge=1, le=500)


class Callers(Asked):
    name: SymbolName
    tests: bool = Field(False, description="the tests that exercise it instead, also through another call")
    limit: int = Field(50, ge=1, le=500)


class Callees(Asked):
    name: SymbolName
    limit: int = Field(50, ge=1, le=500)


class Hierarchy(Asked):
    name: SymbolName = Field(description="a class, interface or method")


class Map(Asked):
    budget: int = Field(2000, ge=100, le=200_000, description="tokens, never exceeded")
    focus: list[_Focus] = Field(
        [], max_length=20, description="words, a file, a folder, path:line or a definition"
    )
    path: InnerPath | None = Field(None, description="only this folder or file")


class Conventions(Asked):
    path: InnerPath | None = Field(None, description="the file or folder to be written in")
    family: Name | None = Field(
        None, description="naming, errors, tests, docs, structure, tooling or history"
    )


class Check(Asked):
    diff: str | None = Field(
        None, description="a unified diff; default: what the working tree changes of HEAD, new files included"
    )
    kinds: list[Kind] = Field(list(KINDS), max_length=len(KINDS))


class Repos(Request):
    pass


def schema_of(asked: type[Request]) -> dict[str, Any]:
    """The JSON schema of a tool's arguments, without what only repeats: a model reads it at every start."""
    schema: dict[str, Any] = _lean(asked.model_json_schema())
    return {"type": "object", "properties": {}, **schema}


def _lean(said: Any) -> Any:
    if isinstance(said, list):
        return [_lean(one) for one in said]
    if not isinstance(said, dict):
        return said
    others = [one for one in said.get("anyOf", ()) if one != {"type": "null"}]
    if len(others) == 1:  # that it may be left out is said by `required`
        said = {**{key: value for key, value in said.items() if key != "anyOf"}, **others[0]}
    quiet = {"title", "minLength", "maxLength", "maxItems"}  # limits that no honest call comes near
    lean = {key: _lean(value) for key, value in said.items() if key not in quiet}
    if lean.get("default", 0) in (None, []):
        del lean["default"]
    if isinstance(said.get("properties"), dict):  # there the keys are names of arguments
        lean["properties"] = {name: _lean(one) for name, one in said["properties"].items()}
    return lean
