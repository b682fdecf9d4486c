"""Which documents state conventions, and for which folder they speak."""

from __future__ import annotations

import pytest

from indexer.conventions.written import is_guide, scope_of


@pytest.mark.parametrize(
    "path",
    [
        "AGENTS.md",
        "packages/web/CLAUDE.md",
        ".cursorrules",
        ".cursor/rules/testing.mdc",
        ".github/copilot-instructions.md",
        ".github/CONTRIBUTING.md",
        "CONTRIBUTING",
        "HACKING.rst",
        "docs/dev/coding-style.md",
        "doc/en/contributing.rst",
        "docs/contributing/workflow.md",
        "docs/adr/0003-use-postgres.md",
        "doc/architecture/decisions/0001-record.md",
    ],
)
def test_a_document_for_those_who_write_code_is_a_guide(path: str) -> None:
    assert is_guide(path)


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "docs/usage.md",
        "src/style.css",
        "src/styles.py",
        "src/coding/model.md",
        "tests/fixtures/CONTRIBUTING.md",
        "templates/project/AGENTS.md",
        "examples/shop/CLAUDE.md",
    ],
)
def test_what_is_for_users_or_for_others_is_none(path: str) -> None:
    assert not is_guide(path)


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("CONTRIBUTING.md", ""),
        (".github/CONTRIBUTING.md", ""),
        ("docs/dev/coding-style.md", ""),
        ("packages/web/AGENTS.md", "packages/web/"),
        ("packages/web/docs/adr/0001-x.md", "packages/web/"),
    ],
)
def test_a_guide_speaks_of_its_folder_and_docs_of_what_they_belong_to(path: str, scope: str) -> None:
    assert scope_of(path) == scope
