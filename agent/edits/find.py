"""A text, the part to replace and the new part -> the one place it stands at, and what to put there.

The part must be there exactly once. Where it is not there letter by letter, three slips of a model are
forgiven, one after the other, each only if it leads to exactly one place: blanks at the ends of lines,
an indentation that is off by the same amount on every line, and typographic signs for plain ones. No
other likeness counts: what is merely similar is shown, never changed.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agent.edits.change import EditRefused
from agent.edits.nearest import hint

_MOST_PLACES = 1000  # counted; more are only said to be more
_MOST_COMPARED = 4_000_000  # pairs of lines, a second at most; only a text of equal lines has more
_LISTED = 10  # places named when a text is ambiguous
_TAB_WIDTHS = (2, 3, 4, 8)  # blanks that one tab stands for


@dataclass(frozen=True, slots=True)
class Place:
    """`text[start:end]` becomes `new`. `note` says what was forgiven to find it."""

    start: int
    end: int
    new: str
    note: str = ""


def find(text: str, old: str, new: str, path: str) -> Place:
    """Find `old` in `text`, both with LF; in an empty text nothing is all there is. Raises EditRefused."""
    if not (old or text) and new:
        return Place(0, 0, new)
    if not old:
        raise EditRefused("NOT_FOUND", "old is empty; give the text to replace, with a line around it.")
    if old == new:
        raise EditRefused("NO_CHANGE", f"old and new are the same; {path} stays as it is.")
    starts = _occurrences(text, old)
    places = [Place(start, start + len(old), new) for start in starts]
    if not places:
        _refuse_repeated(text, new, path)
    for forgiving in (_blank_ends, _shifted, _typographic) if not places and _says_something(old) else ():
        places = list(forgiving(text, old, new))
        if places:
            break
    if not places:
        raise EditRefused("NOT_FOUND", f"old is not in {path}. {hint(text, old, new)}")
    if len(places) > 1:
        raise _ambiguous(text, places, path)
    place = places[0]
    if text[place.start : place.end] == place.new:
        raise EditRefused("NO_CHANGE", f"{path} reads like that already, at {_lines(text, places)}.")
    _refuse_doubled(text, place, path)
    return place


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _occurrences(text: str, old: str) -> list[int]:
    """Overlapping ones count too: each is a place the model may have meant."""
    starts: list[int] = []
    at = text.find(old)
    while at >= 0 and len(starts) < _MOST_PLACES:
        starts.append(at)
        at = text.find(old, at + 1)
    return starts


def _says_something(text: str) -> bool:
    """A lone bracket is no landmark: where it would fit is chance."""
    return any(character.isalnum() for character in text)


def _refuse_repeated(text: str, new: str, path: str) -> None:
    """An edit that was made already leaves nothing to find, and its new text in one place."""
    if not _says_something(new):
        return
    starts = [start for start in _occurrences(text, new) if _stands_alone(text, start, start + len(new))]
    if len(starts) != 1 and "\n" in new.strip("\n"):  # it may have been shifted when it was put there
        starts = [place.start for place in (*_blank_ends(text, new, new), *_shifted(text, new, new))]
    if len(starts) == 1:
        raise EditRefused(
            "ALREADY_APPLIED",
            f"old is not in {path}, and new stands there already, at line {line_of(text, starts[0])}. "
            "If you meant another place, read the file and give old as it is now.",
        )


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` begins and ends where words do: `x = 1` is not in `max = 10`."""
    return not (_joined(text[start - 1 : start + 1]) or _joined(text[end - 1 : end + 1]))


def _joined(pair: str) -> bool:
    return len(pair) == 2 and all(character.isalnum() or character == "_" for character in pair)


def _refuse_doubled(text: str, place: Place, path: str) -> None:
    """An insertion repeats its surroundings, so it can be found again after it was made."""
    size, here = len(place.new), text[place.start : place.end]
    if size <= len(here) or not _says_something(place.new.replace(here.strip(), "", 1)):
        return  # another blank or bracket beside its like may well be meant
    at = text.find(place.new, max(0, place.end - size), place.start + size)
    if at >= 0:
        raise EditRefused(
            "ALREADY_APPLIED",
            f"{path} holds new already, at line {line_of(text, at)}. "
            "To have it twice, give old with the lines that follow it.",
        )


def _ambiguous(text: str, places: list[Place], path: str) -> EditRefused:
    times = f"more than {_MOST_PLACES}" if len(places) >= _MOST_PLACES else str(len(places))
    how = f" ({places[0].note})" if places[0].note else ""
    return EditRefused(
        "AMBIGUOUS",
        f"old is in {path} {times} times{how}, at {_lines(text, places)}. "
        "Add lines around it until it is there once.",
    )


def _lines(text: str, places: list[Place]) -> str:
    numbers = [str(line_of(text, place.start)) for place in places[:_LISTED]]
    more = f" and {len(places) - _LISTED} more" if len(places) > _LISTED else ""
    return f"line{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}{more}"


def _blank_ends(text: str, old: str, new: str) -> Iterator[Place]:
    """Whole lines that are equal but for blanks at their ends."""
    window = _Window(text, old)
    for first in window.starts(str.rstrip):
        yield window.place(first, new, lambda line: line, "blanks at the ends of lines ignored")


def _shifted(text: str, old: str, new: str) -> Iterator[Place]:
    """Whole lines whose indentation differs by one amount, or by tabs for blanks."""
    window = _Window(text, old)
    for first in window.starts(str.strip):
        found = _shift(window.old, window.lines[first : first + len(window.old)])
        if found:
            convert, note = found
            try:
                yield window.place(first, new, convert, note)
            except _Unshiftable:
                continue


