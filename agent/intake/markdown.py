"""Markdown text -> its lines, each knowing whether it is code, a heading or a list item.

Only what intake needs: block structure by line. Inline markup stays as it is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r"\s*(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_ITEM = re.compile(r"([ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]+(.*)")
# What OpenSpec counts as a task: any list marker and one token in the box, but not a link's label.
# Runs of blanks are bounded because two of them side by side take quadratic time on a line of blanks.
CHECKBOX = re.compile(
    r"\ufeff?\s*(?:[-*+]|\d{1,9}[.)])\s*"
    r"\[(?:(?P<box>\s{0,8}(?P<mark>[^\]\s]?)\s{0,8})\](?![(\[])|(?P<blank>\s{1,16})\])\s*(?P<text>.*)"
)


@dataclass(frozen=True, slots=True)
class Line:
    """`code` is the word after the fence's opening for every line of a fenced block, None outside."""

    number: int
    text: str
    code: str | None = None

    @property
    def heading(self) -> tuple[int, str] | None:
        """Its level and title."""
        match = _HEADING.match(self.text) if self.code is None else None
        return (len(match[1]), unclosed(match[2])) if match else None

    @property
    def item(self) -> tuple[int, str] | None:
        """A list item's indentation in columns, and what follows the marker."""
        match = _ITEM.match(self.text) if self.code is None else None
        return (len(match[1].expandtabs(4)), match[2].strip()) if match else None


def read_lines(text: str, *, any_fence: bool = False) -> list[Line]:
    """Lines counted from 1, without their ends. An unclosed fence runs to the end, as renderers have it.

    Three backticks and more of them in the same line are inline code, except with `any_fence`.
    """
    lines: list[Line] = []
    fence, info = "", ""
    for number, line in enumerate(normal(text).split("\n"), 1):
        match = _FENCE.match(line)
        if fence:
            lines.append(Line(number, line, info))
            if match and match[1].startswith(fence) and not match[2].strip():
                fence = ""
        elif match and (any_fence or not (match[1][0] == "`" and "`" in match[2])):
            fence, info = match[1], match[2].strip().lower()
            lines.append(Line(number, line, info))
        else:
            lines.append(Line(number, line))
    return lines


def unclosed(title: str) -> str:
    """A heading's text without the run of # that may close it; `C#` keeps its own."""
    title = title.strip()
    rest = title.rstrip("#")
    return rest.strip() if rest != title and (not rest or rest[-1] in " \t") else title


def normal(text: str) -> str:
    """Without a byte order mark, and with line feeds alone."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
