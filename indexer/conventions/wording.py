"""What a question and its answer mean in words, and how many projects would say the same.

`usual` is a judgement in steps of a tenth or so, made after looking at the rules of a dozen
public repositories: it orders rules by how much they tell, nothing else depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from .rule import Family


@dataclass(frozen=True, slots=True)
class Wording:
    statement: str
    family: Family
    usual: float


def wording(language: str, question: str, answer: str, others: list[str]) -> Wording | None:
    """The sentence for an answer, or None when it is no convention worth stating.

    `others` are the answers that were given less often.
    """
    if question in _NAMED:
        return _style(language, question, answer)
    topic, _, rest = question.partition(".")
    if topic == "verb":
        return _verb(language, answer, others)
    if topic == "uses":
        return _library(rest, answer, others)
    return _WORDINGS.get((question, answer))


_NAMED = {
    "name.function": "Functions",
    "name.method": "Methods",
    "name.type": "Types",
    "name.constant": "Constants and other names at file level",
    "name.file": "Files",
}
_STYLES = {
    "snake": "snake_case",
    "camel": "camelCase",
    "pascal": "PascalCase",
    "upper": "UPPER_CASE",
    "kebab": "kebab-case",
}
_SNAKE = {"name.function": "snake", "name.method": "snake", "name.type": "pascal", "name.constant": "upper"}
_CAMEL = {"name.function": "camel", "name.method": "camel", "name.type": "pascal"}
_EXPECTED = {
    "python": {**_SNAKE, "name.file": "snake"},
    "rust": {**_SNAKE, "name.file": "snake"},
    "ruby": {**_SNAKE, "name.file": "snake"},
    "elixir": {**_SNAKE, "name.file": "snake"},
    "zig": {"name.function": "camel", "name.method": "camel", "name.type": "pascal"},
    "javascript": {**_CAMEL, "name.constant": "camel"},
    "typescript": {**_CAMEL, "name.constant": "camel"},
    "java": {**_CAMEL, "name.constant": "upper", "name.file": "pascal"},
    "kotlin": {**_CAMEL, "name.file": "pascal"},
    "scala": {**_CAMEL, "name.file": "pascal"},
    "swift": {**_CAMEL, "name.file": "pascal"},
    "php": {**_CAMEL, "name.file": "pascal"},
    "csharp": {
        "name.function": "pascal",
        "name.method": "pascal",
        "name.type": "pascal",
        "name.file": "pascal",
    },
    "haskell": {**_CAMEL, "name.file": "pascal"},
    "go": {
        "name.function": "camel",
        "name.method": "pascal",
        "name.type": "pascal",
        "name.constant": "camel",
        "name.file": "snake",
    },
    "bash": {"name.function": "snake"},
}


def _style(language: str, question: str, answer: str) -> Wording:
    expected = _EXPECTED.get(language, {}).get(question)
    usual = 0.5 if expected is None else 0.95 if expected == answer else 0.05
    return Wording(f"{_NAMED[question]} are named in {_STYLES[answer]}.", "naming", usual)


def _verb(language: str, verb: str, others: list[str]) -> Wording:
    usual = 0.85 if verb in ("get", "update", "to", "create") else 0.3
    instead = f", not with {_any_of(others)}" if others else ""
    return Wording(f"Names of functions begin with `{verb}`{instead}.", "naming", usual)


_JOBS = {
    "http": "HTTP requests go through",
    "models": "Classes that mainly hold data are made with",
    "logging": "Logging goes through",
    "cli": "Command lines are built with",
    "paths": "Paths are handled with",
    "database": "The database is reached through",
    "web": "The web interface is built with",
    "json": "JSON is read and written with",
    "dates": "Dates and times are handled with",
    "validation": "Input is validated with",
    "state": "State is kept in",
}
# What a language brings along, or what everybody takes.
_OBVIOUS = frozenset({"json", "datetime", "logging", "dataclasses"})


def _library(job: str, library: str, others: list[str]) -> Wording:
    instead = f", not {_any_of(others)}" if others else ""
    usual = 0.85 if library in _OBVIOUS and not others else 0.5
    return Wording(f"{_JOBS[job]} `{library}`{instead}.", "structure", usual)


def _any_of(names: list[str]) -> str:
    return " or ".join(f"`{name}`" for name in sorted(names)[:3])


def _table(*rows: tuple[str, str, str, Family, float]) -> dict[tuple[str, str], Wording]:
    return {(q, a): Wording(statement, family, usual) for q, a, statement, family, usual in rows}


_WORDINGS = _table(
    ("name.predicate", "yes", "Functions that return a boolean begin with is, has or can.", "naming", 0.6),
    ("interface.prefix", "yes", "Interfaces carry the prefix I.", "naming", 0.1),
    ("interface.prefix", "no", "Interfaces carry no prefix I.", "naming", 0.9),
    # Errors
    ("raise.from", "yes", "An error raised while another is handled names it as its cause.", "errors", 0.3),
    ("except", "named", "Handlers name what they catch, never just `Exception`.", "errors", 0.6),
    ("except", "broad", "Handlers catch `Exception` and sort it out afterwards.", "errors", 0.1),
    ("catch.empty", "no", "No `catch` block is empty.", "errors", 0.9),
    # Documentation
    ("doc.function", "yes", "Public functions carry a doc comment.", "docs", 0.4),
    ("doc.method", "yes", "Public methods carry a doc comment.", "docs", 0.3),
    ("doc.type", "yes", "Public types carry a doc comment.", "docs", 0.5),
    ("doc.function", "no", "Functions carry no doc comment: names and types have to do.", "docs", 0.5),
    ("doc.method", "no", "Methods carry no doc comment: names and types have to do.", "docs", 0.6),
    ("doc.type", "no", "Types carry no doc comment: names have to do.", "docs", 0.5),
    ("doc.style", "google", "Docstrings list `Args:`, `Returns:` and `Raises:` (Google style).", "docs", 0.4),
    ("doc.style", "numpy", "Docstrings have underlined sections (NumPy style).", "docs", 0.2),
    ("doc.style", "sphinx", "Docstrings list `:param name:` fields (Sphinx style).", "docs", 0.3),
    ("doc.style", "prose", "Docstrings are prose, without sections for parameters and results.", "docs", 0.3),
    ("types.return", "yes", "Functions annotate what they return.", "docs", 0.6),
    ("types.return", "no", "Functions carry no type annotations.", "docs", 0.4),
    # Structure
    ("future.annotations", "yes", "Modules import `annotations` from `__future__`.", "structure", 0.4),
    ("import.form", "relative", "Modules of one package import each other relatively.", "structure", 0.4),
    ("import.form", "absolute", "Modules of one package import each other by full name.", "structure", 0.5),
    ("dataclass.frozen", "yes", "Data classes are frozen.", "structure", 0.2),
    ("dataclass.slots", "yes", "Data classes have slots.", "structure", 0.1),
    ("options.keyword", "yes", "Parameters with a default are keyword-only (after `*`).", "structure", 0.1),
    ("logger", "module", "Loggers are made by `logging.getLogger(__name__)`.", "structure", 0.7),
    ("logger", "other", "Loggers have names of their own, not `__name__`.", "structure", 0.2),
    ("function.form", "arrow", "Functions at file level are arrow functions.", "structure", 0.4),
    ("function.form", "declaration", "Functions at file level are declarations.", "structure", 0.5),
    ("export", "named", "Modules export names, not a default.", "structure", 0.6),
    ("export", "default", "Modules export one default.", "structure", 0.2),
    ("semicolons", "no", "Statements end without semicolons.", "structure", 0.3),
    ("semicolons", "yes", "Statements end with semicolons.", "structure", 0.85),
    ("import.suffix", "yes", "Relative imports name the file's suffix.", "structure", 0.3),
    ("import.suffix", "no", "Relative imports leave the file's suffix away.", "structure", 0.6),
    ("module", "commonjs", "Modules are CommonJS (`require`, `module.exports`).", "structure", 0.3),
    ("module", "esm", "Modules are ES modules.", "structure", 0.85),
    ("object.type", "interface", "Shapes of objects are interfaces, not type aliases.", "structure", 0.5),
    ("object.type", "type", "Shapes of objects are type aliases, not interfaces.", "structure", 0.3),
    # Tests
    ("test.framework", "pytest", "Tests run with pytest.", "tests", 0.8),
    ("test.framework", "unittest", "Tests are `unittest` test cases.", "tests", 0.3),
    ("test.framework", "vitest", "Tests run with Vitest.", "tests", 0.5),
    ("test.framework", "jest", "Tests run with Jest.", "tests", 0.6),
    ("test.framework", "mocha", "Tests run with Mocha.", "tests", 0.4),
    ("test.framework", "node:test", "Tests run with Node's own runner (`node:test`).", "tests", 0.1),
    ("test.framework", "bun:test", "Tests run with Bun's own runner (`bun:test`).", "tests", 0.1),
    ("test.framework", "ava", "Tests run with AVA.", "tests", 0.1),
    ("test.framework", "playwright", "Tests run with Playwright.", "tests", 0.2),
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
    ("test.form", "function", "Tests are plain functions, not methods of a class.", "tests", 0.6),
    ("test.form", "class", "Tests are methods of plain classes that group them.", "tests", 0.2),
    ("test.unit", "yes", "Tests are named `test_<unit>_<behaviour>`.", "tests", 0.4),
    ("test.name", "sentence", "The name of a test says in a sentence what is true.", "tests", 0.4),
    ("test.fixtures", "yes", "Tests take what they need as fixtures.", "tests", 0.4),
    ("fixture.place", "conftest", "Fixtures live in `conftest.py`.", "tests", 0.4),
    ("fixture.place", "local", "Fixtures live in the test file that uses them.", "tests", 0.3),
    ("test.raises", "match", "`pytest.raises` checks the message as well (`match=`).", "tests", 0.3),
    ("test.raises", "type", "`pytest.raises` checks the type of the error only.", "tests", 0.6),
    ("test.table", "parametrize", "Tables of cases go into `pytest.mark.parametrize`.", "tests", 0.8),
    ("test.table", "subTest", "Tables of cases run under `subTest`.", "tests", 0.2),
    ("test.table", "each", "Tables of cases go into `.each`.", "tests", 0.6),
    ("test.double", "none", "Tests use no mocking library: stand-ins are written by hand.", "tests", 0.3),
    ("test.double", "mock", "Tests replace collaborators with mocks.", "tests", 0.4),
    ("test.double", "monkeypatch", "Tests replace collaborators with `monkeypatch`.", "tests", 0.2),
    ("test.word", "it", "Test cases are written as `it(...)`.", "tests", 0.6),
    ("test.word", "test", "Test cases are written as `test(...)`.", "tests", 0.4),
    ("test.should", "yes", "Test cases are described as `should ...`.", "tests", 0.3),
    ("test.assertion", "assert", "Tests check with `assert`, not `expect`.", "tests", 0.2),
    ("test.assertion", "expect", "Tests check with `expect`.", "tests", 0.85),
)  # fmt: skip
