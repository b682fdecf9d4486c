"""Count how the tests of a Python file are written: form, names, assertions, tables, marks."""

from __future__ import annotations

import re
from collections import defaultdict

from ...types import Symbol
from ..tally import Tally
from .source import Source, begins

_SENTENCE = 5  # words with `test`: fewer name a thing
# What joins the words of a sentence. Long names without any are lists of nouns: in public repositories
# a half to a seventh of all names of tests have one, where tests are told as sentences nine of ten.
_JOINING = frozenset(
    "a an the is are of when if not no does do with to in and or has only as its it by for from on at into"
    " than that what who after before but every one all can cannot their own they each other another how many"
    " so out no longer any why none nothing".split()
)


def count_tests(source: Source, tally: Tally) -> None:
    """Counts only where there are tests: what only helps them follows other rules."""
    tests = source.tests
    if not tests:
        return
    cases = _test_cases(source)
    called = _called_by_scope(source)
    # The class is where the form was decided, whatever is added to it later.
    heads = {symbol.qualname: source.head(symbol) for symbol in source.classes}
    stem = _singular(source.path.rsplit("/", 1)[-1].split(".", 1)[0]).split("_")
    for test in tests:
        line = source.head(test)
        owner = test.qualname.rpartition(".")[0]
        form = "function" if not owner else "unittest" if owner in cases else "class"
        tally.add("test.form", form, heads.get(owner, line))
        tally.add("test.name", "sentence" if _is_sentence(test.name) else "short", line)
        tally.add("test.unit", _names_unit(test, stem, called[test.qualname]), line)
        tally.add("test.doc", "yes" if test.doc else "no", line)
        tally.add("test.types", "yes" if "->" in test.signature else "no", line)
        if test.signature.startswith("async "):
            tally.add("test.async", _async_mark(source, test, owner in cases), line)
    _count_classes(source, tests, tally)
    _count_framework(source, tests[0], cases, tally)
    _count_assertions(source, tally)
    _count_raises(source, tally)
    _count_tables(source, tally)


def _test_cases(source: Source) -> set[str]:
    """Classes that inherit from a TestCase, by name; a project's own base usually says so too."""
    return {base.scope for base in source.bases if "TestCase" in base.name or base.name.endswith("Tests")}


def _called_by_scope(source: Source) -> dict[str, list[str]]:
    """Bare and in small letters, as they stand in the name of a test."""
    called: dict[str, list[str]] = defaultdict(list)
    for name, calls in source.calls.items():
        if len(name) > 2:
            bare = name.strip("_").lower()
            for call in calls:
                called[call.scope].append(bare)
    return called


def _is_sentence(name: str) -> bool:
    words = name.split("_")
    return len(words) - words.count("") >= _SENTENCE and not _JOINING.isdisjoint(words)


def _names_unit(test: Symbol, stem: list[str], called: list[str]) -> str:
    """Whether a test's name begins with what it tests: its file's subject or something it calls."""
    rest = test.name.removeprefix("test").strip("_").lower()
    first = _singular(rest.partition("_")[0])
    if not first:
        return "no"
    if first in stem:
        return "yes"
    return "yes" if rest.startswith(tuple(called)) else "no"


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


_MARK = re.compile(r"@(?:pytest\.)?([\w.]+)")


def _async_mark(source: Source, test: Symbol, case: bool) -> str:
    """The decorator that runs an async test, or "none" where the settings see to it."""
    if case:
        return "case"
    marks = [
        match[1]
        for line in range(test.span.start, source.head(test))
        if (match := _MARK.match(source.row(line).strip()))
    ]
    runs = [mark for mark in marks if mark.endswith(("asyncio", "anyio", "trio"))]
    return f"@pytest.{runs[0]}" if runs else "none" if not _coroutine_mark(marks) else f"@{marks[-1]}"


def _coroutine_mark(marks: list[str]) -> bool:
    return bool(marks) and any(word in marks[-1] for word in ("coro", "async", "deferred", "gen_test"))


