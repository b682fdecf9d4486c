"""Rules -> the same rules, each with the tool that already insists on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from indexer.conventions import Rule, Tools
from indexer.conventions.tooling import active, enforcers

_SHOWN = {"commits": "commit linter", "quotes": "formatter, quotes"}


def marked(rules: Iterable[Rule], tools: Tools) -> list[Rule]:
    """`enforced_by` says `ruff B904, pyproject.toml:31`: nobody needs to be told, nor checked by us."""
    return [rule if rule.enforced_by else replace(rule, enforced_by=_enforcer(rule, tools)) for rule in rules]


def _enforcer(rule: Rule, tools: Tools) -> str:
    tests = rule.family == "tests" or rule.question.startswith(("test.", "fixture."))
    for tool, check in enforcers(rule.language, rule.question, rule.answer):
        place = active(tools, tool, check, rule.scope, tests)
        if place is not None:
            name = f"{_SHOWN.get(tool, tool)} {check}".replace("clippy clippy.", "clippy ")
            name = name.replace("clippy rust.", "rustc ")
            return f"{name}, {place}" if place else name
    return ""
