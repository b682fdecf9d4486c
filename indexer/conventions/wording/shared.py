"""Sentences that are the same in every language."""

from __future__ import annotations

from .words import table

ROWS = table(
    ("name.predicate", "yes", "What answers yes or no is named `is…`, `has…`, `can…`.", "naming", 0.6),
    ("interface.prefix", "yes", "Interfaces carry the prefix I.", "naming", 0.1),
    ("interface.prefix", "no", "Interfaces carry no prefix I.", "naming", 0.9),
    ("file.header", "yes", "Each file begins with a notice of copyright or licence.", "docs", 0.2),
    ("doc.period", "yes", "The first sentence of a doc comment ends with a period.", "docs", 0.6),
    ("doc.period", "no", "Doc comments of one sentence end without a period.", "docs", 0.2),
    ("doc.mood", "imperative", "Doc comments tell what to do: `Return the name`.", "docs", 0.3),
    ("doc.mood", "third", "Doc comments tell what is done: `Returns the name`.", "docs", 0.6),
    ("raise.from", "yes", "An error raised while another is handled names it as its cause.", "errors", 0.3),
    ("doc.function", "yes", "Public functions carry a doc comment.", "docs", 0.4),
    ("doc.method", "yes", "Public methods carry a doc comment.", "docs", 0.3),
    ("doc.type", "yes", "Public types carry a doc comment.", "docs", 0.5),
    ("test.framework", "junit4", "Tests run with JUnit 4.", "tests", 0.3),
    ("test.framework", "junit5", "Tests run with JUnit 5.", "tests", 0.5),
    ("test.framework", "testng", "Tests run with TestNG.", "tests", 0.1),
    ("test.framework", "kotest", "Tests run with Kotest.", "tests", 0.2),
    ("test.framework", "kotlin.test", "Tests run with kotlin.test.", "tests", 0.4),
    ("test.framework", "testify", "Tests assert with testify.", "tests", 0.5),
    ("test.framework", "testing", "Tests use Go's `testing` alone, no assertion library.", "tests", 0.5),
    ("test.framework", "rspec", "Tests run with RSpec.", "tests", 0.6),
    ("test.framework", "minitest", "Tests run with Minitest.", "tests", 0.4),
    ("test.framework", "xunit", "Tests run with xUnit.", "tests", 0.5),
    ("test.framework", "nunit", "Tests run with NUnit.", "tests", 0.4),
    ("test.framework", "mstest", "Tests run with MSTest.", "tests", 0.2),
    ("test.framework", "phpunit", "Tests run with PHPUnit.", "tests", 0.8),
    ("test.framework", "XCTest", "Tests run with XCTest.", "tests", 0.7),
    ("test.framework", "Testing", "Tests run with Swift Testing.", "tests", 0.3),
    ("test.framework", "scalatest", "Tests run with ScalaTest.", "tests", 0.5),
    ("test.framework", "munit", "Tests run with MUnit.", "tests", 0.3),
    ("test.framework", "googletest", "Tests run with GoogleTest.", "tests", 0.5),
    ("test.framework", "catch2", "Tests run with Catch2.", "tests", 0.3),
    ("test.double", "none", "Tests use no mocking library: stand-ins are written by hand.", "tests", 0.3),
    ("test.double", "mock", "Tests replace collaborators with mocks.", "tests", 0.4),
)  # fmt: skip
