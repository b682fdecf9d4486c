"""Sentences about names: their style, and the verbs they begin with."""

from __future__ import annotations

from .words import Wording, any_of

NAMED = {
    "name.function": "Functions",
    "name.method": "Methods",
    "name.type": "Types",
    "name.constant": "Constants and other names at file level",
    "name.file": "Files",
}
_STYLES = {
    "snake": "snake_case",
    "camel": "camelCase",
    "pascal": "PascalCase",
    "upper": "UPPER_CASE",
    "kebab": "kebab-case",
}
_SNAKE = {"name.function": "snake", "name.method": "snake", "name.type": "pascal", "name.constant": "upper"}
_CAMEL = {"name.function": "camel", "name.method": "camel", "name.type": "pascal"}
_EXPECTED = {
    "python": {**_SNAKE, "name.file": "snake"},
    "rust": {**_SNAKE, "name.file": "snake"},
    "ruby": {**_SNAKE, "name.file": "snake"},
    "elixir": {**_SNAKE, "name.file": "snake"},
    "zig": {"name.function": "camel", "name.method": "camel", "name.type": "pascal"},
    "javascript": {**_CAMEL, "name.constant": "camel"},
    "typescript": {**_CAMEL, "name.constant": "camel"},
    "java": {**_CAMEL, "name.constant": "upper", "name.file": "pascal"},
    "kotlin": {**_CAMEL, "name.file": "pascal"},
    "scala": {**_CAMEL, "name.file": "pascal"},
    "swift": {**_CAMEL, "name.file": "pascal"},
    "php": {**_CAMEL, "name.file": "pascal"},
    "csharp": {
        "name.function": "pascal",
        "name.method": "pascal",
        "name.type": "pascal",
        "name.file": "pascal",
    },
    "haskell": {**_CAMEL, "name.file": "pascal"},
    "go": {
        "name.function": "camel",
        "name.method": "pascal",
        "name.type": "pascal",
        "name.constant": "camel",
        "name.file": "snake",
    },
    "bash": {"name.function": "snake"},
}


def style_wording(language: str, question: str, answer: str) -> Wording:
    expected = _EXPECTED.get(language, {}).get(question)
    usual = 0.5 if expected is None else 0.95 if expected == answer else 0.05
    return Wording(f"{NAMED[question]} are named in {_STYLES[answer]}.", "naming", usual)


def verb_wording(language: str, verb: str, others: list[str]) -> Wording:
    usual = 0.85 if verb in ("get", "update", "to", "create") else 0.3
    instead = f", not with {any_of(others)}" if others else ""
    return Wording(f"Names of functions begin with `{verb}`{instead}.", "naming", usual)
