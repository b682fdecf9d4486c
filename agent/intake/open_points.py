"""A task's text and its criteria -> the statements whose author left them open."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .brief import shortened
from .markdown import read_lines

_MARKED = re.compile(
    r"\[NEEDS CLARIFICATION\b|\bTB[DC]\b|\?\?\?|\bto be (?:decided|determined|defined|discussed|confirmed)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\beither\b[^.\n]{1,200}\bor\b", re.IGNORECASE)
_QUESTION = re.compile(r"\?[)\"'*_]*(?:\s|$)")
_QUESTIONS = re.compile(
    r"(?:open|unresolved|outstanding) (?:questions|points|issues)|to clarify", re.IGNORECASE
)
_MOST = 20  # more than a person answers at once
_LETTERS = 300


def open_points(text: str, criteria: Iterable[str] = ()) -> tuple[str, ...]:
    """Quotations, each once.

    Marks such as TBD count anywhere. A question mark or a choice counts only in a criterion or under a
    heading for open questions: elsewhere "Can you fix this?" is a request.
    """
    found = list(_in_text(text))
    for criterion in criteria:
        for line in criterion.split("\n"):
            if _MARKED.search(line) or _CHOICE.search(line) or _QUESTION.search(line):
                found.append(_quoted(line))
    kept: dict[str, str] = {}  # without emphasis -> as written; a criterion repeats a line of the text
    for point in found[: 10 * _MOST]:
        plain = point.replace("*", "")
        if plain and not any(plain in other for other in kept):
            kept[plain] = point
    return tuple(kept.values())[:_MOST]


def _in_text(text: str) -> Iterable[str]:
    under = 0  # the level of the heading for open questions that we are below
    for line in read_lines(text):
        if line.code is not None:
            continue
        if heading := line.heading:
            level, title = heading
            if not under or level <= under:
                under = level if _QUESTIONS.search(title) else 0
            continue
        settled = re.search(r"\[[xX]\]|~~|\b(?:resolved|answered|decided):", line.text)
        if _MARKED.search(line.text) or (under and "?" in line.text and not settled):
            yield _quoted(line.text)


def _quoted(line: str) -> str:
    return shortened(re.sub(r"^\s*(?:[-*+>]\s+)?(?:\[.?\]\s+)?", "", line), _LETTERS)
