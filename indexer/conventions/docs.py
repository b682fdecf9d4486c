"""Count which public definitions are documented, and how the comment's first sentence is written."""

from __future__ import annotations

import re

from ..types import Symbol
from .tally import Tally

# Python and the ECMA languages count the style of theirs; Go's begin with the name of what they describe.
_OWN_STYLE = frozenset({"python", "javascript", "jsx", "typescript", "tsx", "vue", "svelte", "astro"})

_VERBS = frozenset(
    (
        "add apply append build call check clear close compare compute convert copy create define delete "
        "determine execute extract fetch find format generate get handle indicate initialize insert load "
        "make merge normalize open parse perform print process read register remove render replace resolve "
        "return run save send set start stop store transform update validate verify wrap write"
    ).split()
)
_FIRST = re.compile(r"([A-Z][a-z]+)\b(?! of\b)")
_BOUNDARY = re.compile(r"\n\s*\n|\n\s*@|\n\s*#+ |\n\s*<|\n\s*[-*] ")
_ENDING = re.compile(r"[\w)`'\"}\]>]$")


def count_doc(symbol: Symbol, what: str, language: str, tally: Tally) -> None:
    """Of a definition that others may use."""
    line, doc = symbol.span.start, symbol.doc
    tally.add(f"doc.{what}", "yes" if doc else "no", line)
    if not doc or language in _OWN_STYLE:
        return
    first = _BOUNDARY.split(doc.lstrip()[:600], maxsplit=1)[0].rstrip()
    if not first or first[0] in "@{<#" or " " not in first:
        return
    begins = _first_line(symbol)
    if first.endswith((".", "!", "?")):
        tally.add("doc.period", "yes", begins + first.count("\n"))
    elif _ENDING.search(first) and not first.startswith("Deprecated"):
        tally.add("doc.period", "no", begins + first.count("\n"))
    match = _FIRST.match(first) if what != "type" and language != "go" else None
    if match:
        word = match[1].lower()
        if word in _VERBS:
            tally.add("doc.mood", "imperative", begins)
        elif word.endswith("s") and (word[:-1] in _VERBS or word[:-2] in _VERBS):
            tally.add("doc.mood", "third", begins)


def _first_line(symbol: Symbol) -> int:
    """Where the comment's text begins: `/**` may have a line of its own, and `*/` another."""
    room = symbol.span.start - symbol.doc_start - symbol.doc.count("\n") - 1
    return symbol.doc_start + (room >= 2)
