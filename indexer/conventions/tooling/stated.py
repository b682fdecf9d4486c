"""A configured fact -> a Rule. What a file sets is certain, so it needs no counting: it is 1 of 1."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..rule import Rule
from ..wording.tooling import tooling_wording

_CERTAIN = (1.0, 1.0)  # of the share of places that follow it: nobody samples a setting


# A statement is read by agents, and a file may say anything: names and numbers pass, sentences do not.
_WORDS = re.compile(r"[\w.:/+@-]{1,60}(?: [\w.:/+@-]{1,60}){0,3}")
_NAME = re.compile(r"[\w:.-]{1,60}")
_PLAIN = {
    "tooling.required-import": re.compile(r"(?:from [\w.]{1,60} )?import [\w., ]{1,60}"),
    "tooling.types": re.compile(r"[\w, ]{1,40}"),
    "tooling.indent": re.compile(r"\d{1,2}"),
    "tooling.line-length": re.compile(r"\d{2,3}"),
    "tooling.docstrings": re.compile(r"\w{1,20}"),
    "tooling.packages": re.compile(r"\w{1,20}"),
    "tooling.news": re.compile(r"[\w./-]{1,60}"),
}


@dataclass(frozen=True, slots=True)
class Stated:
    """An answer that stands in a configuration file at `place`; `by` names the tool that insists on it.

    Of a list the answer is `named`, so that the rule keeps its key when the list grows.
    """

    language: str
    question: str
    answer: str
    place: str
    by: str = ""
    names: tuple[str, ...] = ()


def rule_of(stated: Stated, scope: str) -> Rule | None:
    """None where there are no words for it, or where what is set is none of a setting's."""
    plain = [name for name in stated.names if _NAME.fullmatch(name)]
    if not _PLAIN.get(stated.question, _WORDS).fullmatch(stated.answer) or bool(plain) != bool(stated.names):
        return None
    words = tooling_wording(stated.language, stated.question, stated.answer, plain)
    if words is None:
        return None
    return Rule(
        key=f"{stated.language}/{stated.question}={stated.answer}" + (f"@{scope}" if scope else ""),
        question=stated.question,
        answer=stated.answer,
        statement=words.statement,
        family="tooling",
        scope=scope,
        language=stated.language,
        support=1,
        total=1,
        interval=_CERTAIN,
        examples=(stated.place,),
        counter_examples=(),
        usual=words.usual,
        enforced_by=f"{stated.by}, {stated.place}" if stated.by else "",
    )
