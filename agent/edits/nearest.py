"""A text and a part that is not in it -> what is there instead, so that the next attempt can be right."""

from __future__ import annotations

import difflib
import re

_NEAREST_LINES = 12  # shown of the place that looks most like the text that was not found
_COMPARED = 5  # places compared letter by letter, after a quick look at all
_ALIKE = 0.5  # below this share of equal letters a place is no hint but a distraction
_LOOKED_THROUGH = 20_000  # lines, when no line is shared; each costs some microseconds
_LONGEST_COMPARED = 200  # characters of a line

_NUMBERED = re.compile(r"[ \t]{0,8}\d{1,6}(?:[ \t]{1,4}|[ \t]?[|:→][ \t]?|\t)")
_MARK = r"(?://+|#+|--|/\*|<!--|;+|%+|\{/\*)?[ \t]{0,4}"
_LEFT_OUT = (
    r"(?:(?:the )?(?:existing|rest|unchanged|remaining|same|other|previous|keep|more|code|as before)\b"
    r".{0,80})?"
)
_DOTTED = re.compile(_MARK + r"[(\[]?(?:\.\.\.|…)[ \t]{0,4}" + _LEFT_OUT + r"(?:\*/\}?|-->)?", re.IGNORECASE)
_WORDED = re.compile(
    _MARK + r"[(\[]?(?:(?:existing|remaining|unchanged|previous) (?:code|methods|lines|imports|functions)"
    r"|(?:the )?rest of (?:the )?(?:code|file|class|function|method|module))"
    r"(?: (?:goes|remains|stays|is|continues))?(?: (?:here|the same|unchanged|as is|as before))?[ .…)\]]{0,8}"
    r"(?:\*/\}?|-->)?",
    re.IGNORECASE,
)
_LONGEST_ELISION = 160  # characters; a longer line says something


def hint(text: str, old: str, new: str) -> str:
    """What may be wrong with `old`, and the lines that look most like it, numbered."""
    lines = [line for line in old.split("\n") if line.strip()]
    said = ""
    if lines and all(_NUMBERED.match(line) for line in lines):
        said = "The lines of old begin with numbers; leave them out, they are not in the file. "
        old = "\n".join(_NUMBERED.sub("", line, count=1) for line in lines)
    elif "\n" not in old and "\\n" in old:
        said = "old has \\n written as two characters; send real line breaks. "
        old = old.replace("\\n", "\n")
    elif any(is_elision(line) for line in lines):
        said = "old leaves lines out; it must hold every line of the part to replace. "
        old = "\n".join(line for line in lines if not is_elision(line))
    elif old.lstrip().startswith("```"):
        said = "old stands in a fence of ```; send the lines alone. "
        old = "\n".join(line for line in lines if not line.startswith("```"))
    elif lines and all(line[:1] in "-+ @" for line in lines) and any(line[:1] in "-+" for line in lines):
        said = "old looks like a diff; send plain lines, without + and -. "
        old = "\n".join(line[1:] for line in lines if line[:1] != "+")
    return said + nearest(text, old)


def is_elision(line: str, *, commented: bool = False) -> bool:
    """Whether a line stands for code that is left out: `# ... existing code ...`.

    A bare `...` is code in Python and in examples, so `commented` asks for the sign of a comment.
    """
    line = line.strip()
    if not line or len(line) > _LONGEST_ELISION or line[0].isalnum() or (commented and line[0] in ".…(["):
        return False
    return bool(_DOTTED.fullmatch(line) or _WORDED.fullmatch(line))


def nearest(text: str, old: str) -> str:
    """The run of lines most like `old`."""
    lines, wanted = text.split("\n"), old.strip("\n").split("\n")
    size = min(len(wanted), _NEAREST_LINES)
    best, at = _ALIKE, -1
    for start in _likely(lines, wanted, size):
        there = [line[:_LONGEST_COMPARED] for line in lines[start : start + size]]
        ask = [line[:_LONGEST_COMPARED] for line in wanted[:size]]
        ratio = difflib.SequenceMatcher(None, "\n".join(there), "\n".join(ask), autojunk=False).ratio()
        if ratio > best:
            best, at = ratio, start
    if at < 0:
        return "No place looks like it; read the file."
    return "The nearest lines are:\n" + numbered(lines, at, at + size)


def numbered(lines: list[str], first: int, after: int) -> str:
    """Lines `first` to `after`, counted from 0, with the numbers people count."""
    shown = enumerate(lines[first:after], first + 1)
    return "\n".join(f"{number:5d}  {line[:_LONGEST_COMPARED]}" for number, line in shown)


def _likely(lines: list[str], wanted: list[str], size: int) -> list[int]:
    """Where runs begin that share most lines with what is wanted, or else a line like its first."""
    known = {line.strip() for line in wanted if line.strip()}
    marks = [line.strip() in known for line in lines]
    if any(marks):
        shared = sum(marks[:size])
        scores = [(shared, 0)]
        for start in range(1, max(1, len(lines) - size + 1)):
            shared += marks[start + size - 1] - marks[start - 1]
            scores.append((shared, start))
        scores.sort(key=lambda score: -score[0])
        return [start for _, start in scores[:_COMPARED]]
    some = [line[:_LONGEST_COMPARED] for line in lines[:_LOOKED_THROUGH]]
    first = next((line for line in wanted if line.strip()), "")[:_LONGEST_COMPARED]
    return [some.index(match) for match in difflib.get_close_matches(first, some, n=1, cutoff=_ALIKE)]
