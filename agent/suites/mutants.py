"""The text of a function -> texts with one small mistake each, for tests to notice.

The mistakes are the classical ones: a comparison, a calculation or a condition turned round, a
constant off by one, a result or a statement lost. Each still parses; whether it still compiles in a
typed language is for the run to say.
"""

from __future__ import annotations

import importlib
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import tree_sitter

from indexer.languages import by_name, language_of
from indexer.types import Span

LANGUAGES = frozenset({"python", "javascript", "typescript", "tsx", "go", "rust", "java"})
_TEXT_BYTES = 500_000  # each mutant is parsed again

_SWAPS = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "==": "!=",
    "!=": "==",
    "===": "!==",
    "!==": "===",
    "and": "or",
    "or": "and",
    "&&": "||",
    "||": "&&",
    "in": "not in",
    "is": "is not",
    "+": "-",
    "-": "+",
    "*": "/",
    "/": "*",
    "//": "*",
    "%": "*",
    "**": "*",
    "+=": "-=",
    "-=": "+=",
    "*=": "/=",
    "/=": "*=",
    "True": "False",
    "False": "True",
    "true": "false",
    "false": "true",
}
_OPERATIONS = frozenset(
    {
        *("binary_operator", "boolean_operator", "comparison_operator", "augmented_assignment"),
        *("binary_expression", "augmented_assignment_expression", "assignment_statement"),
        *("compound_assignment_expr", "assignment_expression"),
    }
)
_NUMBERS = frozenset({"integer", "number", "int_literal", "integer_literal", "decimal_integer_literal"})
_CONDITIONAL = frozenset({"if_statement", "if_expression", "elif_clause", "while_statement"})
_NOTHING = {"python": "None", "javascript": "undefined", "typescript": "undefined", "tsx": "undefined"}
_LOST = {"python": "pass", "go": ""}  # what stands for a removed statement, else ";"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A whole text with one mistake. `line` is where, `change` how: `< became <=`."""

    text: str
    line: int
    change: str


def mutants(path: str, text: str, spans: Sequence[Span], limit: int) -> tuple[Mutant, ...]:
    """At most `limit` mutants of the functions at `spans`, taken from each in turn.

    Empty for languages that have no operators here.
    """
    language = language_of(path, text).name
    source = text.encode("utf-8", "surrogateescape")
    if language not in LANGUAGES or len(source) > _TEXT_BYTES:
        return ()
    root = _parser(language).parse(source).root_node
    if root.has_error:
        return ()
    queues = [deque(_spread(_mistakes(root, span, language))) for span in spans]
    made: list[Mutant] = []
    while len(made) < limit and any(queues):
        for queue in queues:
            if queue and len(made) < limit and (mutant := _applied(source, queue.popleft(), language)):
                made.append(mutant)
    return tuple(made)


@dataclass(frozen=True, slots=True)
class _Mistake:
    """Bytes to replace. `sort` is the kind of mistake, so that all kinds get their turn."""

    start: int
    end: int
    line: int
    new: str
    change: str
    sort: str


def _applied(source: bytes, mistake: _Mistake, language: str) -> Mutant | None:
    made = source[: mistake.start] + mistake.new.encode("utf-8", "surrogateescape") + source[mistake.end :]
    if _parser(language).parse(made).root_node.has_error:
        return None
    return Mutant(made.decode("utf-8", "surrogateescape"), mistake.line, mistake.change)


def _spread(mistakes: Iterable[_Mistake]) -> Iterator[_Mistake]:
    """One of each sort, then the next of each."""
    by_sort: dict[str, deque[_Mistake]] = {}
    for mistake in mistakes:
        by_sort.setdefault(mistake.sort, deque()).append(mistake)
    while by_sort:
        for sort in list(by_sort):
            yield by_sort[sort].popleft()
            if not by_sort[sort]:
                del by_sort[sort]


