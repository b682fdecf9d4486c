"""Count how a Python test file is written: framework, fixtures, names, tables, stand-ins."""

from __future__ import annotations

import re
from collections import defaultdict

from ...types import ParsedFile, Symbol
from ..lines import Lines, inside_brackets
from ..tally import Tally

_SENTENCE = 4  # words after `test`: fewer name a thing, more say what it does


def count_python_tests(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Counts only where there are tests or fixtures: helpers of tests follow other rules."""
    tests = [s for s in parsed.symbols if s.kind in ("function", "method") and s.name.startswith("test")]
    _count_fixtures(parsed, lines, tally)
    if not tests:
        return
    classes = _test_classes(parsed)
    calls = _calls_by_scope(parsed)
    stem = _singular(parsed.file.path.rsplit("/", 1)[-1].split(".", 1)[0])
    for test in tests:
        owner = test.qualname.rpartition(".")[0]
        form = "function" if not owner else "unittest" if owner in classes else "class"
        tally.add("test.form", form, test.span.start)
        tally.add("test.name", "sentence" if _words(test.name) > _SENTENCE else "short", test.span.start)
        tally.add("test.unit", _names_unit(test, stem, calls[test.qualname]), test.span.start)
        if form != "unittest":
            tally.add("test.fixtures", "yes" if _takes_fixtures(test) else "no", test.span.start)
    _count_idioms(parsed, tests[0], lines, tally)


_FIXTURE = re.compile(r"@pytest\.fixture\b|@fixture\b")


def _count_fixtures(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    shared = parsed.file.path.rsplit("/", 1)[-1] == "conftest.py"
    for match in _FIXTURE.finditer(lines.text) if "fixture" in lines.text else ():
        tally.add("fixture.place", "conftest" if shared else "local", lines.line(match.start()))


def _test_classes(parsed: ParsedFile) -> set[str]:
    """Classes that inherit from a TestCase, by name; a project's own base usually says so too."""
    return {
        reference.scope
        for reference in parsed.references
        if reference.kind == "inherit" and ("TestCase" in reference.name or reference.name.endswith("Tests"))
    }


def _calls_by_scope(parsed: ParsedFile) -> dict[str, set[str]]:
    calls: dict[str, set[str]] = defaultdict(set)
    for reference in parsed.references:
        if reference.kind == "call":
            calls[reference.scope].add(reference.name)
    return calls


def _words(name: str) -> int:
    return len([part for part in name.split("_") if part])


def _names_unit(test: Symbol, stem: str, calls: set[str]) -> str:
    """Whether a test's name begins with what it tests: its file's subject or something it calls."""
    rest = test.name.removeprefix("test").strip("_").lower()
    first = _singular(rest.partition("_")[0])
    if not first:
        return "no"
    if first in stem.split("_"):
        return "yes"
    return "yes" if any(rest.startswith(call.strip("_").lower()) for call in calls if len(call) > 2) else "no"


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _takes_fixtures(test: Symbol) -> bool:
    parameters = test.signature.partition("(")[2].rpartition(")")[0]
    names = [part.strip() for part in parameters.split(",")]
    return any(name and name not in ("self", "cls", "*") for name in names)


_RAISES = re.compile(r"pytest\.raises(\()")
_TABLE = re.compile(r"(?:mark\.(parametrize)|self\.(subTest))\(")


def _count_idioms(parsed: ParsedFile, first: Symbol, lines: Lines, tally: Tally) -> None:
    text = lines.text
    for match in _RAISES.finditer(text) if "pytest.raises" in text else ():
        wanted = "match=" in inside_brackets(text, match.start(1), 400)
        tally.add("test.raises", "match" if wanted else "type", lines.line(match.start()))
    for match in _TABLE.finditer(text) if "parametrize" in text or "subTest" in text else ():
        tally.add("test.table", match[1] or match[2], lines.line(match.start()))
    modules = {r.qualifier.partition("#")[0]: r.line for r in parsed.references if r.kind == "import"}
    pytest = modules.get("pytest")
    framework = "unittest" if "unittest" in tally.facts["test.form"] else "pytest"
    tally.add("test.framework", framework, pytest or first.span.start)
    mock = next((line for module, line in modules.items() if module.split(".")[-1] == "mock"), 0)
    if not mock and ("mocker" in text or "unittest.mock" in text or "import mock" in text):
        mock = first.span.start
    patched = "monkeypatch" in text
    double = "mock" if mock else "monkeypatch" if patched else "none"
    tally.add("test.double", double, mock or first.span.start)
