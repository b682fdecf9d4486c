"""A sentence of a guide -> the counted questions that it answers, and how.

A table of patterns rather than a model: a wrong match makes a team's own words accuse its code, so each
row recognises few phrasings and is sure of them. What no row knows is served as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .asking import LANGUAGE_WORDS, ROWS
from .clauses import asks_for
from .naming import names_asked


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer a sentence asks for. `languages` are those it can mean, empty for any."""

    question: str
    answer: str
    languages: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)  # the guides are asked in every generation, and rarely change
def asked_by(sentence: str, title: str = "") -> tuple[Asked, ...]:
    """What it asks for, question by question; a question that it answers in two ways is left out.

    `title` is the heading above it, which may name the language that is meant.
    """
    plain = sentence.replace("`", "").replace('"', "")
    told: dict[str, set[str]] = {}
    meant: dict[str, frozenset[str]] = {}
    spoken = _languages(plain) or _languages(title)
    for question, answer, languages in (*_by_table(plain), *names_asked(plain)):
        told.setdefault(question, set()).add(answer)
        known = spoken & languages if spoken and languages else spoken or languages
        if spoken and not known:
            continue  # it speaks of a language that the question is not asked in
        meant[question] = known
    return tuple(
        Asked(question, next(iter(answers)), meant[question])
        for question, answers in sorted(told.items())
        if len(answers) == 1 and question in meant
    )


def _by_table(sentence: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    for row in ROWS:
        match = row.pattern.search(sentence)
        if not match:
            continue
        wanted = asks_for(sentence, *match.span())
        answer = row.answer if wanted else row.opposite if wanted is False else ""
        if answer:
            yield row.question, answer, row.languages


def _languages(sentence: str) -> frozenset[str]:
    """The languages that a sentence names."""
    found = [languages for pattern, languages in LANGUAGE_WORDS if pattern.search(sentence)]
    return frozenset[str]().union(*found)
