"""Count how a file names things and which of its definitions are documented, for every language."""

from __future__ import annotations

import re

from ..types import ParsedFile, Symbol
from .places import is_test
from .tally import Tally

_TYPES = frozenset({"class", "interface", "struct", "enum", "trait"})
_FUNCTIONS = frozenset({"function", "method"})


def count_names(parsed: ParsedFile, tally: Tally) -> None:
    """Styles, verbs and documentation of what a file of code, not of tests, defines."""
    functions: set[str] = set()
    for symbol in parsed.symbols:
        kind = symbol.kind
        if kind in _FUNCTIONS:
            functions.add(symbol.qualname)
        inside = symbol.qualname.rpartition(".")[0]
        if inside in functions or is_test(parsed.file.path, symbol.qualname):
            continue  # what is local to a function follows the moment, not a convention
        if kind in _FUNCTIONS:
            _count_function(symbol, tally)
        elif kind in _TYPES:
            _count_style(symbol, "name.type", tally)
        elif kind == "constant":
            _count_style(symbol, "name.constant", tally)
        else:
            continue
        if kind != "constant" and is_public(symbol, parsed.file.language):
            what = "type" if kind in _TYPES else kind
            tally.add(f"doc.{what}", "yes" if symbol.doc else "no", symbol.span.start)


def count_file(parsed: ParsedFile, tally: Tally) -> None:
    """The style of the file's own name."""
    stem = parsed.file.path.rsplit("/", 1)[-1].split(".", 1)[0]
    found = style(stem)
    if found and not is_test(parsed.file.path):
        tally.add("name.file", found, 1)


_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_HIDDEN = re.compile(r"\b(?:private|fileprivate|internal|defp)\b")
_CAMEL = re.compile(r"[a-z][a-z0-9]*[A-Z][A-Za-z0-9]*")
_PASCAL = re.compile(r"[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*")
_UPPER = re.compile(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)*")
_KEBAB = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")


def style(name: str) -> str:
    """How a name of several words is written; "" where it says nothing, such as `run` or `x`."""
    bare = name.strip("_$#?!")
    if "_" in bare:
        return "snake" if _SNAKE.fullmatch(bare) else "upper" if _UPPER.fullmatch(bare) else ""
    if _CAMEL.fullmatch(bare):
        return "camel"
    if _PASCAL.fullmatch(bare):
        return "pascal"
    if _UPPER.fullmatch(bare):
        return "upper"
    return "kebab" if "-" in bare and _KEBAB.fullmatch(bare) else ""


def is_public(symbol: Symbol, language: str) -> bool:
    """Whether others may use it, as far as its own line says."""
    if symbol.name.startswith(("_", "#")):
        return False
    if language == "go":
        return symbol.name[:1].isupper()
    if language == "rust":
        return symbol.signature.startswith("pub")
    return not _HIDDEN.search(symbol.signature.partition("(")[0])


# Verbs that say the same: a team that has settled on one reads better than one that mixes.
_VERBS = {
    verb: group
    for group, verbs in {
        "fetch": "get fetch retrieve obtain",
        "create": "create make build new construct",
        "delete": "delete remove destroy erase",
        "check": "check validate verify ensure require",
        "change": "update modify change edit",
        "convert": "convert transform to as",
    }.items()
    for verb in verbs.split()
}
_FIRST_WORD = re.compile(r"_*([a-z]+)")
_PREDICATE = frozenset({"is", "has", "can", "should", "was", "are", "needs", "supports", "contains", "does"})
_BOOLEAN = ("-> bool", "): boolean")


def _count_function(symbol: Symbol, tally: Tally) -> None:
    line = symbol.span.start
    if symbol.name.startswith("__"):  # the language's own names
        return
    _count_style(symbol, f"name.{symbol.kind}", tally)
    match = _FIRST_WORD.match(symbol.name)
    word = match[1] if match else ""
    if word in _VERBS and len(symbol.name.lstrip("_")) > len(word):
        tally.add(f"verb.{_VERBS[word]}", word, line)
    if symbol.signature.endswith(_BOOLEAN):
        tally.add("name.predicate", "yes" if word in _PREDICATE else "no", line)


def _count_style(symbol: Symbol, question: str, tally: Tally) -> None:
    found = style(symbol.name)
    if found:
        tally.add(question, found, symbol.span.start)
