"""What a team's code takes for granted: counted per file, stated as rules with evidence."""

from __future__ import annotations

from .counts import rule_language
from .facts import facts_of
from .places import is_test
from .rule import Family, Rule
from .rules import rules_of

__all__ = ["Family", "Rule", "facts_of", "is_test", "rule_language", "rules_of"]
