"""Count with which verbs a file's functions begin, and how those that say yes or no are named."""

from __future__ import annotations

import re
from functools import lru_cache

from ..types import Symbol
from .tally import Tally

# Verbs that say the same: a team that has settled on one reads better than one that mixes.
GROUPS = {
    "fetch": ("get", "fetch", "retrieve", "obtain"),
    "delete": ("delete", "remove", "destroy", "erase"),
    "change": ("update", "modify", "change", "edit"),
}
_VERBS = {verb: group for group, verbs in GROUPS.items() for verb in verbs}
_FIRST_WORD = re.compile(r"_*([a-z]+|[A-Z][a-z]+)(?=[A-Z_0-9]|$)")
_PREDICATE = frozenset(
    ("is", "has", "can", "should", "was", "are", "needs", "supports", "contains", "does", "will", "had")
)
_BOOLEAN = re.compile(r"(?:-> ?bool|\): ?boolean|\): ?Boolean|-> ?Bool|\) bool|\): ?bool)$")
_BOOLEAN_BEFORE = re.compile(r"\b(?:boolean|bool) \w+\(\)")
_NOTHING_GIVEN = re.compile(r"\((?:&?(?:mut )?self|&'\w+ self|cls)?,?\)")


def count_verbs(symbol: Symbol, language: str, tally: Tally) -> None:
    word, line = _first_word(symbol.name), symbol.span.start
    if not word:
        return
    if word in _VERBS and len(symbol.name.lstrip("_")) > len(word):
        tally.add(f"verb.{_VERBS[word]}", word, line)
    if _asks(symbol.signature, language) and (word in _PREDICATE or not word.endswith("s")):
        # `exists` and `matches` say it without a prefix
        tally.add("name.predicate", "yes" if word in _PREDICATE else "no", line)


@lru_cache(maxsize=8192)  # the names of one repository repeat
def _first_word(name: str) -> str:
    match = _FIRST_WORD.match(name)
    return match[1].lower() if match else ""


def _asks(signature: str, language: str) -> bool:
    """Whether it takes nothing and gives a boolean: with something to work on it may as well act."""
    if "ool" not in signature:
        return False
    if language in ("java", "csharp", "cpp", "c"):
        return _BOOLEAN_BEFORE.search(signature) is not None
    return _BOOLEAN.search(signature) is not None and _NOTHING_GIVEN.search(signature) is not None
