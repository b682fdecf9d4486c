"""Text from strangers -> the text that a reader of the rendered page sees.

What is invisible there (HTML comments, zero-width and bidirectional characters, tag characters) is the
usual carrier of instructions planted for a model: a person who approved the issue never saw them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from .markdown import normal

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_DEFINITION = re.compile(r" {0,3}\[[^\]]{1,200}\]:[ \t]*<?#>?([ \t]|$)")  # `[//]: # (text)` shows nothing
_SPAN = re.compile(r"`+")
_SEEN_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")  # Cf, yet they are drawn
# Not in the category of format characters, yet drawn as nothing: fillers, joiners, variation selectors.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2065\u3164\uffa0") | frozenset(
    chr(code)
    for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0000, 0xE0FFF))
    for code in range(first, last + 1)
)
_JOINERS = frozenset("\u200c\u200d\ufe0e\ufe0f")  # emoji and several scripts need them


@dataclass(frozen=True, slots=True)
class Seen:
    """What is left, and how many comments and characters were taken out."""

    text: str
    comments: int = 0
    characters: int = 0


def visible(text: str) -> Seen:
    """Remove what is not shown. Fenced code keeps its comments, which are shown there."""
    kept, characters = _drawn(normal(text))
    lines: list[str] = []
    fence, comments, inside = "", 0, False
    for line in kept.split("\n"):
        match = None if inside else _FENCE.match(line)
        if fence:
            lines.append(line)
            if match and match[1].startswith(fence) and not match[2].strip():
                fence = ""
            continue
        if match and not (match[1][0] == "`" and "`" in match[2]):
            fence = match[1]
            lines.append(line)
            continue
        if not inside and _DEFINITION.match(line):
            comments += 1
            continue
        within = inside
        shown, opened, inside = _without_comments(line, inside)
        comments += opened
        if shown.strip() or not (within or opened):
            lines.append(shown)
    return Seen("\n".join(lines), comments, characters)


def _drawn(text: str) -> tuple[str, int]:
    kept: list[str] = []
    for letter in text:
        if not _hides(letter) or (letter in _JOINERS and kept and _joins(kept[-1], letter)):
            kept.append(letter)
    return "".join(kept), len(text) - len(kept)


def _hides(letter: str) -> bool:
    if " " <= letter <= "~" or letter in "\n\t":
        return False
    category = unicodedata.category(letter)
    return letter in _BLANKS or category == "Cc" or (category == "Cf" and letter not in _SEEN_FORMATS)


def _joins(before: str, joiner: str) -> bool:
    """Whether a joiner stands behind a letter or sign that uses one; a row of them would carry a message."""
    if _hides(before):
        return before == "\ufe0f" and joiner == "\u200d"  # as in a heart on fire
    return before > "\u00a8" or (joiner == "\ufe0f" and before in "0123456789#*")


def _without_comments(line: str, inside: bool) -> tuple[str, int, bool]:
    """A line without its comments, how many began in it, and whether one goes on."""
    shown, opened, place = list[str](), 0, 0
    while True:
        if inside:
            end = line.find("-->", place)
            if end < 0:
                return "".join(shown), opened, True
            place, inside = end + 3, False
        start = _comment_start(line, place)
        if start < 0:
            return "".join(shown) + line[place:], opened, False
        shown.append(line[place:start])
        opened, inside = opened + 1, True
        place = start + (2 if line.startswith("<!-->", start) else 4)  # `<!-->` is a whole comment


def _comment_start(line: str, place: int) -> int:
    """Where the next comment begins that is not shown as code between backticks; -1 if none does."""
    start = line.find("<!--", place)
    while start >= 0 and (tick := _SPAN.search(line, place, start)):
        place = next((m.end() for m in _SPAN.finditer(line, tick.end()) if m[0] == tick[0]), tick.end())
        if place > start:
            start = line.find("<!--", place)
    return start
