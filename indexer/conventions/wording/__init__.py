"""A question and its answer -> the sentence that states them, or None where they are no convention."""

from __future__ import annotations

from . import ecma, shared
from .errors import error_wording
from .go import go_wording
from .java import java_wording
from .layout import layout_wording
from .libraries import library_wording
from .names import NAMED, style_wording, suffix_wording, verb_wording
from .others import other_wording
from .python import python_wording
from .rust import rust_wording
from .words import Wording

__all__ = ["Wording", "wording"]

# A language's own sentence comes before the one for all.
_OWN_SENTENCES = {"python": python_wording, "go": go_wording, "java": java_wording, "rust": rust_wording}
# What a folder does differently is chance or its subject, not a habit of its own.
_OF_THE_WHOLE = frozenset(
    (
        *("test.noerror", "error.plain", "unsafe.used", "init", "abstract.name"),
        *("todo", "doc.period", "catch.name", "name.predicate", "error.scope"),
        *("error.start", "error.end", "assert", "test.unit", "test.name"),
    )
)


def wording(language: str, question: str, answer: str, others: list[str], scope: str = "") -> Wording | None:
    """The sentence for an answer in the folder `scope`, or None when it is no convention worth stating.

    `others` are the answers that were given less often.
    """
    topic, _, rest = question.partition(".")
    if scope and (topic == "verb" or question in _OF_THE_WHOLE or (language, answer) == ("go", "testing")):
        return None
    own = _OWN_SENTENCES.get(language)
    said = own(question, answer) if own else None
    if not said and language not in ecma.LANGUAGES and language != "python":
        said = other_wording(language, question, answer)
    if said:
        return said
    if question in NAMED:
        return style_wording(language, question, answer)
    if topic == "verb":
        return verb_wording(rest, answer, others)
    if topic == "suffix" or question == "name.suffix":
        return suffix_wording(rest if topic == "suffix" else "", answer, scope)
    if topic == "uses":
        return library_wording(rest, answer, others)
    if topic == "error":
        return error_wording(language, question, answer)
    if question in ("test.file", "test.place", "base"):
        return layout_wording(language, question, answer, scope)
    if language in ecma.LANGUAGES:
        if scope and question not in ecma.PLACED:
            return None
        return ecma.ecma_wording(question, answer, others) or shared.ROWS.get((question, answer))
    return shared.ROWS.get((question, answer))
