"""A source file that holds code and its tests -> the old code with the new tests, as one text.

Only Rust has a form of this that can be taken apart: items under `#[cfg(test)]` and `#[test]`. Tests
inside documentation comments stay with the code; whoever needs them told apart is told that they are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from agent.suites.changes import FileChange
from indexer.parse import parse
from indexer.types import SourceFile, Span, Symbol

_TEST_ITEM = re.compile(r"^\s*#\[(?:cfg\(test\)|(?:\w+::)?test\b|rstest|test_case)", re.M)
_LIKE_TESTS = re.compile(  # where tests begin in a file of code
    r"^\s*(?:(?:async )?def test_\w+\(|test \"|#\[(?:cfg\(test|(?:\w+::)?test\b))|import\.meta\.vitest"
)
_EXAMPLE = re.compile(r"^\s*(?:>>> |(?:///|//!) ```)")  # a documentation comment that is run as a test


def old_code_new_tests(change: FileChange) -> str | None:
    """The text before, with the tests of the text after; None where they cannot be told apart."""
    if not change.path.endswith(".rs") or change.before is None or change.after is None:
        return None
    old, new = tests_of(change.before), tests_of(change.after)
    if not new:
        return None
    lines = change.before.split("\n")
    for span in sorted(old.values(), key=lambda span: -span.start):
        del lines[span.start - 1 : span.end]
    after = change.after.split("\n")
    added = [line for span in new.values() for line in ("", *after[span.start - 1 : span.end])]
    return "\n".join([*lines, *added]).rstrip("\n") + "\n"


def tests_of(text: str) -> dict[str, Span]:
    """The outermost items of Rust that are compiled for tests only, with their attributes."""
    lines = text.split("\n")
    parsed = parse(SourceFile("a.rs", text, "rust", "code", "", len(text), 0))
    found: dict[str, Span] = {}
    for symbol in _outermost(parsed.symbols):
        if _TEST_ITEM.search("\n".join(lines[symbol.span.start - 1 : _head_end(symbol, lines)])):
            found[f"{symbol.kind} {symbol.qualname}"] = symbol.span
    return found


def holds_new_tests(change: FileChange) -> bool:
    """Whether lines were added to a file of code that begin tests."""
    return any(_LIKE_TESTS.search(line) for _, line in change.added_lines())


def holds_examples(change: FileChange) -> bool:
    """Whether examples were added to documentation comments that a runner may run as tests."""
    return any(_EXAMPLE.match(line) for _, line in change.added_lines())


def _outermost(symbols: Iterable[Symbol]) -> Iterable[Symbol]:
    last = 0
    for symbol in symbols:
        if symbol.span.start > last:
            last = symbol.span.end
            yield symbol


def _head_end(symbol: Symbol, lines: list[str]) -> int:
    """The line on which the item itself begins, below its attributes."""
    for number in range(symbol.span.start, symbol.span.end + 1):
        if not lines[number - 1].lstrip().startswith(("#[", "//")):
            return number
    return symbol.span.end
