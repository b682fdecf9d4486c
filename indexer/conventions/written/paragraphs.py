"""The lines of a document -> its paragraphs and list items, and those -> sentences with their lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_FENCE = re.compile(r"\s*(```+|~~~+)")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+(?:\[[ xX]\]\s+)?")
_NO_PROSE = re.compile(r"\s*(?:[|<>]|\.\. |!\[|\[[^\]]+\]:|[=\-~^*_#+\"'`]{3,}\s*$|:[a-z-]+:\s|\{%|\{\{)")
_DIRECTIVE = re.compile(r"(\s*)(?:\.\. |.*::\s*$)")
_MARKS = re.compile(r"\*\*|__|(?<![\w*])[*_](?=\w)|(?<=[\w.])[*_](?![\w*])")
_LINK = re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])|`([^`<]+?) *<[^>`]*>`__?")
_ROLE = re.compile(r":[a-z]+(?::[a-z]+)*:(?=`)|(?<=[\w`])_+(?=[\s,.;)]|$)")  # of reStructuredText
_END = re.compile(r"(?<=[a-z0-9)`\"'’])[.!?](?=\s+[\"'`(*_]*[A-Z`])|(?<=\?)(?=\s)")
_LONGEST = 40  # lines; what goes on longer is no paragraph but a page that lost its blank lines


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together. `title` is the qualified title above; an `item` is one of a list."""

    title: str
    item: bool
    lines: tuple[tuple[int, str], ...]

    def sentences(self) -> Iterator[tuple[str, int]]:
        """Each sentence, bare of marks, with the line it begins on."""
        text = ""
        starts: list[tuple[int, int]] = []
        for number, line in self.lines:
            starts.append((len(text), number))
            text += line.strip() + " "
        at = 0
        for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
            begin = at + len(text[at:end]) - len(text[at:end].lstrip())
            if sentence := _bare(text[at:end]):
                yield sentence, max(number for start, number in starts if start <= begin)
            at = end


def paragraphs(lines: Sequence[str], titles: Iterable[tuple[int, str]]) -> Iterator[Paragraph]:
    """Prose only: code, tables, comments and headings are passed over."""
    above = dict(titles)
    title, fence, quoted = "", "", -1
    block: list[tuple[int, str]] = []
    item = False
    for number, line in enumerate(lines, 1):
        mark = _FENCE.match(line)
        blank = not line.strip()
        indent = len(line) - len(line.lstrip())
        if quoted >= 0 and not blank and indent <= quoted:
            quoted = -1
        directive = _DIRECTIVE.match(line)
        ends = (
            blank
            or mark
            or fence
            or quoted >= 0
            or number in above
            or _NO_PROSE.match(line)
            or _ITEM.match(line)
        )
        if block and (ends or len(block) >= _LONGEST or (not item and indent >= 4)):
            yield Paragraph(title, item, tuple(block))
            block = []
        if mark:
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        elif number in above:
            title = above[number]
        elif fence or blank or quoted >= 0:
            continue
        elif directive and not _ITEM.match(line):
            quoted = len(directive[1])
        elif not _NO_PROSE.match(line) and not line.lstrip().startswith("#"):
            if not block:
                item = bool(_ITEM.match(line))
                if not item and indent >= 4 and _is_code(lines, number):
                    continue
            block.append((number, _ITEM.sub("", line, count=1) if item and not block else line))
    if block:
        yield Paragraph(title, item, tuple(block))


def _is_code(lines: Sequence[str], number: int) -> bool:
    """Whether indented text follows no list: then it is code."""
    for line in reversed(lines[max(0, number - 30) : number - 1]):
        if line.strip() and not line.startswith(" "):
            return not _ITEM.match(line)
    return True


def _bare(text: str) -> str:
    """Without links, emphasis and doubled spaces; backticks stay, they mark what is code."""
    text = _LINK.sub(lambda match: match[1] or match[2] or "", text).replace("``", "`")
    text = _ROLE.sub("", text)
    return " ".join(_MARKS.sub("", text).split())
