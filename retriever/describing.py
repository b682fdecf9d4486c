"""Tell a sentence about one thing, as a comment above it would say it, from the topic of a part of code."""

from __future__ import annotations

import re

_WORD = re.compile(r"[a-z]+")
_ASKING = frozenset("how where what which why who whom whose when do does did is are can could".split())
# A heading leaves them out ("cookie signing on responses"), a sentence hardly can.
_DETERMINERS = frozenset("a an the this that these its if whether given".split())
# Comments often begin with one of these and go on without an article ("Returns all open files").
_VERBS = ("return", "get", "set", "create", "check", "add", "convert", "find", "read", "write")
_BEGINS = frozenset(form for verb in _VERBS for form in (verb, f"{verb}s"))


def describes(text: str) -> bool:
    """Whether a text says what one thing does: no question, no heading, no bare name."""
    words = _WORD.findall(text.lower())
    if len(words) < 2 or words[0] in _ASKING or text.rstrip().endswith("?"):
        return False
    return words[0] in _BEGINS or not _DETERMINERS.isdisjoint(words)
