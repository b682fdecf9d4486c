"""Turn the lines of a Markdown or reStructuredText document into sections and the lines where they begin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexer.types import Span, Symbol

_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_RST_UNDERLINE = re.compile(r"([=\-`:.'\"~^_*+#<>])\1{2,}[ \t]*$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_NO_TITLE = re.compile(r"[ \t]*(?:$|[-*+>|#]|\d+[.)]|<)|    ")  # a list, a quote, a table, indented code
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|</?\w[^>]*>")

Heading = tuple[int, int, str]  # line from 1, level from 1, title


def sections(lines: Sequence[str], rst: bool = False) -> tuple[tuple[Symbol, ...], dict[int, int]]:
    """One symbol for each section, and the borders at the headings.

    A section ends before the next heading of its level or a higher one; its qualname is its titles
    from the outermost in, joined by " / ".
    """
    headings = list(_rst_headings(lines) if rst else _headings(lines))
    ends = _ends(headings, len(lines))
    titles: list[tuple[int, str]] = []
    found = []
    for (line, level, title), end in zip(headings, ends, strict=True):
        while titles and titles[-1][0] >= level:
            titles.pop()
        titles.append((level, title))
        qualname = " / ".join(outer for _, outer in titles)
        found.append(Symbol(title, qualname, "section", Span(line, end), line, title))
    return tuple(found), {line: level for line, level, _ in headings}


def _headings(lines: Sequence[str]) -> Iterator[Heading]:
    fence = ""
    for number, line in enumerate(lines[_front_matter(lines) :], _front_matter(lines) + 1):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        if mark:
            fence = mark[1]
            continue
        atx = _ATX.match(line)
        if atx and atx[2]:
            yield number, len(atx[1]), _title(atx[2])
            continue
        underline = _UNDERLINE.match(lines[number]) if number < len(lines) else None
        alone = number == 1 or not lines[number - 2].strip()
        if underline and alone and not _NO_TITLE.match(line):
            yield number, 1 if underline[1][0] == "=" else 2, _title(line)


def _front_matter(lines: Sequence[str]) -> int:
    """How many lines of settings a document begins with."""
    if lines and lines[0].rstrip() == "---":
        for number, line in enumerate(lines[1:200], 2):
            if line.rstrip() in ("---", "..."):
                return number
    return 0


def _rst_headings(lines: Sequence[str]) -> Iterator[Heading]:
    """The levels of reStructuredText are its underlines in order of appearance."""
    styles: list[str] = []
    for number, line in enumerate(lines, 1):
        underline = _RST_UNDERLINE.match(lines[number]) if number < len(lines) else None
        title = line.strip()
        if (
            not underline
            or not title
            or _RST_UNDERLINE.match(line)
            or len(lines[number].rstrip()) < len(title)
        ):
            continue
        overlined = number > 1 and lines[number - 2].rstrip() == lines[number].rstrip()
        if not overlined and number > 1 and (lines[number - 2].strip() or line[0].isspace()):
            continue
        style = underline[1] * (2 if overlined else 1)
        if style not in styles:
            styles.append(style)
        yield number - overlined, styles.index(style) + 1, title


def _title(text: str) -> str:
    return " ".join(_LINK.sub(r"\1", text).replace("`", "").replace("**", "").split()) or text.strip()


def _ends(headings: Sequence[Heading], last: int) -> list[int]:
    ends = [last] * len(headings)
    waiting: list[int] = []  # indexes of the sections still open, the innermost last
    for index, (line, level, _) in enumerate(headings):
        while waiting and headings[waiting[-1]][1] >= level:
            ends[waiting.pop()] = line - 1
        waiting.append(index)
    return ends
