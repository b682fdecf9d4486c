"""Choose the rules that matter for the files at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from indexer.conventions import Rule, is_test, rule_language
from indexer.languages import language_of

HANDFUL = 5  # long lists of rules make an agent worse; few and surprising ones help
_PER_FAMILY = 2


def rules_for(rules: Iterable[Rule], path: str, language: str | None = None) -> list[Rule]:
    """The rules whose folder and language a file falls under; the language where its name does not tell."""
    language = rule_language(language or language_of(path).name)
    return [rule for rule in rules if rule.language == language and path.startswith(rule.scope)]


def by_importance(rules: Iterable[Rule]) -> list[Rule]:
    """What people pinned, then what is written down, then what tells most."""
    return sorted(
        rules, key=lambda rule: (rule.standing != "pinned", not rule.written, -rule.surprise, rule.key)
    )


def most_telling(
    rules: Iterable[Rule], paths: Sequence[str], adds_tests: bool = False, limit: int = HANDFUL
) -> list[Rule]:
    """A handful of rules that apply to any of `paths`, the most important first.

    Left out is what everybody does, what a tool sees to, what the guides contradict, and what holds for
    tests unless one is among the paths or will be. No family takes more than two places but by pins.
    """
    with_tests = adds_tests or any(is_test(path) for path in paths)
    applying = {
        rule.key: rule for path in paths for rule in rules_for(rules, path) if _tells(rule, with_tests)
    }
    chosen: list[Rule] = []
    taken: Counter[str] = Counter()
    for rule in by_importance(applying.values()):
        if len(chosen) < limit and (rule.standing == "pinned" or taken[rule.family] < _PER_FAMILY):
            chosen.append(rule)
            taken[rule.family] += 1
    return chosen


def _tells(rule: Rule, with_tests: bool) -> bool:
    if rule.standing == "pinned":
        return True
    left_out = rule.ordinary or rule.enforced_by or rule.against or rule.family == "history"
    return not left_out and (with_tests or rule.family != "tests")
