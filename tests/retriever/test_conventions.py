"""Which rules are told: those for the files at hand, few, the most surprising first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from indexer.conventions import Rule
from indexer.conventions.rule import Family
from retriever.conventions import HANDFUL, most_telling, rules_for


def _rule(
    key: str, usual: float = 0.3, family: Family = "errors", scope: str = "", language: str = "python"
) -> Rule:
    return Rule(
        key, key, "yes", f"{key}.", family, scope, language, 10, 10, (0.72, 1.0), ("a.py:1",), (), usual
    )


def test_rules_apply_by_language_and_folder() -> None:
    rules = [_rule("all"), _rule("core", scope="core/"), _rule("ts", language="typescript")]
    assert [rule.key for rule in rules_for(rules, "core/a.py")] == ["all", "core"]
    assert [rule.key for rule in rules_for(rules, "corelib/a.py")] == ["all"]
    assert [rule.key for rule in rules_for(rules, "web/a.tsx")] == ["ts"]


def test_the_most_surprising_come_first_and_ordinary_ones_not_at_all() -> None:
    rules = [_rule("plain", 0.95), _rule("known", 0.5), _rule("odd", 0.1)]
    assert [rule.key for rule in most_telling(rules, ["a.py"])] == ["odd", "known"]


def test_a_handful_holds_at_most_two_of_a_family() -> None:
    families: tuple[Family, ...] = ("naming", "errors", "tests", "docs", "structure")
    rules = [_rule(f"{family}{n}", 0.1 * n, family) for family in families for n in range(1, 5)]
    chosen = most_telling(rules, ["a.py"], adds_tests=True)
    assert len(chosen) == HANDFUL
    assert max(sum(rule.family == family for rule in chosen) for family in families) <= 2


@pytest.mark.parametrize(
    "more",
    [
        {"enforced_by": "ruff B904, pyproject.toml:31"},
        {"against": ("CONTRIBUTING.md:3",)},
        {"family": "history"},
        {"usual": 0.95, "written": ("CONTRIBUTING.md:3",)},
    ],
)
def test_nobody_needs_to_be_told_what_tools_see_to_or_guides_contradict(more: dict[str, Any]) -> None:
    rule = _rule("odd")
    assert most_telling([rule], ["a.py"]) == [rule]
    assert most_telling([replace(rule, **more)], ["a.py"]) == []
    pinned = replace(rule, standing="pinned", **more)
    assert most_telling([pinned], ["a.py"]) == [pinned]


def test_rules_of_tests_are_told_where_a_test_is_at_hand_or_will_be() -> None:
    rule = _rule("named", family="tests")
    assert most_telling([rule], ["shop/cart.py"]) == []
    assert most_telling([rule], ["shop/cart.py", "tests/test_cart.py"]) == [rule]
    assert most_telling([rule], ["shop/cart.py"], adds_tests=True) == [rule]


def test_what_is_pinned_and_what_is_written_come_before_what_surprises() -> None:
    pinned = replace(_rule("pinned", 0.8, "docs"), standing="pinned")
    written = replace(_rule("written", 0.8, "naming"), written=("STYLE.md:1",))
    rules = [_rule("odd", 0.1), written, pinned]
    assert [rule.key for rule in most_telling(rules, ["a.py"])] == ["pinned", "written", "odd"]
