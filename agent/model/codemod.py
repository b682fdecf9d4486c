"""Python source, as the tools showed it -> the edits of the scripted demonstration, by its syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBERED = re.compile(r"^ *\d+  ?(.*)$")
_PLACE = re.compile(r"^(?:\d+\. )?(?P<path>[\w./-]+\.py):\d+")


class Unexpected(Exception):
    """The code is not what the demonstration is made for."""


@dataclass(frozen=True, slots=True)
class Gap:
    """`guarded` calls through the helper, `bare` does not; with `new` for `old` it does."""

    guarded: str
    bare: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class NewTest:
    """A test to put before `anchor`, a line that is in the file once."""

    name: str
    source: str
    anchor: str


def helper_in(found: str) -> str:
    """The first function with "retry" in its name that search hits outside the tests define or call."""
    path = ""
    for line in found.splitlines():
        if place := _PLACE.match(line):
            path = place["path"]
        if path and not _is_test(path) and (helper := re.search(r"\b(\w*retry\w*)\(", line)):
            return helper[1]
    raise Unexpected("the search found no retry helper here")


def home_of(shown: str, helper: str) -> str:
    """The file that defines the helper, as get_symbol shows it."""
    place = _PLACE.match(shown)
    if place is None or f"def {helper}(" not in shown:
        raise Unexpected(f"{helper} is no function that is defined here")
    return place["path"]


def user_of(uses: str, home: str) -> str:
    """The file outside the tests that uses the helper."""
    for line in uses.splitlines():
        place = _PLACE.match(line)
        if place and place["path"] != home and not _is_test(place["path"]):
            return place["path"]
    raise Unexpected("nothing but tests uses the retry helper")


def first_path(listed: str) -> str:
    path = listed.splitlines()[0] if listed else ""
    if not path.endswith(".py"):
        raise Unexpected("the operations have no test file of their own")
    return path


def unnumbered(shown: str) -> str:
    """The source behind a numbered listing, whose first line is a heading."""
    lines = [_NUMBERED.match(line) for line in shown.splitlines()[1:]]
    return "\n".join(line[1] for line in lines if line) + "\n"


def find_gap(source: str, helper: str) -> Gap:
    """Two operations that make the same call, one of them without the helper."""
    tree = _parsed(source)
    for guarded, wrapped in _calls_of(tree, helper):
        inner = next((node for node in ast.walk(wrapped.args[0]) if isinstance(node, ast.Call)), None)
        if inner is None:
            continue
        for bare, statement, call in _bare_calls(tree, ast.unparse(inner.func), helper):
            old = _lines(source, statement)
            closed = _text(source, wrapped).replace(_text(source, inner), _text(source, call))
            return Gap(guarded, bare, old, old.replace(_text(source, call), closed))
    raise Unexpected(f"every operation goes through {helper} already, so there is nothing left to do")


def derive_test(source: str, gap: Gap) -> NewTest:
    """The retry test of the guarded operation, made into one of the bare operation.

    From the pattern come what makes the provider fail and what is asserted of the attempts; from a
    plain test of the bare operation come its call and what it needs.
    """
    functions = [node for node in _parsed(source).body if isinstance(node, ast.FunctionDef)]
    pattern = _first(functions, gap.guarded, "again|retr")
    plain = _first(functions, gap.bare, "")
    act = next(node for node in plain.body if _calls(node, gap.bare))
    known = {_callee(node) for node in plain.body}
    act_at, pattern_act = plain.body.index(act), _index_of(pattern, gap.guarded)
    failing = [node for node in pattern.body[:pattern_act] if _callee(node) not in known]
    result = _target(pattern.body[pattern_act])
    counted = [node for node in pattern.body[pattern_act + 1 :] if not result or not _uses(node, result)]
    if not failing or not counted:
        raise Unexpected(f"the test {pattern.name} does not show how a retry is tested")
    parts = [
        [_lines(source, node) for node in (*failing, *plain.body[:act_at])],
        [_lines(source, act)],
        [_lines(source, node) for node in (*plain.body[act_at + 1 :], *counted)],
    ]
    name = pattern.name.replace(gap.guarded, gap.bare)
    needs = dict.fromkeys(argument.arg for test in (plain, pattern) for argument in test.args.args)
    body = "\n\n".join("\n".join(part) for part in parts if part)
    following = functions[functions.index(plain) + 1 :]
    anchor = source.splitlines()[(following or [plain])[0].lineno - 1]
    return NewTest(name, f"def {name}({', '.join(needs)}):\n{body}\n\n\n", anchor)


def _calls_of(tree: ast.Module, helper: str) -> Iterator[tuple[str, ast.Call]]:
    for function in _functions(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == helper and node.args:
                yield function.name, node


def _bare_calls(tree: ast.Module, callee: str, helper: str) -> Iterator[tuple[str, ast.stmt, ast.Call]]:
    for function in _functions(tree):
        if any(isinstance(node, ast.Name) and node.id == helper for node in ast.walk(function)):
            continue
        for statement in function.body:
            for node in ast.walk(statement):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == callee:
                    yield function.name, statement, node


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _first(functions: list[ast.FunctionDef], operation: str, named: str) -> ast.FunctionDef:
    for function in functions:
        if re.search(named, function.name) and any(_calls(node, operation) for node in function.body):
            return function
    raise Unexpected(f"no test of {operation} was found to learn from")


def _index_of(test: ast.FunctionDef, operation: str) -> int:
    return next(place for place, node in enumerate(test.body) if _calls(node, operation))


def _calls(node: ast.stmt, operation: str) -> bool:
    return isinstance(node, ast.Assign | ast.Expr) and _callee(node).rpartition(".")[2] == operation


def _callee(node: ast.stmt) -> str:
    value = getattr(node, "value", None)
    return ast.unparse(value.func) if isinstance(value, ast.Call) else ""


def _target(node: ast.stmt) -> str:
    return ast.unparse(node.targets[0]) if isinstance(node, ast.Assign) else ""


def _uses(node: ast.stmt, name: str) -> bool:
    return any(isinstance(inner, ast.Name) and inner.id == name for inner in ast.walk(node))


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise Unexpected(f"the code is not the Python it expects ({error})") from error


def _text(source: str, node: ast.AST) -> str:
    return ast.get_source_segment(source, node) or ""


def _lines(source: str, node: ast.stmt) -> str:
    return "\n".join(source.splitlines()[node.lineno - 1 : node.end_lineno])


def _is_test(path: str) -> bool:
    return "test" in path
