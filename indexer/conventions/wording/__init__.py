"""A question and its answer -> the sentence that states them, or None where they are no convention."""

from __future__ import annotations

from . import ecma, python, shared
from .errors import error_wording
from .layout import layout_wording
from .libraries import library_wording
from .names import NAMED, style_wording, verb_wording
from .words import Table, Wording

__all__ = ["Wording", "wording"]

# A language's own sentence comes before the one for all.
_OWN: dict[str, Table] = {
    "python": python.ROWS,
}


def wording(language: str, question: str, answer: str, others: list[str], scope: str = "") -> Wording | None:
    """The sentence for an answer in the folder `scope`, or None when it is no convention worth stating.

    `others` are the answers that were given less often.
    """
    if question in NAMED:
        return style_wording(language, question, answer)
    topic, _, rest = question.partition(".")
    if topic == "verb":
        return verb_wording(language, answer, others)
    if topic == "uses":
        return library_wording(rest, answer, others)
    if topic == "error":
        return error_wording(question, answer)
    if question in ("test.file", "test.place", "base"):
        return layout_wording(language, question, answer, scope)
    if language in ecma.LANGUAGES:
        if scope and question not in ecma.PLACED:
            return None
        return ecma.ecma_wording(question, answer, others) or shared.ROWS.get((question, answer))
    known = (question, answer)
    return _OWN.get(language, {}).get(known) or shared.ROWS.get(known)
