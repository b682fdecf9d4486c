"""Name the test framework of a test file in the languages that have no counter of their own."""

from __future__ import annotations

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
    "scala": {"org.scalatest": "scalatest", "munit": "munit"},
    "go": {"github.com.stretchr.testify": "testify", "testing": "testing"},
    "csharp": {"Xunit": "xunit", "NUnit": "nunit", "Microsoft.VisualStudio.TestTools": "mstest"},
    "php": {"PHPUnit": "phpunit"},
    "swift": {"XCTest": "XCTest", "Testing": "Testing"},
    "ruby": {"minitest": "minitest"},
    "cpp": {"gtest": "googletest", "gmock": "googletest", "catch2": "catch2"},
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
