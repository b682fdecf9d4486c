"""Count how a Java test file is written: names, visibility, expected exceptions, stand-ins and assertions."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..choices import count_choices
from ..lines import Lines
from ..other_tests import count_other_tests
from ..tally import Tally
from .structure import JAVA_TEST_CHOICES, count_imports, count_locals


def count_java_tests(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    count_other_tests(parsed, tally)
    if not _count_methods(lines, tally):
        return  # helpers and data of tests follow other rules
    count_imports(lines, tally)
    count_locals(lines, tally)
    count_choices(parsed.references, JAVA_TEST_CHOICES, tally)
    _count_assertions(parsed, tally)
    _count_calls(parsed, lines, tally)


_TEST = re.compile(
    r"@(?:Parameterized|Repeated)?Test\b[ \t]*+(\([^)]{0,200}\))?((?:\s*+@\w+(?:\([^)]{0,200}\))?){0,8})\s*+"
    r"(public )?(?:final )?(?:<\w+> )?void (\w+)\("
)


def _count_methods(lines: Lines, tally: Tally) -> bool:
    code = lines.code
    jupiter = "org.junit.jupiter" in code
    found = False
    for match in _TEST.finditer(code):
        found, line = True, lines.line(match.start(4))
        tally.add("test.name", _form(match[4]), line)
        if jupiter:
            tally.add("test.public", "yes" if match[3] else "no", line)
            named = "@DisplayName" in match[2] or "@DisplayName" in code[match.start() - 120 : match.start()]
            tally.add("test.display", "yes" if named else "no", line)
        if match[1] and "expected" in match[1]:
            tally.add("test.raises", "expected", line)
    return found


def _form(name: str) -> str:
    if name.startswith("should"):
        return "should"
    if re.match(r"test[A-Z0-9_]", name):
        return "test_" if "_" in name[5:] else "test"
    return "words" if "_" in name else "camel"


_ASSERTIONS = {
    "org.assertj.": "AssertJ",
    "org.hamcrest.": "Hamcrest",
    "com.google.common.truth.": "Truth",
    "org.junit.Assert.": "JUnit",
    "org.junit.jupiter.api.Assertions.": "JUnit",
    "org.testng.Assert.": "TestNG",
}
_ASSERTING = tuple(_ASSERTIONS)


def _count_assertions(parsed: ParsedFile, tally: Tally) -> None:
    """One answer per file and library, at its first import."""
    seen: set[str] = set()
    for reference in parsed.references:
        if reference.kind != "import":
            continue
        module = f"{reference.qualifier}.{reference.name}."
        if not module.startswith(_ASSERTING):
            continue
        for prefix, library in _ASSERTIONS.items():
            if library not in seen and module.startswith(prefix):
                seen.add(library)
                tally.add("uses.assertions", library, reference.line)


_FAILED = re.compile(r"fail\([^;]{0,300}\);\s*+\} catch")


def _count_calls(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    for reference in parsed.references:
        if reference.kind != "call":
            continue
        name, line = reference.name, reference.line
        if name in ("assertThrows", "assertThatThrownBy"):
            tally.add("test.raises", name, line)
        elif name in ("assertThatExceptionOfType", "assertThatIllegalArgumentException"):
            tally.add("test.raises", "assertThatExceptionOfType", line)
        elif name in ("when", "given") and reference.qualifier in ("", "Mockito", "BDDMockito"):
            tally.add("test.stub", name, line)
        elif name == "Mock":
            tally.add("test.mock", "annotation", line)
        elif name == "mock" and reference.qualifier in ("", "Mockito"):
            tally.add("test.mock", "call", line)
    for match in _FAILED.finditer(lines.code):
        tally.add_at("test.raises", "fail", lines, match.start())