def _mistakes(root: tree_sitter.Node, span: Span, language: str) -> Iterator[_Mistake]:
    for node in _nodes(root, span):
        for kind in _KINDS:
            yield from kind(node, language)


def _nodes(root: tree_sitter.Node, span: Span) -> Iterator[tree_sitter.Node]:
    """The nodes that lie within these lines, outer before inner."""
    todo = [root]
    while todo:
        node = todo.pop()
        first, last = node.start_point[0] + 1, node.end_point[0] + 1
        if last < span.start or first > span.end:
            continue
        if first >= span.start and last <= span.end:
            yield node
        todo += reversed(node.children)


def _operator(node: tree_sitter.Node, language: str) -> Iterator[_Mistake]:
    if node.type not in _OPERATIONS or any("string" in child.type for child in node.named_children):
        return  # texts are joined by + too; with - any test that only calls the function would fail
    for child in node.children:
        if not child.is_named and child.type in _SWAPS:
            yield _replaced(child, _SWAPS[child.type], "operator")


def _literal(node: tree_sitter.Node, language: str) -> Iterator[_Mistake]:
    written = _text(node)
    if node.type in ("true", "false", "boolean_literal") and written in _SWAPS:
        yield _replaced(node, _SWAPS[written], "literal")
    if node.type in _NUMBERS and re.fullmatch(r"[0-9]{1,15}", written):
        yield _replaced(node, str(int(written) + 1), "number")


def _condition(node: tree_sitter.Node, language: str) -> Iterator[_Mistake]:
    condition = node.child_by_field_name("condition") if node.type in _CONDITIONAL else None
    if condition is None or condition.type in ("let_condition", "let_chain"):
        return
    written = _text(condition)
    if language == "python":
        turned = f"not ({written})"
    elif condition.type == "parenthesized_expression":
        turned = f"(!{written})"
    else:
        turned = f"!({written})"
    yield _Mistake(
        condition.start_byte,
        condition.end_byte,
        condition.start_point[0] + 1,
        turned,
        "the condition is negated",
        "condition",
    )


def _result(node: tree_sitter.Node, language: str) -> Iterator[_Mistake]:
    if node.type != "return_statement" or language not in _NOTHING or not node.named_children:
        return
    value = node.named_children[0]
    if _text(value) != _NOTHING[language]:
        yield _replaced(value, _NOTHING[language], "result")


def _statement(node: tree_sitter.Node, language: str) -> Iterator[_Mistake]:
    if node.type != "expression_statement" or not node.named_children:
        return
    inner = node.named_children[0]
    if inner.type in ("string", "string_literal"):  # a docstring, or "use strict"
        return
    target = inner.child_by_field_name("left")
    if target is not None and target.type == "identifier":  # its uses would fail, whatever a test asks
        return
    if language == "rust" and not _text(node).endswith(";"):  # the value of a block
        return
    lost = _LOST.get(language, ";")
    short = " ".join(_text(node).split())[:40]
    yield _Mistake(
        node.start_byte, node.end_byte, node.start_point[0] + 1, lost, f"`{short}` is removed", "statement"
    )


_Kind = Callable[[tree_sitter.Node, str], Iterator[_Mistake]]
_KINDS: tuple[_Kind, ...] = (_operator, _condition, _literal, _result, _statement)


def _replaced(node: tree_sitter.Node, new: str, sort: str) -> _Mistake:
    change = f"{' '.join(_text(node).split())[:40]} became {new}"
    return _Mistake(node.start_byte, node.end_byte, node.start_point[0] + 1, new, change, sort)


def _text(node: tree_sitter.Node) -> str:
    return (node.text or b"").decode("utf-8", "surrogateescape")


@cache
def _parser(language: str) -> tree_sitter.Parser:
    grammar = by_name(language).grammar
    assert grammar
    module, function = grammar.split(":")
    return tree_sitter.Parser(tree_sitter.Language(getattr(importlib.import_module(module), function)()))
