"""Choose the rules that matter for the files at hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from indexer.conventions import Rule, rule_language
from indexer.languages import language_of

HANDFUL = 5  # long lists of rules make an agent worse; few and surprising ones help
_PER_FAMILY = 2


def rules_for(rules: Iterable[Rule], path: str) -> list[Rule]:
    """The rules whose folder and language a file falls under."""
    language = rule_language(language_of(path).name)
    return [rule for rule in rules if rule.language == language and path.startswith(rule.scope)]


def most_telling(rules: Iterable[Rule], paths: Sequence[str], limit: int = HANDFUL) -> list[Rule]:
    """A handful of rules that apply to any of `paths`, the most surprising first.

    Ordinary rules are left out, and no family takes more than two places.
    """
    applying = {rule.key: rule for path in paths for rule in rules_for(rules, path) if not rule.ordinary}
    chosen: list[Rule] = []
    taken: Counter[str] = Counter()
    for rule in sorted(applying.values(), key=lambda rule: (-rule.surprise, rule.key)):
        if len(chosen) < limit and taken[rule.family] < _PER_FAMILY:
            chosen.append(rule)
            taken[rule.family] += 1
    return chosen
