"""Sentences that say how things are written: `snake_case` for functions, PascalCase types."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .clauses import asks_for

_STYLES = (
    ("snake", re.compile(r"\b(?<!SCREAMING_)(?:lower_)?snake[_ -]?case\b", re.I)),
    ("camel", re.compile(r"\b(?:lower)?camel[_ -]?case\b(?<!UpperCamelCase)", re.I)),
    ("pascal", re.compile(r"\b(?:pascal[_ -]?case|upper[_ ]?camel[_ -]?case|CapWords)\b", re.I)),
    ("upper", re.compile(r"\b(?:SCREAMING_SNAKE_CASE|UPPER_CASE|UPPER_SNAKE_CASE|ALL_CAPS)\b")),
    ("kebab", re.compile(r"\bkebab[_ -]?case\b|\bdash-case\b", re.I)),
)  # fmt: skip
_KINDS = (
    ("name.function", re.compile(r"(?<!test )\bfunctions?\b(?! components?)(?! calls?)", re.I)),
    ("name.method", re.compile(r"(?<!test )\bmethods?\b", re.I)),
    ("name.type", re.compile(r"\b(?:class(?:es)?|types|type names|interfaces|enums|structs)\b", re.I)),
    ("name.constant", re.compile(r"\bconstants?\b", re.I)),
    ("name.file", re.compile(r"\b(?:file ?names?|files|modules?(?: names)?)\b", re.I)),
)
_AFTER = re.compile(r"\s*(?:names?\s+)?(?:for|in|when naming)\b", re.I)
_NEXT_WORDS = 15  # characters: two words, of which one is cut
_STOP = re.compile(r"[;:]|\.\s")


def names_asked(sentence: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """(question, style, any language) of each kind of name that the sentence speaks of."""
    found = sorted(
        (match.start(), match.end(), style)
        for style, pattern in _STYLES
        for match in pattern.finditer(sentence)
    )
    for nth, (start, end, style) in enumerate(found):
        if not asks_for(sentence, start, end):
            continue
        after = _AFTER.match(sentence, end)
        if after:
            to = found[nth + 1][0] if nth + 1 < len(found) else len(sentence)
            stretch = _STOP.split(sentence[after.end() : to])[0]
        else:
            stretch = _STOP.split(sentence[found[nth - 1][1] if nth else 0 : start])[-1]
        if not after and not any(kind.search(stretch) for _, kind in _KINDS):
            stretch = sentence[end : end + _NEXT_WORDS]  # "kebab-case file names"
        for question, kind in _KINDS:
            if kind.search(stretch):
                yield question, style, frozenset()
