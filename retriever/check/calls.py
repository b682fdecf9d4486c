"""A text and some of its lines -> the calls written there with their arguments, and the attributes read."""

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
# What an attribute stands at the beginning of without being read.
_NO_READS = frozenset({"call", "assignment", "augmented_assignment", "delete_statement", "decorator"})
_SPREAD = frozenset({"list_splat", "dictionary_splat", "spread_element"})


@dataclass(frozen=True, slots=True)
class Call:
    """A call of `name`, which stands on `line`. `spread`: it hands over a list of a length not written."""

    name: str
    line: int
    positional: int
    keywords: tuple[str, ...]
    spread: bool


@dataclass(frozen=True, slots=True)
class Read:
    """`of.name`, neither called nor assigned to."""

    of: str
    name: str
    line: int


def written_on(text: str, language: str, lines: Collection[int]) -> tuple[list[Call], list[Read]]:
    """Those whose names stand on these lines, by place, outer before inner; reads of Python only."""
    if not lines:
        return [], []
    source = text.encode("utf-8", "replace")
    root = tree_sitter.Parser(_grammar(language)).parse(source).root_node
    calls: list[Call] = []
    reads: list[Read] = []
    for node in _nodes(root, min(lines), max(lines)):
        if node.type in _CALLED and (call := _call_at(node, source)) and call.line in lines:
            calls.append(call)
        elif node.type == "attribute" and (read := _read_at(node, source)) and read.line in lines:
            reads.append(read)
    return calls, reads


def _nodes(root: tree_sitter.Node, first: int, last: int) -> Iterator[tree_sitter.Node]:
    todo = [root]
    while todo:
        node = todo.pop()
        if node.end_point[0] + 1 >= first and node.start_point[0] + 1 <= last:
            todo.extend(reversed(node.named_children))
            yield node


def _call_at(node: tree_sitter.Node, source: bytes) -> Call | None:
    called = node.child_by_field_name(_CALLED[node.type])
    handed = node.child_by_field_name("arguments")
    if called is None or node.has_error:
        return None
    name = called.child_by_field_name(_LAST[called.type]) if called.type in _LAST else called
    if name is None or name.type not in _NAMES:
        return None
    if handed is None and node.type == "new_expression":  # `new Till`
        return Call(_text(name, source), name.start_point[0] + 1, 0, (), False)
    if handed is None or handed.type not in ("argument_list", "arguments"):
        return None
    return _call(name, handed, source)


def _read_at(node: tree_sitter.Node, source: bytes) -> Read | None:
    of, name, around = node.child_by_field_name("object"), node.child_by_field_name("attribute"), node.parent
    if of is None or name is None or of.type != "identifier" or around is None:
        return None
    if around.type in _NO_READS and around.named_children[0] == node:
        return None
    return Read(_text(of, source), _text(name, source), name.start_point[0] + 1)


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
