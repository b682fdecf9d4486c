"""A repository's pull request template and finished sections -> the template, filled where they fit.

The template is the repository's own form, so its headings stay, in their order. Boxes to tick are for
people: they are kept, and none is ticked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.forge.markdown import line, prose

_LETTERS = 20_000  # of a template; longer ones are cut
_OPEN = "_The agent has nothing to say here._"


@dataclass(frozen=True, slots=True)
class Filled:
    """`used` are the keys of the sections that are in `text`."""

    text: str
    used: frozenset[str]


def filled(template: str, sections: Mapping[str, str]) -> Filled:
    """Empty when the template has no heading: then there is no form to fill."""
    parts: list[str] = []
    used: set[str] = set()
    for level, title, rows in _headed(_COMMENT.sub("", template[:_LETTERS])):
        keys = [key for key in _keys(title) if key in sections and key not in used]
        used |= set(keys)
        texts = [sections[key] for key in keys]
        boxes = prose("\n".join(row for row in rows if _BOX.match(row)))
        texts += [_unescaped_boxes(boxes)] if boxes else []
        parts.append(f"{'#' * level} {line(title)}\n\n" + ("\n\n".join(texts) or _OPEN))
    return Filled("\n\n".join(parts), frozenset(used))


def _headed(text: str) -> list[tuple[int, str, list[str]]]:
    """Level, title and the lines below of each heading outside of code."""
    found: list[tuple[int, str, list[str]]] = []
    fenced = False
    for row in text.splitlines():
        if row.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        heading = None if fenced else _HEADING.match(row)
        if heading:
            found.append((max(len(heading[1]), 2), heading[2].strip(" #*:"), []))
        elif found:
            found[-1][2].append(row)
    return found


def _keys(title: str) -> Sequence[str]:
    """The sections that answer a heading; the first rule that fits decides."""
    words = title.lower()
    return next((keys for pattern, keys in _RULES if pattern.search(words)), ())


def _unescaped_boxes(text: str) -> str:
    return re.sub(r"(?m)^(\s*[-*+] )\\\[[ xX]\\\]", r"\1[ ]", text)


_HEADING = re.compile(r" {0,3}(#{1,6})\s+(\S.{0,200})")
_BOX = re.compile(r"\s*[-*+] \[[ xX]\]")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_RULES: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"check ?list|to ?do"), ()),
    (re.compile(r"test|verif|qa\b|validat"), ("verification", "coverage")),
    (re.compile(r"risk|impact|breaking|rollback"), ("risks",)),
    (re.compile(r"limitation|known|not done|follow"), ("gaps",)),
    (re.compile(r"accept|criteria|definition of done"), ("criteria",)),
    (re.compile(r"issue|ticket|motivation|context|why|background|problem|related"), ("task",)),
    (re.compile(r"files|what changed|changes|implementation"), ("files",)),
    (re.compile(r"summary|description|what|overview|proposed"), ("summary",)),
    (re.compile(r"plan|approach"), ("plan",)),
)
