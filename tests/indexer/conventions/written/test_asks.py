"""What sentences of guides ask for. A wrong match accuses a team by its own words: none is better."""

from __future__ import annotations

import pytest

from indexer.conventions.wording import wording
from indexer.conventions.written import asked_by
from indexer.conventions.written.asking import ROWS, Row


def asked(sentence: str, title: str = "") -> set[str]:
    return {f"{one.question}={one.answer}" for one in asked_by(sentence, title)}


@pytest.mark.parametrize(
    ("sentence", "answer"),
    [
        ("Use `raise ... from error` when an error is wrapped.", "raise.from=yes"),
        ("Never use a bare `except`.", "except.bare=no"),
        ("Don't catch `except Exception`.", "except=named"),
        ("Prefer absolute imports over relative ones.", "import.form=absolute"),
        ("Avoid relative imports.", "import.form=absolute"),
        ("Relative imports are not allowed.", "import.form=absolute"),
        ("Do not use default exports.", "export=named"),
        ("Use named exports, not default exports.", "export=named"),
        ("Write plain test functions, not test classes.", "test.form=function"),
        ("Tests should live next to the file they test.", "test.place=beside"),
        ("File names should be kebab-case.", "name.file=kebab"),
        ("Use `pathlib` instead of `os.path`.", "uses.paths=pathlib"),
        ("Use Google style docstrings.", "doc.style=google"),
        ("All public functions must have docstrings.", "doc.function=yes"),
        ("Prefer interfaces over type aliases for object shapes", "object.type=interface"),
        ("Use type aliases instead of interfaces.", "object.type=type"),
        ("Don't prefix interfaces with I.", "interface.prefix=no"),
        ("Use arrow functions instead of function declarations.", "function.form=arrow"),
        ("Don't use mocks.", "test.double=none"),
        ("Error strings should not be capitalized.", "error.message=plain"),
        ("Avoid `any` where possible; use `unknown` or proper types", "any=unknown"),
        ("Never use `var`.", "declaration=block"),
        ("Avoid `unwrap()` outside of tests.", "panic.form=expect"),
        ("Never import with wildcard `*`", "import.wildcard=no"),
        ("We use (4) spaces instead of tabs.", "indent=4"),
        ("Use async/await instead of `.then()` chains.", "promise=await"),
        ("Use `X | None` instead of `Optional[X]`.", "types.union=bar"),
        ("Do not use f-strings in logging calls.", "log.form=arguments"),
        ("Do not use `print()`.", "report=log"),
        ("Use pytest, not unittest.", "test.framework=pytest"),
        ('Use "should..." format for `it()` descriptions', "test.should=yes"),
        ("Data classes should be frozen.", "dataclass.frozen=yes"),
    ],
)
def test_a_sentence_asks_for_an_answer(sentence: str, answer: str) -> None:
    assert asked(sentence) == {answer}


def test_each_kind_of_name_gets_the_style_that_is_said_of_it() -> None:
    after = "Use PascalCase for types and camelCase for functions."
    before = "Functions are snake_case, classes PascalCase and constants UPPER_CASE."
    assert asked(after) == {"name.type=pascal", "name.function=camel"}
    assert asked(before) == {"name.function=snake", "name.type=pascal", "name.constant=upper"}


@pytest.mark.parametrize(
    "sentence",
    [
        "You may use either named exports or default exports.",
        "If you prefer, use default exports.",
        "Should we use default exports?",
        "Public methods don't need docstrings.",
        "Test methods should be snake_case.",
        "Raise it from within the loop.",
        "Tests should be written for real scenarios, with minimum mocking.",
        "The interface of the parser is described below.",
        "Keep functions short.",
    ],
)
def test_what_leaves_a_question_open_asks_for_nothing(sentence: str) -> None:
    assert asked(sentence) == set()


def test_a_language_is_named_by_the_sentence_or_by_its_heading() -> None:
    (named,) = asked_by("In TypeScript files use kebab-case file names.")
    (titled,) = asked_by("Use kebab-case file names.", "TypeScript style")
    (open_,) = asked_by("Use kebab-case file names.")
    assert named.languages == titled.languages == {"typescript"}
    assert open_.languages == set()


def test_a_sentence_of_another_language_asks_nothing_of_this_one() -> None:
    assert asked("In Rust, prefer relative imports.") == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.question}={row.answer}")
def test_what_a_row_asks_for_can_be_stated_as_a_rule(row: Row) -> None:
    languages = row.languages or {"python", "typescript", "go", "java", "rust"}
    assert any(
        wording(language, row.question, answer, [], "")
        for language in languages
        for answer in (row.answer, row.opposite)
        if answer
    )
