"""What all files together tell of a base class, and how each file's classes that derive from it are named."""

from __future__ import annotations

import re
from collections.abc import Mapping

from .counts import FileFacts
from .errors import classes_of
from .layout import tells
from .tally import Facts

_FAMILY = 5  # classes; fewer that derive from one base are no family with a name
_LAST_WORD = re.compile(r"[A-Z][a-z0-9]+$")


def suffix_answers(file: FileFacts, common: Mapping[str, int]) -> Facts:
    """`suffix.BaseHandler`: the last word of each class that derives from it."""
    found: Facts = {}
    if file.test:
        return found
    for name, base, line in classes_of(file.facts):
        if common.get(base, 0) >= _FAMILY and tells(base):
            last = _LAST_WORD.search(name)
            counted = found.setdefault(f"suffix.{base}", {}).setdefault(last[0] if last else "-", [0])
            counted[0] += 1
            counted.append(line)
    return found
