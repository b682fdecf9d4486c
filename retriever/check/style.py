"""A change -> the lines of it that break a rule of the repository, each with the nearest place that keeps it.

A place in touched lines that answers a rule's question in another way breaks the rule, unless it was there
before; counted.py says which those are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from indexer.conventions import FileFacts, Rule

from ..conventions import rules_for
from .change import Change
from .counted import Counted
from .finding import Finding, Severity, Shown
from .nearest import Texts, nearest

if TYPE_CHECKING:
    from .index import Index

# A rule accuses that few places break, however many there are: a habit with one exception in eight places, as
# the form of tests in scrapy (2,080 of 2,357), was broken 166 times in 50 merged commits; those with fewer
# than one in ten at most 0.4 times in 200 changed lines, in any of eleven repositories.
_KEPT = 0.9
_SURE = 0.6  # of the interval's lower end: 6 of 6 places (.610) are the fewest that say anything of the next
_ASKED_FOR = 0.85  # what a guide asks for and one place in six does not do, the team has given up
_ABSENT = frozenset({"no", "none", "-"})


def finds(change: Change, search: Index, everything: bool = False) -> list[Finding]:
    """`everything` also takes the rules that a tool enforces anyway."""
    book = search.book(change.repo)

    def text_of(path: str) -> str:
        return search.file(change.repo, path)

    rules = [rule for rule in book.rules if everything or not rule.enforced_by]
    return style(change, rules, book.files, text_of)


def accuses(rule: Rule) -> bool:
    """Whether a rule is strong enough to hold it against a line: measured, or asked for by people."""
    if rule.standing == "pinned":
        return True
    if rule.against:
        return False  # a guide asks for the opposite
    if rule.written:
        return rule.support >= _ASKED_FOR * rule.total
    if rule.family == "docs" and rule.answer in _ABSENT:
        return False  # who documents more than others do breaks nothing
    return rule.support >= _KEPT * rule.total and rule.interval[0] >= _SURE


def style(
    change: Change, rules: Sequence[Rule], files: Sequence[FileFacts], text_of: Texts | None = None
) -> list[Finding]:
    """The breaches of those `rules` that may accuse; `files` are the facts of the repository, with the change
    or without it."""
    counted = Counted(change, files)
    found: list[Finding] = []
    for file in change.files:
        language = file.parsed.file.language if file.parsed else None
        for rule in narrowest(rules_for(rules, file.path, language)):
            lines = counted.breaches(file, rule)
            before = counted.without_change(rule) if lines else rule
            if lines and accuses(before):
                shown = nearest(rule, file, lines[0], counted.after.get(file.path), counted.others, text_of)
                found.append(_finding(before, file.path, lines, shown))
    return found


def _finding(rule: Rule, path: str, lines: Sequence[int], shown: Shown | None) -> Finding:
    said = f"{rule.statement} {rule.support} of {rule.total} places do."
    severity: Severity = "note" if rule.ordinary else "warning"
    return Finding("style", severity, path, lines[0], said, rule.key, shown, tuple(lines[1:]))


def narrowest(rules: Iterable[Rule]) -> list[Rule]:
    """Of the rules for one question the one of the deepest folder: what is said there holds there."""
    found: dict[tuple[str, str], Rule] = {}
    for rule in rules:
        known = found.get((rule.language, rule.question))
        if known is None or len(rule.scope) > len(known.scope):
            found[rule.language, rule.question] = rule
    return list(found.values())
