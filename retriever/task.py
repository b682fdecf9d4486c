"""Read a task for what it is about, and for whether it is an order or tells at length what happens."""

from __future__ import annotations

import re

from indexer.words import parts, stem, stems

# What to do with the code, not which code: said first, these words lead astray ("add" finds Money.__add__).
ORDERS = frozenset(
    "add allow build change create develop enable ensure extend fix implement improve introduce make move "
    "provide refactor remove rename replace rewrite support update use write".split()
)
_FIRST = re.compile(r"^\s*(?:please\s+)?(\w+)(?:\s+(?:a|an|the|some|support\s+for|new)\b)*\s+", re.IGNORECASE)

_SHORT = 60  # words: three sentences say what to build; who writes more pastes what happened

_IDENTIFIER = re.compile(r"\w+")


def about(task: str) -> str:
    """The task without the verb it begins with: `add a retry mechanism` -> `retry mechanism`."""
    first = _FIRST.match(task)
    rest = task[first.end() :].strip() if first else ""
    return rest if first and first[1].lower() in ORDERS and stems(rest, question=True) else task


def spoken(text: str) -> dict[str, str]:
    """How each stem of a text is first written there."""
    written: dict[str, str] = {}
    for identifier in dict.fromkeys(_IDENTIFIER.findall(text)):
        for part in parts(identifier):
            written.setdefault(stem(part), part)
    return written


def is_long(task: str) -> bool:
    """Whether a task tells at length what happens, as an issue does, rather than what to build."""
    return len(task.split()) > _SHORT
