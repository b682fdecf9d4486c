"""What a sentence about a habit consists of, and how a table of them is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..rule import Family


@dataclass(frozen=True, slots=True)
class Wording:
    """A convention in words.

    `usual` is the share of projects of the language that would say the same: a judgement in steps of a
    tenth or so, made after looking at the rules of a dozen public repositories. It orders rules by how
    much they tell; nothing else depends on it.
    """

    statement: str
    family: Family
    usual: float


Table = dict[tuple[str, str], Wording]  # by question and answer


def table(*rows: tuple[str, str, str, Family, float]) -> Table:
    """From (question, answer, statement, family, usual)."""
    return {
        (question, answer): Wording(said, family, usual) for question, answer, said, family, usual in rows
    }


def any_of(names: list[str]) -> str:
    """Up to three names as they are said in a sentence."""
    return " or ".join(f"`{name}`" for name in sorted(names)[:3])


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence with a gap for the answer, where the answers are not known beforehand.

    `usual` tells how usual the common answers are, `rare` all others; those in `without` are no convention.
    """

    sentence: str
    family: Family
    usual: Mapping[str, float]
    rare: float = 0.2
    without: tuple[str, ...] = ()


def said_by(saying: Saying, answer: str) -> Wording | None:
    if answer in saying.without:
        return None
    return Wording(saying.sentence.format(answer), saying.family, saying.usual.get(answer, saying.rare))
