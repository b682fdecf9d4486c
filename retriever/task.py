"""Read a task for what it is about, and order definitions by how much of that they say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import log, sqrt

from indexer.words import stems

from .types import Hit

# What to do with the code, not which code: said first, these words lead astray ("add" finds Money.__add__).
_ORDERS = frozenset(
    "add allow build change create develop enable ensure extend fix implement improve introduce make move "
    "provide refactor remove rename replace rewrite support update use write".split()
)
_FIRST = re.compile(r"^\s*(?:please\s+)?(\w+)(?:\s+(?:a|an|the|some|support\s+for|new)\b)*\s+", re.IGNORECASE)

_NAMED = 1.0  # a word in the name of a definition says what it is,
_SAID = 0.35  # in its lines what it uses,
_SAID_SOMEWHERE = 0.25  # in the lines of a long one what it mentions in passing
_LONG = 40  # lines
_FLOOR = 0.2  # a hit that says none of the words was found by meaning, which counts too


def about(task: str) -> str:
    """The task without the verb it begins with: `add a retry mechanism` -> `retry mechanism`."""
    first = _FIRST.match(task)
    rest = task[first.end() :].strip() if first else ""
    return rest if first and first[1].lower() in _ORDERS and stems(rest, question=True) else task


def weights(task: str, hits: Sequence[Hit]) -> dict[str, float]:
    """How much each word of the task tells among these hits; a word none of them says tells nothing."""
    said = [set(stems(f"{hit.path} {hit.text}")) for hit in hits]
    found = {}
    for stem in dict.fromkeys(stems(about(task), question=True)):
        holding = sum(stem in words for words in said)
        if holding:
            found[stem] = log((1 + len(hits)) / holding)
    return found


def relevance(hit: Hit, name: str, text: str, telling: Mapping[str, float]) -> float:
    """How well a definition fits: the score of its hit, and the share of the telling words it says."""
    named, own = set(stems(name)), set(stems(text))
    in_text = _SAID if text.count("\n") < _LONG else _SAID_SOMEWHERE
    told = sum(
        weight * (_NAMED if stem in named else in_text if stem in own else 0.0)
        for stem, weight in telling.items()
    )
    share = told / (sum(telling.values()) or 1.0)
    return sqrt(max(hit.score, 0.0)) * (_FLOOR + share)
