"""The last word of a base's name -> the last words of the classes that derive from it."""

from __future__ import annotations

import re

from .counts import FileFacts
from .errors import classes_of
from .layout import tells
from .tally import Facts

_LAST_WORD = re.compile(r"[A-Z][a-z0-9]+$")


def suffix_answers(file: FileFacts) -> Facts:
    """`suffix.Handler` for `BaseHandler`, `Handler` and `HTTPHandler` alike: a family shares its name."""
    found: Facts = {}
    if file.test:
        return found
    for name, base, line in classes_of(file.facts):
        family = _LAST_WORD.search(base) if tells(base) else None
        if family:
            last = _LAST_WORD.search(name)
            counted = found.setdefault(f"suffix.{family[0]}", {}).setdefault(last[0] if last else "-", [0])
            counted[0] += 1
            counted.append(line)
    return found
