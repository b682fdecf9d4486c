"""The sentences of a guide that ask for something, as they stand and where they stand."""

from __future__ import annotations

import pytest

from indexer.conventions.written import Saying, sayings_of
from tests.indexer.conventions.facts import facts

GUIDE = """# Contributing

Thank you for your interest! Don't hesitate to ask.

## Installation

- Run `pip install -e .` in a virtual environment.
- You should now see the tests pass.

## Code style

Lines hold at most 100 characters. **Never** import with a
wildcard. You may use any editor.

- Use `snake_case` for functions,
  and [PascalCase](https://example.org) for classes.
- [ ] Prefer composition over inheritance.

```python
# You must not read this: it is code
```

| Always | read tables |
|--------|-------------|

    Never read indented code either.
"""


def said(path: str, text: str) -> list[Saying]:
    return list(sayings_of(path, facts(path, text)))


def test_sentences_have_their_own_lines_and_no_marks() -> None:
    assert [(s.line, s.firmness, s.text) for s in said("CONTRIBUTING.md", GUIDE)] == [
        (12, 0, "Never import with a wildcard."),
        (17, 1, "Prefer composition over inheritance."),
        (15, 2, "Use `snake_case` for functions, and PascalCase for classes."),
    ]


def test_the_heading_above_is_told_with_a_sentence() -> None:
    assert {saying.title for saying in said("CONTRIBUTING.md", GUIDE)} == {"Code style"}


def test_what_speaks_of_people_comes_last() -> None:
    text = (
        "# Hacking\n\n## Code of conduct\n\n- You must treat others well.\n\n"
        "## Tests\n\n- Use plain asserts here.\n"
    )
    assert [(s.text, s.firmness) for s in said("HACKING.md", text)] == [
        ("Use plain asserts here.", 2),
        ("You must treat others well.", 3),
    ]


def test_a_guide_without_headings_is_read_whole() -> None:
    text = "Always write tests first.\nUse the helpers in `shop/retry.py`.\n"
    assert [s.text for s in said(".cursorrules", text)] == [
        "Always write tests first.",
        "Use the helpers in `shop/retry.py`.",
    ]


def test_restructured_text_loses_its_roles_and_directives() -> None:
    text = (
        "Contributing\n============\n\nCoding style\n------------\n\n"
        "* Follow :pep:`8` in all modules.\n\n.. note::\n\n    Never read what a directive holds.\n\n"
        "* Format with `ruff`_ before each commit.\n"
    )
    assert [s.text for s in said("HACKING.rst", text)] == [
        "Follow `8` in all modules.",
        "Format with `ruff` before each commit.",
    ]


@pytest.mark.parametrize(
    ("status", "sentences"),
    [("Accepted", ["We will use PostgreSQL for all state."]), ("Superseded by 7", [])],
)
def test_a_decision_speaks_until_it_is_superseded(status: str, sentences: list[str]) -> None:
    text = (
        f"# 3. Use PostgreSQL\n\nStatus: {status}\n\n## Decision\n\nWe will use PostgreSQL for all state.\n"
    )
    assert [s.text for s in said("docs/adr/0003-use-postgres.md", text)] == sentences


def test_other_documents_are_not_read() -> None:
    assert facts("docs/usage.md", GUIDE) == {}
