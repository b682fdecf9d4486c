"""Changed files -> the places where code was changed, and not only what is said about it."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable

from agent.suites.changes import FileChange
from agent.suites.suite import is_test
from indexer.languages import language_of

_COMMENT = re.compile(
    r"\s*(?://|#(?!\[|include|define|if|else|endif|pragma)|\*|/\*|--|;|%|<!--|\"\"\"|=begin|=end)"
)
_MOST = 20  # places; a change with more is no documentation anyway


def changed_code(changes: Iterable[FileChange]) -> tuple[str, ...]:
    """`path:line` of lines that are no comment and no docstring; tests are left out."""
    found: list[str] = []
    for change in changes:
        path = change.path
        if is_test(path) or language_of(path, change.after or change.before or "").kind != "code":
            continue
        if change.before is None or change.after is None:
            found.append(path)
        elif path.endswith(".py"):
            if _program(change.before) != _program(change.after):
                found.append(_first(change))
        elif any(not _COMMENT.match(line) for _, line in (*change.added_lines(), *change.removed_lines())):
            found.append(_first(change))
    return tuple(found[:_MOST])


def _first(change: FileChange) -> str:
    lines = [number for number, line in change.added_lines() if not _COMMENT.match(line)]
    return f"{change.path}:{lines[0]}" if lines else change.path


def _program(text: str) -> str:
    """What a module does, without comments and docstrings; the text where it cannot be parsed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an odd escape in somebody's code is no concern here
            tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[0] if node.body else None
                if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                    node.body = node.body[1:]
        return ast.dump(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
