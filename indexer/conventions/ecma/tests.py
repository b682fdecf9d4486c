"""Count how a JavaScript or TypeScript test file is written: framework, words, stand-ins, assertions."""

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
}
_TEST = re.compile(r"\n[ \t]*(it|test)(?:\.(?:each|only|skip)\b[^\n]*?)?\(\s*['\"`]((?:should )?)")
_EACH = re.compile(r"\.each[(`]")
_DOUBLE = re.compile(r"\b(vi|jest|sinon)\.(?:mock|fn|spyOn|stub|spy)\(")
_ASSERTION = re.compile(r"\b(expect|assert)(?:\(|\.)")


def count_ecma_tests(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Framework, words and stand-ins of a test file."""
    tests = list(_TEST.finditer(lines.text))
    if not tests:
        return
    for match in tests:
        line = lines.line(match.start(1))
        tally.add("test.word", match[1], line)
        tally.add("test.should", "yes" if match[2] else "no", line)
    for match in _EACH.finditer(lines.text):
        tally.add("test.table", "each", lines.line(match.start()))
    first = lines.line(tests[0].start(1))
    _count_framework(parsed, first, tally)
    double = _DOUBLE.search(lines.text)
    at = lines.line(double.start()) if double else first
    tally.add("test.double", "mock" if double else "none", at)
    assertion = _ASSERTION.search(lines.text)
    if assertion:
        tally.add("test.assertion", assertion[1], lines.line(assertion.start()))


def _count_framework(parsed: ParsedFile, first: int, tally: Tally) -> None:
    for reference in parsed.references:
        known = _FRAMEWORKS.get(reference.qualifier.partition("#")[0])
        if reference.kind == "import" and known:
            tally.add("test.framework", known, reference.line)
            return
    tally.add("test.framework", "globals", first)  # jest or mocha: package.json says which


def count_package_json(parsed: ParsedFile, tally: Tally) -> None:
    """Which test framework a package asks for, for the test files that use its globals."""
    for name in ("vitest", "jest", "mocha", "ava", "jasmine"):
        at = parsed.file.text.find(f'"{name}":')
        if at >= 0:
            tally.add("package.tests", name, Lines(parsed.file.text).line(at))
