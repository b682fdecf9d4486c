"""Name the test framework of a test file, and how tests are named where no counter of its own says so."""

from __future__ import annotations

import re

from ..types import ParsedFile
from .tally import Tally

# language -> module prefix -> framework; the longest prefix that fits decides.
_FRAMEWORKS = {
    "java": {"org.junit.jupiter": "junit5", "org.junit": "junit4", "org.testng": "testng"},
    "kotlin": {
        "org.junit.jupiter": "junit5",
        "org.junit": "junit4",
        "io.kotest": "kotest",
        "kotlin.test": "kotlin.test",
    },
    "scala": {"org.scalatest": "scalatest", "munit": "munit", "org.specs2": "specs2", "zio.test": "zio-test"},
    "go": {
        "github.com.stretchr.testify": "testify",
        "github.com.onsi.ginkgo": "ginkgo",
        "github.com.onsi.gomega": "gomega",
        "gotest.tools": "gotest.tools",
        "github.com.frankban.quicktest": "quicktest",
        "testing": "testing",
    },
    "csharp": {"Xunit": "xunit", "NUnit": "nunit", "Microsoft.VisualStudio.TestTools": "mstest"},
    "php": {"PHPUnit": "phpunit"},
    "swift": {"XCTest": "XCTest", "Testing": "Testing"},
    "ruby": {"minitest": "minitest"},
    "cpp": {"gtest": "googletest", "gmock": "googletest", "catch2": "catch2", "doctest": "doctest"},
    "haskell": {"Test.Hspec": "hspec", "Test.Tasty": "tasty", "Test.QuickCheck": "quickcheck"},
}


def count_other_tests(parsed: ParsedFile, tally: Tally) -> None:
    """One answer per file: the most telling of its imports."""
    if parsed.file.path.endswith("_spec.rb"):
        tally.add("test.framework", "rspec", 1)
        return
    known = _FRAMEWORKS.get(parsed.file.language)
    if not known:
        return
    best, line = "", 0
    for reference in parsed.references:
        if reference.kind != "import":
            continue
        module = f"{reference.qualifier.partition('#')[0]}.{reference.name}".replace("/", ".").lstrip(".")
        for prefix in known:
            if len(prefix) > len(best) and (module + ".").startswith((prefix + ".", prefix + "/")):
                best, line = prefix, reference.line
    if best:
        tally.add("test.framework", known[best], line)


# language -> what stands before a test method, as far as the tree has it as a call
_MARKS = {
    "kotlin": frozenset({"Test", "ParameterizedTest"}),
    "csharp": frozenset({"Fact", "Theory", "Test", "TestMethod", "TestCase"}),
}
_TEST_PREFIX = re.compile(r"test(?=[A-Z_0-9])")


def count_test_names(parsed: ParsedFile, tally: Tally) -> None:
    """By the mark before a test, or by the prefix `test` where that makes one."""
    language = parsed.file.language
    marks = _MARKS.get(language)
    marked = {r.scope for r in parsed.references if r.name in marks} if marks else set()
    for symbol in parsed.symbols:
        if symbol.kind not in ("function", "method"):
            continue
        if marks and symbol.qualname in marked:
            form = _form(symbol.name)
        elif not marks and language in ("php", "swift") and _TEST_PREFIX.match(symbol.name):
            form = "words" if "_" in symbol.name[4:] else "test"
        else:
            continue
        tally.add("test.name", form, symbol.span.start)


def _form(name: str) -> str:
    if " " in name:
        return "backticks"
    if "_" in name:
        return "words"
    return "test" if _TEST_PREFIX.match(name) else "camel"
