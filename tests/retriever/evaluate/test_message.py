"""Commit messages of every kind: what is asked of them, and which are left alone."""

from __future__ import annotations

import pytest

from retriever.evaluate.message import names_a_file, question, why_no_question


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("Retry payments after a timeout (#123)", "Retry payments after a timeout"),
        ("Fixed #12345 -- Escaped quotes in attributes.", "Escaped quotes in attributes."),
        ("[1.8.x] Fixed #1, #22 -- Kept order of rows", "Kept order of rows"),
        ("feat(parser)!: accept trailing commas", "parser: accept trailing commas"),
        ("fix: lost update of counters", "lost update of counters"),
        ("Close idle sockets (GH-77) (fixes #12)", "Close idle sockets"),
        ("Parse forms in parts. Closes #4", "Parse forms in parts."),
        ("gh-1234: Handle empty bodies", "Handle empty bodies"),
        (
            "Retry payments\n\nThe bank drops connections.\n\nSee https://x.org/1\nFixes #12\n"
            "Co-authored-by: A <a@b.c>\nSigned-off-by: B <b@c.d>\n",
            "Retry payments\n\nThe bank drops connections.\n\nSee",
        ),
    ],
)
def test_a_question_holds_what_a_person_would_say(message: str, asked: str) -> None:
    assert question(message) == asked


@pytest.mark.parametrize(
    "subject",
    [
        "Bump version to 1.2.0",
        "Revert \"Retry payments after a timeout\"", "Release 2.0", "v1.4.2",
        "chore(deps): update the http client library", "docs: explain retries of payments in detail",
        "Fix typos in comments of the scheduler", "Reformat all the code with black", "Run isort",
        "Update copyright year in headers", "Bump requests from 2.1 to 2.2", "Update dependencies here",
        "fixup! Retry payments after a timeout", "Fix bug", "Add some more tests", "WIP payments retry",
        "Re-release of 2.5.4 as 2.5.5", "release version 2.0.0rc5",
        "Correct 1049dd6b2a363e1ef302b4161c340fb8582f627a",
    ],
)  # fmt: skip
def test_a_chore_is_no_question(subject: str) -> None:
    assert why_no_question(subject, "A Person <a@b.c>") is not None


@pytest.mark.parametrize(
    "subject",
    [
        "Retry payments after a timeout", "Format dates in the zone of the reader",
        "Release connections early",
        "Fixed #123 -- Escaped quotes in attribute values",
        "Prevent deadlock between the scheduler and its pool",
        "feat(cache): expire entries by size",
    ],
)  # fmt: skip
def test_a_change_of_the_code_is_a_question(subject: str) -> None:
    assert why_no_question(subject, "A Person <a@b.c>") is None


def test_a_bot_asks_nothing() -> None:
    assert why_no_question("Retry payments after a timeout", "renovate[bot] <r@b.c>") == "by a bot"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Retry in shop/retry.py after a timeout", True),
        ("Retry in retry.py.", True),
        ("shop.retry: wait longer", True),
        ("shop/retry waits longer", True),
        ("SHOP/RETRY.PY waits longer", True),
        ("Retry payments after a timeout", False),  # a word that is a file's name too is what people say
        ("retry.pyc is left out", False),
        ("Wait in the workshop/retryer", False),
    ],
)
def test_a_question_that_says_where_to_look_is_known(text: str, named: bool) -> None:
    assert names_a_file(text, ["src/shop/retry.py"]) is named
