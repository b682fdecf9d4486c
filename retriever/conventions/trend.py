"""Rules -> the same rules, each with what its share of the code did in the last year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import sqrt

from indexer.conventions import FileFacts, Rule, known_of, resolved
from indexer.conventions.rule import Trend

from .past import Past

_Z = 1.96  # beyond, chance would do it once in twenty
_EFFECT = 0.02  # of the share: below, nobody would say that anything changed, however many places there are
_ENOUGH = 5  # places on each side; fewer are an anecdote

_Count = tuple[float, float]  # how many places follow a rule, of how many


def with_trends(rules: Iterable[Rule], files: Sequence[FileFacts], past: Past | None) -> list[Rule]:
    """`files` are the raw facts of all files as they are now. Without a past nothing is known."""
    rules = list(rules)
    if past is None:
        return rules
    before, after = _changed(files, past)
    return [replace(rule, trend=_trend(rule, before, after, past.scale)) for rule in rules]


def _changed(files: Sequence[FileFacts], past: Past) -> tuple[list[FileFacts], list[FileFacts]]:
    """The changed files as they were and as they are, each read in the light of all others of its time."""
    now = {change.after for change in past.changes if change.after}
    was = {file.path for file in past.files}
    rest = [file for file in files if file.path not in now and file.path not in was]
    read = {change.after for change in past.changes if change.before in was or change.before is None}
    present = [file for file in files if file.path in now and file.path in read]
    known_then = known_of(sorted([*rest, *past.files], key=lambda file: file.path))
    known_now = known_of(files)
    return (
        [resolved(file, known_then) for file in past.files],
        [resolved(file, known_now) for file in present],
    )


def _trend(rule: Rule, before: Sequence[FileFacts], after: Sequence[FileFacts], scale: float) -> Trend | None:
    """None for what is not counted, and for what was hardly there."""
    if rule.family in ("tooling", "history"):
        return None
    was, now = _count(rule, before), _count(rule, after)
    whole_now = (rule.support, rule.total)
    whole_was = (whole_now[0] + scale * (was[0] - now[0]), whole_now[1] + scale * (was[1] - now[1]))
    if whole_was[1] < _ENOUGH or whole_now[1] < _ENOUGH:
        return None
    moved = _share(whole_now) - _share(whole_was)
    # Where nearly all that changed is new, it is the code that was there before that it differs from.
    known = was if was[1] >= _ENOUGH else whole_was
    if abs(moved) < _EFFECT or now[1] < _ENOUGH or abs(_z(known, now)) < _Z:
        return "stable"
    return "rising" if moved > 0 else "fading"


def _count(rule: Rule, files: Iterable[FileFacts]) -> _Count:
    counts: Counter[str] = Counter()
    for file in files:
        if file.language == rule.language and file.path.startswith(rule.scope):
            for answer, (count, *_lines) in file.facts.get(rule.question, {}).items():
                counts[answer] += count
    return counts[rule.answer], counts.total()


def _share(count: _Count) -> float:
    return min(1.0, max(0.0, count[0] / count[1]))


def _z(one: _Count, other: _Count) -> float:
    """How many standard errors two shares lie apart, pooled."""
    pooled = min(1.0, max(0.0, (one[0] + other[0]) / (one[1] + other[1])))
    error = sqrt(pooled * (1 - pooled) * (1 / one[1] + 1 / other[1]))
    return (_share(other) - _share(one)) / error if error else 0.0
