"""A rule's question and answer -> the checks of tools that refuse what breaks it.

The tables say `tool:check`, with a comma between those of which any is enough. Only checks that see every
case of the question: one that sees a part of it leaves the rule to people.
"""

from __future__ import annotations

from collections.abc import Iterator

from .ecma import ECMA
from .others import GIT, GO, JAVA, RUST
from .python import PYTHON

TABLES = {
    "git": GIT,
    "go": GO,
    "java": JAVA,
    "javascript": ECMA,
    "python": PYTHON,
    "rust": RUST,
    "typescript": ECMA,
}


def enforcers(language: str, question: str, answer: str) -> Iterator[tuple[str, str]]:
    """(tool, check) of each that would do."""
    for known in TABLES.get(language, {}).get((question, answer), "").split(", "):
        tool, _, check = known.partition(":")
        if check:
            yield tool, check
