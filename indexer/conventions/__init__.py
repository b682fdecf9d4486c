"""What a team's code takes for granted: counted per file, read together, stated as rules with evidence.

`facts_of` in facts.py counts one file, `known_of` and `resolved` read each file in the light of all,
`rules_from` states what most of them do. The counters are not imported here: who answers needs none.
"""

from __future__ import annotations

from .counts import FileFacts, read_facts, rule_language
from .places import is_test
from .resolve import Known, known_of, resolved
from .rule import FAMILIES, Family, Rule
from .rules import rules_from
from .tooling import Tools, tooling_rules

__all__ = [
    "FAMILIES",
    "Family",
    "FileFacts",
    "Known",
    "Rule",
    "Tools",
    "is_test",
    "known_of",
    "read_facts",
    "resolved",
    "rule_language",
    "rules_from",
    "tooling_rules",
]
