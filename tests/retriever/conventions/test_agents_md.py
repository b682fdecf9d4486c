"""The AGENTS.md that is proposed: short, nothing a newcomer could guess, nothing that a tool sees to."""

from __future__ import annotations

from typing import Any

import pytest

from indexer.conventions import FAMILIES
from retriever.conventions import Conventions
from retriever.conventions.agents_md import agents_md

from .made import rule


def test_it_holds_commands_rules_with_an_example_and_links() -> None:
    command = rule("python/tooling.test=make test", family="tooling", statement="Tests run with `make test`.")
    news = rule("python/tooling.news=changelog", family="tooling", statement="News go into `changelog/`.")
    cause = rule(statement="Errors name their cause.", written=("CONTRIBUTING.md:9",))
    assert agents_md("shop", Conventions((command, news, cause))) == (
        "# Working on shop\n\n## Commands\n\n- Tests run with `make test`.\n\n"
        "## Code\n\n- Errors name their cause. See `shop/client.py`.\n\n"
        "## Tools\n\n- News go into `changelog/`. See `shop/client.py`.\n\n"
        "## Written down\n\n- [CONTRIBUTING.md](CONTRIBUTING.md)\n"
    )


@pytest.mark.parametrize(
    "more",
    [
        {"usual": 0.95},
        {"enforced_by": "ruff B904"},
        {"against": ("CONTRIBUTING.md:3",)},
        {"interval": (0.6, 0.9)},
        {"trend": "fading"},
    ],
)
def test_a_team_would_not_sign_it(more: dict[str, Any]) -> None:
    assert "##" not in agents_md("shop", Conventions((rule(**more),)))


def test_it_is_never_longer_than_a_page() -> None:
    rules = [
        rule(f"python/{family}.{n}=yes", family=family, written=(f"docs/guide{n}.md:1",))
        for family in FAMILIES
        for n in range(12)
    ]
    text = agents_md("shop", Conventions(tuple(rules)))
    assert 20 < len(text.splitlines()) <= 40


def test_a_rule_of_a_folder_names_it_and_is_silent_where_the_whole_says_the_same() -> None:
    whole = rule("python/raise.from=yes", statement="Errors name their cause.")
    part = rule("python/raise.from=yes@shop/", statement="Errors name their cause.")
    other = rule("python/logger=module@web/", statement="Loggers are named by their module.")
    text = agents_md("shop", Conventions((whole, part, other)))
    assert text.count("Errors name their cause") == 1
    assert "Loggers are named by their module (in `web/`)." in text


def test_a_language_with_little_code_has_no_say() -> None:
    much = rule("python/raise.from=yes", statement="Errors name their cause.")
    little = rule("javascript/semicolons=no", statement="No semicolons.", support=5, total=5)
    assert "semicolons" not in agents_md("shop", Conventions((much, little)))
