"""Sentences about names: their style, and the verbs they begin with."""

from __future__ import annotations

from .words import Wording, any_of

NAMED = {
    "name.function": "Functions",
    "name.method": "Methods",
    "name.type": "Types",
    "name.constant": "Constants and other names at file level",
    "name.file": "Files",
    "enum.member": "Members of enums",
}
_STYLES = {
    "snake": "snake_case",
    "camel": "camelCase",
    "pascal": "PascalCase",
    "upper": "UPPER_CASE",
    "kebab": "kebab-case",
    "mixed": "MixedCaps, without underscores",
}
_SNAKE = {"name.function": "snake", "name.method": "snake", "name.type": "pascal", "name.constant": "upper"}
_CAMEL = {"name.function": "camel", "name.method": "camel", "name.type": "pascal"}
_EXPECTED = {
    "python": {**_SNAKE, "name.file": "snake", "enum.member": "upper"},
    "rust": {**_SNAKE, "name.file": "snake", "enum.member": "pascal"},
    "ruby": {**_SNAKE, "name.file": "snake"},
    "elixir": {**_SNAKE, "name.file": "snake"},
    "zig": {"name.function": "camel", "name.method": "camel", "name.type": "pascal"},
    "javascript": {**_CAMEL, "name.constant": "camel"},
    "typescript": {**_CAMEL, "name.constant": "camel"},
    "java": {**_CAMEL, "name.constant": "upper", "name.file": "pascal", "enum.member": "upper"},
    "kotlin": {**_CAMEL, "name.file": "pascal", "enum.member": "upper"},
    "scala": {**_CAMEL, "name.file": "pascal"},
    "swift": {**_CAMEL, "name.file": "pascal", "enum.member": "camel"},
    "php": {**_CAMEL, "name.file": "pascal"},
    "csharp": {
        "name.function": "pascal",
        "name.method": "pascal",
        "name.type": "pascal",
        "name.file": "pascal",
        "name.constant": "pascal",
        "enum.member": "pascal",
    },
    "haskell": {**_CAMEL, "name.file": "pascal"},
    "go": {
        "name.function": "mixed",
        "name.method": "mixed",
        "name.type": "mixed",
        "name.constant": "mixed",
        "name.file": "snake",
    },
    "bash": {"name.function": "snake"},
}


def style_wording(language: str, question: str, answer: str) -> Wording:
    expected = _EXPECTED.get(language, {}).get(question)
    usual = 0.5 if expected is None else 0.95 if expected == answer else 0.05
    return Wording(f"{NAMED[question]} are named in {_STYLES[answer]}.", "naming", usual)


_DOING = {
    "fetch": "get something",
    "delete": "take something away",
    "change": "change something",
}
_COMMON = {"get": 0.85, "update": 0.85, "delete": 0.6}


def verb_wording(group: str, verb: str, others: list[str]) -> Wording | None:
    """`others` are verbs that were used less often for the same; without any nobody made a choice."""
    if not others:
        return None
    said = f"Functions that {_DOING[group]} are named `{verb}…`, not {any_of(others)}."
    return Wording(said, "naming", _COMMON.get(verb, 0.3))


def suffix_wording(base: str, word: str, scope: str) -> Wording | None:
    """Of the classes whose base is named `…base`, else of all types of a folder."""
    if word == "-" or not (base or scope):
        return None
    what = f"Classes that derive from a `…{base}`" if base else f"Types in {scope}"
    usual = 0.85 if base == word else 0.3  # most subclasses keep the name of their family
    return Wording(f"{what} are named `…{word}`.", "naming", usual)
