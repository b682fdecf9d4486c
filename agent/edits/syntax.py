"""A file before and after an edit -> the first new syntax error, or None.

Only what the edit brings in counts. A grammar may not know a file's dialect, so a file that is broken
before may stay so; then only more errors, on the lines that changed, are laid at the door of the edit.
"""

from __future__ import annotations

import ast
import importlib
import io
import json
import time
import tokenize
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import tree_sitter

from indexer.embedded import Part, cells_of, script_of
from indexer.languages import Language, by_name, language_of
from indexer.parse import parse
from indexer.types import SourceFile

_SECONDS = 2.0  # CPU for one text; an ordinary one takes milliseconds. What takes longer is not judged
_SLICE = 1 << 16  # bytes handed to the parser at once
_HASHES = b"#" * 1000  # the scanner of Swift's raw strings squares such a run, and nothing can stop it
_MOST_ERRORS = 200  # counted


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """`line` counts from 1; `reason` is empty where only the place is known."""

    line: int
    reason: str = ""


def new_problem(path: str, before: str, after: str) -> SyntaxProblem | None:
    """The first error in `after` that `before` did not have; None where the language has no grammar here."""
    language = language_of(path, after)
    if language.name in _DATA:
        problem = _new_data_problem(_DATA[language.name], before, after)
        if problem or language.name != "notebook":
            return problem
    read = _read(after, language)
    if not read.problems:
        return _new_indentation(before, after, read) if language.name == "python" else None
    first, last = _changed_lines(before, after)
    had = _read(before, language).problems
    if had:
        touched = [problem for problem in read.problems if first <= problem.line <= last]
        return touched[0] if touched and len(read.problems) > len(had) else None
    if language.name in ("c", "cpp") and not _broken(path, after, language):
        return None  # macros that the grammar takes for a mistake, and the index does not
    return (_explained(path, after) if language.name == "python" else None) or read.problems[0]


def _new_data_problem(load: Callable[[str], object], before: str, after: str) -> SyntaxProblem | None:
    """Formats with one exact reading. A new or broken file may be a dialect, such as JSON with comments."""
    try:
        load(before)
    except (ValueError, RecursionError):
        return None
    try:
        load(after)
    except json.JSONDecodeError as error:
        return SyntaxProblem(error.lineno, error.msg)
    except (ValueError, RecursionError) as error:
        return SyntaxProblem(_changed_lines(before, after)[0], str(error))
    return None


_DATA: dict[str, Callable[[str], object]] = {
    "json": json.loads,
    "toml": tomllib.loads,
    "notebook": json.loads,
}


@dataclass(frozen=True, slots=True)
class _Read:
    """Where the grammar found no way through a text, and on which rows its outermost nodes begin."""

    problems: list[SyntaxProblem]
    rows: list[int]


def _read(text: str, language: Language) -> _Read:
    """Without a grammar, or after too much time, nothing is known to be wrong."""
    part = _code(text, language)
    if part is None:
        return _Read([SyntaxProblem(1, "the notebook is no valid JSON")], [])
    inner = by_name(part.language)
    tree = _tree(part.text, inner) if inner.grammar else None
    if tree is None:
        return _Read([], [])
    return _Read(_errors(tree.root_node), [child.start_point[0] for child in tree.root_node.children])


def _code(text: str, language: Language) -> Part | None:
    if language.name == "notebook":
        return cells_of(text)
    if language.name in ("vue", "svelte", "astro"):
        return script_of(text)
    return Part(text, language.name)


def _tree(text: str, language: Language) -> tree_sitter.Tree | None:
    source = text.replace("\0", " ").encode("utf-8", "replace")
    if not source.endswith(b"\n"):
        source += b"\n"  # some scanners never come back from the end of a text without one
    if language.name == "swift" and _HASHES in source:
        return None
    deadline = time.thread_time() + _SECONDS
    try:
        return tree_sitter.Parser(_grammar(language)).parse(
            lambda offset, _: source[offset : offset + _SLICE],
            progress_callback=lambda _offset, _error: time.thread_time() > deadline,
        )
    except ValueError:  # how the binding says that the callback stopped it
        return None


