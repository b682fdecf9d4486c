"""One way to ask for one answer, and how a table of them is written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`pattern` asks for `answer`; a sentence that forbids it asks for `opposite`; "" is no answer."""

    question: str
    answer: str
    opposite: str
    pattern: re.Pattern[str]
    languages: frozenset[str]


def rows(languages: Iterable[str], *table: tuple[str, str, str, str]) -> tuple[Row, ...]:
    """From (question, answer, opposite, pattern whose case does not matter)."""
    meant = frozenset(languages)
    return tuple(
        Row(question, answer, opposite, re.compile(pattern, re.I), meant)
        for question, answer, opposite, pattern in table
    )
