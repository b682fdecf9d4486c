"""A convention as a fact: what most of the code does, how much of it, and where."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal, get_args

Family = Literal["naming", "errors", "tests", "docs", "structure", "tooling", "history"]
FAMILIES: tuple[Family, ...] = get_args(Family)
Trend = Literal["rising", "stable", "fading"]
Standing = Literal["accepted", "pinned"]

_Z = 1.96  # a 95 % interval
_SHARE = 0.8  # one in five may differ: below that a newcomer would see two habits, not one
_LOWEST = 0.55  # more than a coin could do: 5 of 5 pass (.566), 4 of 4 (.510) and 8 of 10 (.490) do not
_ORDINARY = 0.85  # what this many projects of a language do anyway needs no saying


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence about the code of `language` under `scope` ("" is the whole repository).

    `support` of `total` places follow it; `interval` is the 95 % confidence interval of that share
    (Wilson). Places are `path:line`. `usual` estimates the share of projects of the language that do
    the same: `ordinary` rules are true nearly everywhere and left out of packs. `key` names the rule
    whatever its evidence: `language/question=answer`, with `@scope` where it has one.

    `trend` says what the share did in the last year of the history, None where that is not known.
    `enforced_by` names the tool and the line of its settings that refuse what breaks the rule, "" where
    no tool does. `written` are the lines of documents that ask for it, `against` those that ask for the
    opposite. `standing` and `reason` are what people decided about it.
    """

    key: str
    question: str
    answer: str
    statement: str
    family: Family
    scope: str
    language: str
    support: int
    total: int
    interval: tuple[float, float]
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    usual: float
    trend: Trend | None = None
    enforced_by: str = ""
    written: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    standing: Standing | None = None
    reason: str = ""

    @property
    def ordinary(self) -> bool:
        return self.usual >= _ORDINARY

    @property
    def surprise(self) -> float:
        """How much a reader who knows the language learns: rare elsewhere, well supported here."""
        return (1 - self.usual) * self.interval[0]


def is_rule(support: int, total: int) -> bool:
    """Whether so many of so many are a habit rather than chance."""
    return total > 0 and support / total >= _SHARE and wilson(support, total)[0] > _LOWEST


def wilson(support: int, total: int) -> tuple[float, float]:
    """The score interval of a share. Wilson, Probable Inference, JASA 22 (1927)."""
    if not total:
        return 0.0, 1.0
    share = support / total
    scale = 1 + _Z * _Z / total
    middle = (share + _Z * _Z / (2 * total)) / scale
    half = _Z * sqrt(share * (1 - share) / total + _Z * _Z / (4 * total * total)) / scale
    return round(max(0.0, middle - half), 3), round(min(1.0, middle + half), 3)