def _typographic(text: str, old: str, new: str) -> Iterator[Place]:
    """The same text once quotes, dashes and blanks are plain. Each sign is one character either way."""
    plain_text, plain_old = text.translate(_PLAIN), old.translate(_PLAIN)
    slips = {ord(sign): plain for sign in set(old) if (plain := _PLAIN.get(ord(sign))) and sign not in text}
    for start in _occurrences(plain_text, plain_old):
        end = start + len(old)
        lines = text[start:end].split("\n")
        carried = _carried(lines, old.split("\n"), new.split("\n"), lambda line: line.translate(slips))
        yield Place(
            start, end, "\n".join(carried), "typographic quotes, dashes or blanks taken as plain ones"
        )


_PLAIN = {
    ord(sign): plain
    for plain, signs in {
        "'": "‘’‚‛′",
        '"': "“”„‟″",
        "-": "‐‑‒–—―−",
        " ": "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
    }.items()
    for sign in signs
}


class _Window:
    """The lines of a text, and a run of them to look for."""

    def __init__(self, text: str, old: str) -> None:
        self.lines = text.split("\n")
        self.ended = old.endswith("\n")
        self.old = old.removesuffix("\n").split("\n")
        self._offsets = [0]
        for line in self.lines:
            self._offsets.append(self._offsets[-1] + len(line) + 1)
        self._size = len(text)

    def starts(self, trim: Callable[[str], str]) -> list[int]:
        """Where the lines are the same once each is trimmed."""
        lines, wanted = [trim(line) for line in self.lines], [trim(line) for line in self.old]
        # The rarest line keeps this from comparing runs everywhere.
        counts = Counter(lines)
        rare = min(range(len(wanted)), key=lambda index: counts[wanted[index]])
        if counts[wanted[rare]] * len(wanted) > _MOST_COMPARED:
            return []
        places = (at - rare for at, line in enumerate(lines) if line == wanted[rare])
        found = [first for first in places if first >= 0 and lines[first : first + len(wanted)] == wanted]
        return found[:_MOST_PLACES]

    def place(self, first: int, new: str, convert: Callable[[str], str], note: str) -> Place:
        after = first + len(self.old)
        lines = _carried(self.lines[first:after], self.old, new.removesuffix("\n").split("\n"), convert)
        put = "\n".join(lines) if new else ""
        end = self._offsets[after] - 1
        # A break at the end of old is part of the place, unless it is the last line and has none.
        if self.ended and end < self._size:
            end += 1
            put += "\n" if new.endswith("\n") else ""
        elif not self.ended:
            put += "\n" if new.endswith("\n") else ""
        return Place(self._offsets[first], end, put, note)


def _carried(there: list[str], old: list[str], new: list[str], convert: Callable[[str], str]) -> list[str]:
    """The new lines: those that stay as in old are kept as they are in the file, the others converted."""
    if len(old) * len(new) > _MOST_COMPARED:
        return [convert(line) for line in new]
    lines: list[str] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        lines += there[a:b] if tag == "equal" else [convert(line) for line in new[c:d]]
    return lines


class _Unshiftable(Exception):
    """A new line has less indentation than would have to be taken from it."""


def _shift(old: list[str], there: list[str]) -> tuple[Callable[[str], str], str] | None:
    """How the indentation of `old` becomes that of `there`, if it is the same way on every line."""
    pairs = {(_indentation(a), _indentation(b)) for a, b in zip(old, there, strict=True) if a.strip()}
    if not pairs:
        return None
    for width in _TAB_WIDTHS:
        blanks = " " * width
        if all(b == a.replace(blanks, "\t") and " " not in b for a, b in pairs):
            return _tabs_for(blanks), f"indented by tabs where old had {width} blanks"
        if all(b == a.replace("\t", blanks) and " " not in a for a, b in pairs):
            return _blanks_for(blanks), f"indented by {width} blanks where old had tabs"
    had, has = next(iter(pairs))
    if len(has) >= len(had):
        more = has.removesuffix(had) if had else has
        if all(b == more + a for a, b in pairs):
            return _indented(more), f"indented by {_named(more)} more than old"
        return None
    less = had.removesuffix(has) if has else had
    if all(a == less + b for a, b in pairs):
        return _outdented(less), f"indented by {_named(less)} less than old"
    return None


def _indentation(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t"))]


def _tabs_for(blanks: str) -> Callable[[str], str]:
    def convert(line: str) -> str:
        own = _indentation(line)
        tabs = own.replace(blanks, "\t")
        if " " in tabs and line.strip():
            raise _Unshiftable
        return tabs + line[len(own) :]

    return convert


def _blanks_for(blanks: str) -> Callable[[str], str]:
    def convert(line: str) -> str:
        own = _indentation(line)
        return own.replace("\t", blanks) + line[len(own) :]

    return convert


def _indented(more: str) -> Callable[[str], str]:
    return lambda line: more + line if line.strip() else line


def _outdented(less: str) -> Callable[[str], str]:
    def convert(line: str) -> str:
        if line.strip() and not line.startswith(less):
            raise _Unshiftable
        return line.removeprefix(less)

    return convert


def _named(blanks: str) -> str:
    count, what = len(blanks), "tab" if set(blanks) == {"\t"} else "blank"
    return f"{count} {what}{'s' if count > 1 else ''}"