def _count_classes(source: Source, tests: list[Symbol], tally: Tally) -> None:
    owners = {test.qualname.rpartition(".")[0] for test in tests}
    for symbol in source.classes:
        if symbol.qualname in owners and not symbol.name.endswith(("Mixin", "Base")):
            end = next((end for end in ("TestCase", "Tests", "Test") if symbol.name.endswith(end)), "")
            form = "Test..." if symbol.name.startswith("Test") else f"...{end}" if end else "other"
            tally.add("test.class", form, source.head(symbol))


def _count_framework(source: Source, first: Symbol, cases: set[str], tally: Tally) -> None:
    pytest = next((r.line for r in source.imports if r.qualifier.partition("#")[0] == "pytest"), 0)
    framework = "unittest" if "unittest" in tally.facts["test.form"] else "pytest"
    tally.add("test.framework", framework, pytest or source.head(first))


# Those of unittest: a method of a team's own has no `assert` to go with instead.
_METHODS = re.compile(
    r"self\.assert(?<!\wself\.assert)"  # what is looked behind stands last: see `begins`
    r"(?:Equals?|NotEqual|True|False|Is|IsNot|IsNone|IsNotNone|In|NotIn|IsInstance|NotIsInstance|AlmostEqual"
    r"|Greater|GreaterEqual|Less|LessEqual|Regex|(?:List|Dict|Set|Tuple|Sequence|Count)Equal)\("
)
_LITERAL = r"(?:[\"'\d]|[\[{][\"'\d\]}]|-\d|b[\"']|(?:True|False|None|expected\w*|want(?:ed)?)\b)"
_ASSERT = begins("assert ")
_SIDES = re.compile(
    rf"assert (?:(?P<left>{_LITERAL}[^=\n(]* == (?!{_LITERAL})\S)"
    rf"|(?P<right>(?!{_LITERAL})[^\n]+? == {_LITERAL}))"
)


def _count_assertions(source: Source, tally: Tally) -> None:
    code, lines = source.code, source.lines
    for found in _ASSERT.finditer(code):
        tally.add_at("test.assertion", "assert", lines, found.start())
        match = _SIDES.match(code, found.start())
        if match:
            tally.add_at("test.expected", "left" if match["left"] else "right", lines, found.start())
    methods = [match.start() for match in _METHODS.finditer(code)]
    tally.add_each("test.assertion", "method", lines, methods)


def _count_raises(source: Source, tally: Tally) -> None:
    for call in source.calls.get("raises", ()):
        if call.qualifier in ("pytest", ""):
            handed = source.handed(call) or ""
            tally.add("test.raises", "match" if "match=" in handed else "type", call.line)
    for name in ("assertRaises", "assertRaisesRegex"):
        for call in source.calls.get(name, ()):
            if "with " in source.row(call.line):
                tally.add("test.raises.case", "match" if name.endswith("Regex") else "type", call.line)


_FIRST_ARGUMENT = re.compile(r"\s*(?:argnames=\s*)?([\"'(\[])")


def _count_tables(source: Source, tally: Tally) -> None:
    for call in source.calls.get("parametrize", ()):
        opening = source.opening(call)
        if opening < 0 or "mark" not in call.qualifier:
            continue
        tally.add("test.table", "parametrize", call.line)
        match = _FIRST_ARGUMENT.match(source.code, opening + 1)
        if match:
            form = {"(": "tuple", "[": "list"}.get(match[1], "string")
            names = source.text[match.start(1) : source.code.find(match[1], match.end())]
            if form != "string" or "," in names:
                tally.add_at("test.table.names", form, source.lines, match.start(1))
        handed = source.code[opening : source.closing(opening)]
        named = "ids=" in handed or "id=" in handed
        tally.add("test.table.ids", "yes" if named else "no", call.line)
    for call in source.calls.get("subTest", ()):
        tally.add("test.table", "subTest", call.line)
