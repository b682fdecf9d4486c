"""Sentences about how Java is written here."""

from __future__ import annotations

from .words import Wording, table


def java_wording(question: str, answer: str) -> Wording | None:
    """Names are said as they stand, the rest is in a table."""
    if question == "catch.name":
        return Wording(f"Caught exceptions are called `{answer}`.", "naming", 0.85 if answer == "e" else 0.2)
    if question == "logger.name":
        return Wording(f"Loggers are called `{answer}`.", "naming", 0.4)
    if question == "null.check" and answer != "if":
        return Wording(f"Arguments are checked against null by `{answer}`.", "errors", 0.4)
    return ROWS.get((question, answer))


ROWS = table(
    ("catch.empty", "no", "No `catch` block is empty: it says at least why.", "errors", 0.85),
    ("catch.width", "named", "Handlers name what they catch, not just `Exception`.", "errors", 0.6),
    ("null.check", "if", "Arguments that are null are refused by an `if` and a `throw`.", "errors", 0.2),
    ("absent", "Optional", "What may be absent is returned as `Optional`, never as null.", "errors", 0.2),
    ("error.message", "plain", "Messages of exceptions begin with a small letter.", "errors", 0.2),
    ("error.message", "capital", "Messages of exceptions begin with a capital.", "errors", 0.6),
    ("error.message", "both", "Messages of exceptions are sentences: a capital and a period.", "errors", 0.2),
    ("final.parameter", "yes", "Parameters are final.", "structure", 0.1),
    ("final.parameter", "no", "Parameters aren't declared final.", "structure", 0.85),
    ("final.local", "yes", "Local variables that are assigned once are final.", "structure", 0.15),
    ("final.local", "no", "Local variables aren't declared final.", "structure", 0.85),
    ("final.loop", "yes", "Loop variables are final.", "structure", 0.1),
    ("local.type", "var", "A local that is made by `new` is declared with `var`.", "structure", 0.2),
    ("local.type", "written", "A local that is made by `new` is declared with its type.", "structure", 0.85),
    ("import.wildcard", "no", "Imports name each class, no `*`.", "structure", 0.85),
    ("import.wildcard", "yes", "Packages are imported with `*`.", "structure", 0.05),
    ("import.static", "first", "Static imports stand before all others.", "structure", 0.6),
    ("import.static", "last", "Static imports stand after all others.", "structure", 0.4),
    ("import.java", "first", "Imports of `java` and `javax` stand before all others.", "structure", 0.4),
    ("import.java", "last", "Imports of `java` and `javax` stand after all others.", "structure", 0.3),
    ("inject", "field", "Dependencies are injected into fields.", "structure", 0.3),
    ("inject", "constructor", "Dependencies are injected through the constructor.", "structure", 0.5),
    ("abstract.name", "Abstract", "Abstract classes are named `AbstractX`.", "naming", 0.4),
    ("abstract.name", "Base", "Abstract classes are named `BaseX` or `XBase`.", "naming", 0.2),
    ("impl.name", "Impl", "What implements an interface `X` is named `XImpl`.", "naming", 0.4),
    ("impl.name", "Default", "What implements an interface `X` is named `DefaultX`.", "naming", 0.2),
    ("doc.param", "yes", "Javadoc lists its parameters (`@param`).", "docs", 0.5),
    ("doc.return", "yes", "Javadoc tells what is returned (`@return`).", "docs", 0.5),
    ("doc.since", "yes", "Javadoc of a class tells since when it is there (`@since`).", "docs", 0.15),
    ("override", "yes", "What overrides says `@Override`.", "structure", 0.95),
    ("braces", "yes", "Bodies of `if` and loops stand in braces, even of one line.", "structure", 0.85),
    ("braces", "no", "A body of one statement stands without braces.", "structure", 0.1),
    ("doc.author", "no", "Javadoc names no author.", "docs", 0.6),
    ("doc.author", "yes", "Javadoc of a class names its author (`@author`).", "docs", 0.15),
    ("test.name", "should", "The names of tests say what `should` be.", "tests", 0.2),
    ("test.name", "test", "Tests are named `testSomething`.", "tests", 0.4),
    ("test.name", "test_", "Tests are named `testMethod_state`.", "tests", 0.1),
    ("test.name", "words", "Tests are named in words joined by underscores.", "tests", 0.2),
    ("test.name", "camel", "Tests are named after what they check, without `test` before it.", "tests", 0.4),
    ("test.public", "yes", "Test methods are public.", "tests", 0.3),
    ("test.public", "no", "Test methods aren't public.", "tests", 0.6),
    ("test.display", "yes", "Tests carry a `@DisplayName`.", "tests", 0.1),
    ("test.raises", "assertThrows", "Expected exceptions go to `assertThrows`.", "tests", 0.5),
    ("test.raises", "assertThatThrownBy", "Expected exceptions go to `assertThatThrownBy`.", "tests", 0.3),
    (
        "test.raises",
        "assertThatExceptionOfType",
        "Expected exceptions go to `assertThatExceptionOfType`.",
        "tests",
        0.1,
    ),
    ("test.raises", "expected", "Expected exceptions are declared as `@Test(expected = …)`.", "tests", 0.1),
    ("test.raises", "fail", "Expected exceptions are caught after a `fail()`.", "tests", 0.1),
    ("test.stub", "when", "Mocks are told what to do by `when`, not `given`.", "tests", 0.7),
    ("test.stub", "given", "Mocks are told what to do by `given` (BDD), not `when`.", "tests", 0.2),
    ("test.mock", "annotation", "Mocks are fields with `@Mock`.", "tests", 0.5),
    ("test.mock", "call", "Mocks are made by a call of `mock(X.class)`.", "tests", 0.4),
)  # fmt: skip
