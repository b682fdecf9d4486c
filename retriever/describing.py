"""The wording of a question -> whether it describes one thing, as a comment would, and of which kind."""

from __future__ import annotations

import re

from .task import ORDERS

_WORD = re.compile(r"[a-z]+")
_ASKING = frozenset("how where what which why who whom whose when do does did is are can could".split())
# A heading leaves them out ("cookie signing on responses"), a sentence hardly can.
_DETERMINERS = frozenset("a an the this that these its if whether given".split())
# Comments often begin with one of these and go on without an article ("Returns all open files").
_VERBS = ("return", "get", "set", "create", "check", "convert", "find", "read", "write")
_BEGINS = frozenset(form for verb in _VERBS for form in (verb, f"{verb}s"))
_WHETHER = re.compile(r"\b(true|whether)\b|^(checks?|tests?|determines?) (if|that)\b", re.IGNORECASE)
_MAKES = re.compile(r"(create|construct|build|make|instantiate|initiali[sz]e)s?\b|new\b", re.IGNORECASE)


def describes(text: str) -> bool:
    """Whether a text says what one thing does: no question, no heading, no bare name, and no order to
    change something, which is about a part of the code."""
    words = _WORD.findall(text.lower())
    if len(words) < 2 or words[0] in _ASKING or text.rstrip().endswith("?"):
        return False
    if words[0] in _BEGINS:
        return True
    return words[0] not in ORDERS and not _DETERMINERS.isdisjoint(words)


def wants_truth(text: str) -> bool:
    """Whether what is described answers yes or no: "Returns true if ..."."""
    return bool(_WHETHER.search(text))


def wants_new(text: str) -> bool:
    """Whether what is described makes something, as constructors do."""
    return bool(_MAKES.match(text))
