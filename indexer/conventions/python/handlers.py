"""Find the handlers of a Python file: what each catches, the name it binds, and the rows of its body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .source import Source

_EXCEPT = re.compile(r"except\b\*?[ \t]*(\([^)]*\)|[\w., \t]*?)(?:[ \t]+as[ \t]+(\w+))?[ \t]*:")
_BROAD = frozenset({"Exception", "BaseException"})


@dataclass(frozen=True, slots=True)
class Handler:
    """`body` are the numbers of its first and last line; `alone` says that its `try` has nothing else."""

    line: int
    caught: str
    name: str
    body: tuple[int, int]
    alone: bool

    @property
    def width(self) -> str:
        if not self.caught:
            return "bare"
        names = {name.strip() for name in self.caught.strip("()").split(",")}
        return "broad" if names & _BROAD else "named"


def handlers_of(source: Source) -> list[Handler]:
    """In order of appearance; an inner one comes after the one around it."""
    return list(_found(source)) if "except" in source.code else []


def _found(source: Source) -> Iterator[Handler]:
    code = source.code
    for match in _EXCEPT.finditer(code):
        at, last_at = match.start(), match.end()
        outer = at - code.rfind("\n", 0, at) - 1
        if code[at - outer : at].strip(" \t"):
            continue
        line = source.lines.line(match.start(1) if match[1].strip() else at)
        last = source.lines.line(last_at)
        rest = source.row(last)[last_at - code.rfind("\n", 0, last_at) - 1 :].strip()
        end, following = _body(source, last, outer)
        alone = not following.startswith(("else:", "finally:", "except"))
        yield Handler(line, match[1].strip(), match[2] or "", (last if rest else last + 1, end), alone)


def _body(source: Source, last: int, outer: int) -> tuple[int, str]:
    """The last line of the block that the row `last` opens, and the row after it."""
    end = last
    for line in range(last + 1, len(source.rows) + 1):
        row = source.rows[line - 1]
        bare = row.lstrip()
        if not bare:
            continue
        if len(row) - len(bare) <= outer:
            return end, bare
        end = line
    return end, ""