@cache
def _grammar(language: Language) -> tree_sitter.Language:
    assert language.grammar
    module, function = language.grammar.split(":")
    return tree_sitter.Language(getattr(importlib.import_module(module), function)())


def _errors(root: tree_sitter.Node) -> list[SyntaxProblem]:
    """The outermost errors and the tokens that the grammar had to make up, in order."""
    found: list[SyntaxProblem] = []
    todo = [root] if root.has_error else []
    while todo and len(found) < _MOST_ERRORS:
        node = todo.pop()
        if node.is_missing:
            found.append(SyntaxProblem(node.start_point[0] + 1, f"missing {node.type}"))
        elif node.is_error:
            found.append(SyntaxProblem(node.start_point[0] + 1))
        else:
            todo += [child for child in reversed(node.children) if child.has_error]
    return found


def _broken(path: str, text: str, language: Language) -> bool:
    size = len(text)
    return parse(SourceFile(path, text, language.name, language.kind, "", size, mtime_ns=0)).broken


def _explained(path: str, text: str) -> SyntaxProblem | None:
    """Python says what is wrong."""
    try:
        ast.parse(text, path)
    except SyntaxError as error:
        return SyntaxProblem(error.lineno or 1, error.msg)
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _new_indentation(before: str, after: str, read: _Read) -> SyntaxProblem | None:
    """The grammar of Python forgives wrong indentation, so what surrounds the change is read again."""
    first, last = _changed_lines(before, after)
    problem = _indentation(*_statements(after, read, first, last))
    if problem is None:
        return None
    had = _indentation(*_statements(before, _read(before, by_name("python")), first, first))
    return problem if had is None else None


def _statements(text: str, read: _Read, first: int, last: int) -> tuple[int, str]:
    """The statements at the margin that hold the lines, after the number of the line they begin on."""
    lines, rows = text.split("\n"), read.rows
    start = rows[max(0, bisect_right(rows, first - 1) - 1)] if rows else 0
    after = bisect_left(rows, last)
    while after < len(rows) and lines[rows[after]][:1].isspace():
        after += 1
    while start > 0 and lines[start][:1].isspace():
        start -= 1  # a statement that is indented too far is not at the margin
    return start + 1, "\n".join(lines[start : rows[after] if after < len(rows) else len(lines)])


def _indentation(start: int, text: str) -> SyntaxProblem | None:
    """An indented block must follow a colon at the end of a line, and nothing else."""
    opened = False
    last = ""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text + "\n").readline):
            line = start + token.start[0] - 1
            if token.type in (tokenize.NL, tokenize.COMMENT):
                continue
            if opened != (token.type == tokenize.INDENT) and (opened or token.type == tokenize.INDENT):
                why = "expected an indented block" if opened else "unexpected indentation"
                return SyntaxProblem(line, why)
            opened = token.type == tokenize.NEWLINE and last == ":"
            last = token.string
    except IndentationError as error:
        return SyntaxProblem(start + (error.lineno or 1) - 1, error.msg)
    except (tokenize.TokenError, SyntaxError):
        return None
    return None


def _changed_lines(before: str, after: str) -> tuple[int, int]:
    """The first and the last line of `after` that differ, counted from 1."""
    if before == after:
        return 1, 1
    same = _same(lambda size: before[:size] == after[:size], min(len(before), len(after)))
    rest = min(len(before), len(after)) - same
    ending = _same(lambda size: size == 0 or before[-size:] == after[-size:], rest)
    first = after.count("\n", 0, same) + 1
    return first, first + after.count("\n", same, len(after) - ending)


def _same(equal: Callable[[int], bool], most: int) -> int:
    """The largest size up to `most` for which `equal` holds; it holds for all smaller ones."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if equal(middle) else (low, middle - 1)
    return low
