"""A hit and a question -> the few lines that show why it is one."""

from __future__ import annotations

import re

from indexer.chunk import CHUNK_CHARS
from retriever.types import Hit

_LINES = 6
_HEAD = 2
_WIDTH = 110  # letters of a line that are shown
_GAP = "⋮"
_FILLERS = frozenset(
    "a an and are as at be by can do does for from how if in into is it its of on or that the their then "
    "there this to was we what when where which who why will with you your".split()
)
_DEFINING = re.compile(
    r"\b(class|def|fn|func|fun|function|struct|interface|type|enum|trait|impl|module|mod|const|let|var|macro|"
    r"object|protocol|public|private|protected|static|void|int|export)\b"
)
_ENDINGS = ("ing", "ies", "ed", "es", "s")


def bounded(hit: Hit) -> tuple[str, bool]:
    """The text of a hit, and whether it is shortened: of a line that alone is longer than a chunk shall be,
    the beginning is shown and the rest is counted."""
    if hit.cut or len(hit.text) <= CHUNK_CHARS:
        return hit.text, hit.cut
    shown = "\n".join(map(_shortened, hit.text.split("\n")))
    return shown, shown != hit.text


def pattern_of(question: str) -> re.Pattern[str] | None:
    """What to highlight: the question's words, without their endings, wherever they stand."""
    words = {word for word in re.findall(r"\w+", question) if word.lower() not in _FILLERS and len(word) > 1}
    stems = {_stem(word) for word in words} | words
    if not stems:
        return None
    return re.compile(
        "|".join(re.escape(stem) for stem in sorted(stems, key=len, reverse=True)), re.IGNORECASE
    )


def excerpt(hit: Hit, pattern: re.Pattern[str] | None) -> list[str]:
    """The head of the definition and the lines of it that say most of the question, in their order."""
    lines = hit.text.rstrip().split("\n")
    start = _definition(lines, hit.symbol)
    length = hit.end_line - hit.start_line + 1 if hit.symbol else len(lines)
    inside = [n for n in range(start, min(start + length, len(lines))) if lines[n].strip()]
    said = {n: len({word.lower() for word in pattern.findall(lines[n])}) if pattern else 0 for n in inside}
    chosen = inside[:_HEAD] + sorted(inside[_HEAD:], key=lambda n: (-said[n], n))[: _LINES - _HEAD]
    return _with_gaps(lines, sorted(chosen))


def _with_gaps(lines: list[str], chosen: list[int]) -> list[str]:
    indent = min((len(lines[n]) - len(lines[n].lstrip()) for n in chosen if lines[n].strip()), default=0)
    shown: list[str] = []
    for before, n in zip([None, *chosen], chosen, strict=False):
        if before is not None and any(line.strip() for line in lines[before + 1 : n]):
            shown.append(_GAP)
        line = lines[n].expandtabs(4)[indent:]
        shown.append(line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…")
    return shown


def _shortened(line: str) -> str:
    more = len(line) - CHUNK_CHARS
    return line if more <= 0 else f"{line[:CHUNK_CHARS]}… and {more} characters more"


def _definition(lines: list[str], symbol: str | None) -> int:
    """The line on which the hit's definition is named; the first where it is not in the text."""
    if symbol is None:
        return 0
    name = re.compile(rf"\b{re.escape(symbol.rpartition('.')[2])}\b")
    naming = [number for number, line in enumerate(lines) if name.search(line)]
    defining = (number for number in naming if _defines(lines[number], name))
    return next(defining, naming[0] if naming else 0)


def _defines(line: str, name: re.Pattern[str]) -> bool:
    """Whether a name follows a word that begins a definition. What follows `=` defines nothing before it."""
    for part in line.split("="):  # one search through all would take hours on a long line
        begun = _DEFINING.search(part)
        if begun and name.search(part, begun.end()):
            return True
    return False


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.lower().endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
