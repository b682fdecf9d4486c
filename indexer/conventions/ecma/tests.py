"""Count how a JavaScript or TypeScript test file is written: framework, words, titles, grouping."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..lines import Lines
from ..tally import Tally

_FRAMEWORKS = {
    "vitest": "vitest",
    "@jest/globals": "jest",
    "node:test": "node:test",
    "bun:test": "bun:test",
    "mocha": "mocha",
    "ava": "ava",
    "@playwright/test": "playwright",
    "tap": "tap",
    "tape": "tape",
    "uvu": "uvu",
    "qunit": "qunit",
    "@japa/runner": "japa",
}
_OFFERS_GLOBALS = frozenset({"vitest", "jest", "mocha"})
_TEST = re.compile(r"\n[ \t]*+(it|test)(?:\.(?:each|only|skip|concurrent)\b[^\n]{0,300}?)?\(\s*(['\"`])(.)")
_SHOULD = re.compile(r"should ")
_NAME = re.compile(r"\w*[a-z][A-Z]|[A-Z]{2}|\w+[.(_:-]")  # `toString() works`, `ALTER is sent`
_LOOP = re.compile(
    r"(?:\.forEach\(|for \((?:const|let) [^\n]{1,120}? of )[^\n]{0,300}\n\s*(?:it|test|describe)\("
)
_CALLBACK = re.compile(r", (async )?(function\b *\w*\(|\()(\w*)")
_EACH = re.compile(r"\.each[(`]")
_GROUPS = ("describe(", "describe.", "suite(")


def count_tests(parsed: ParsedFile, lines: Lines, tally: Tally) -> int:
    """Framework, words and titles; returns the line of the first test, 0 for none."""
    code, text = lines.code, lines.text
    tests = list(_TEST.finditer(code))
    if not tests:
        return 0
    words: set[str] = set()
    for match in tests:
        line, title = lines.line(match.start(1)), match.start(3)
        if match[1] not in words:  # once per file: who writes a file keeps to one of both
            words.add(match[1])
            tally.add("test.word", match[1], line)
        tally.add("test.should", "yes" if _SHOULD.match(text, title) else "no", line)
        if text[title].isalpha() and not _NAME.match(text, title):
            tally.add("test.title", "upper" if text[title].isupper() else "lower", line)
        _count_callback(code, match.end(), match[2], line, tally)
    first = lines.line(tests[0].start(1))
    _count_framework(parsed, first, tally)
    grouped = any(code.find(word, 0, tests[0].start(1)) >= 0 for word in _GROUPS)
    tally.add("test.group", "yes" if grouped else "no", first)
    for at in _EACH.finditer(code):
        tally.add_at("test.table", "each", lines, at.start())
    looped = ".forEach(" in code or "for (const " in code or "for (let " in code
    for loop in _LOOP.finditer(code) if looped else ():
        tally.add_at("test.table", "loop", lines, loop.start())
    return first


def _count_callback(code: str, at: int, quote: str, line: int, tally: Tally) -> None:
    end = code.find(quote, at)
    match = _CALLBACK.match(code, end + 1) if end > 0 else None
    if match:
        tally.add("test.callback", "arrow" if match[2] == "(" else "function", line)
        if match[3] == "done":
            tally.add("test.async", "done", line)
        elif match[1]:
            tally.add("test.async", "async", line)


def _count_framework(parsed: ParsedFile, first: int, tally: Tally) -> None:
    for reference in parsed.references:
        if reference.kind != "import":
            continue
        known = _FRAMEWORKS.get(reference.qualifier.partition("#")[0])
        if known:
            tally.add("test.framework", known, reference.line)
            if known in _OFFERS_GLOBALS and reference.name in ("it", "test", "describe", "expect"):
                tally.add("test.globals", "imported", reference.line)
            return
    tally.add("test.framework", "globals", first)  # jest or mocha: package.json says which
    tally.add("test.globals", "globals", first)


def count_package_json(parsed: ParsedFile, tally: Tally) -> None:
    """Which test framework a package asks for, for the test files that use its globals."""
    for name in ("vitest", "jest", "mocha", "ava", "jasmine"):
        at = parsed.file.text.find(f'"{name}":')
        if at >= 0:
            tally.add("package.tests", name, Lines(parsed.file.text).line(at))
