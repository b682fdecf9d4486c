"""A text and some of its lines -> the calls written there, each with what it hands over."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

import tree_sitter

from indexer.languages import by_name

_CALLED = {"call": "function", "call_expression": "function", "new_expression": "constructor"}
_LAST = {"attribute": "attribute", "member_expression": "property"}  # of `a.b.c`, the field that holds `c`
_NAMES = frozenset({"identifier", "property_identifier"})
_SPREAD = frozenset({"list_splat", "dictionary_splat", "spread_element"})


@dataclass(frozen=True, slots=True)
class Call:
    """A call of `name`, which stands on `line`. `spread`: it hands over a list of a length not written."""

    name: str
    line: int
    positional: int
    keywords: tuple[str, ...]
    spread: bool


def calls_on(text: str, language: str, lines: Collection[int]) -> list[Call]:
    """The calls whose names stand on these lines, in the order of the text, outer before inner."""
    if not lines:
        return []
    source = text.encode("utf-8", "replace")
    root = tree_sitter.Parser(_grammar(language)).parse(source).root_node
    return [call for call in _calls(root, source, min(lines), max(lines)) if call.line in lines]


def _calls(root: tree_sitter.Node, source: bytes, first: int, last: int) -> Iterator[Call]:
    todo = [root]
    while todo:
        node = todo.pop()
        if node.end_point[0] + 1 < first or node.start_point[0] + 1 > last:
            continue
        todo.extend(reversed(node.named_children))
        field = _CALLED.get(node.type)
        called = node.child_by_field_name(field) if field else None
        handed = node.child_by_field_name("arguments") if called else None
        if called is None or node.has_error:
            continue
        name = called.child_by_field_name(_LAST[called.type]) if called.type in _LAST else called
        if name is None or name.type not in _NAMES:
            continue
        if handed is None and node.type == "new_expression":  # `new Till`
            yield Call(_text(name, source), name.start_point[0] + 1, 0, (), False)
        elif handed is not None and handed.type in ("argument_list", "arguments"):
            yield _call(name, handed, source)


def _call(name: tree_sitter.Node, handed: tree_sitter.Node, source: bytes) -> Call:
    positional, keywords, spread = 0, [], False
    for argument in handed.named_children:
        if argument.type in _SPREAD:
            spread = True
        elif argument.type == "keyword_argument":
            word = argument.child_by_field_name("name")
            keywords.append(_text(word, source) if word else "")
        elif not argument.type.endswith("comment"):
            positional += 1
    return Call(_text(name, source), name.start_point[0] + 1, positional, tuple(keywords), spread)


def _text(node: tree_sitter.Node, source: bytes) -> str:
    return source[node.start_byte : node.end_byte].decode("utf-8", "replace")


@cache
def _grammar(language: str) -> tree_sitter.Language:
    named = by_name(language).grammar
    assert named, language
    module, function = named.split(":")
    return tree_sitter.Language(getattr(importlib.import_module(module), function)())
