"""A text of TOML -> its settings. One that is broken has none."""

from __future__ import annotations

import re
import tomllib

from .setting import Setting, flat

_KEY = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_SECTION = re.compile(rf"\s*\[\[?\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*\]\]?")
_PAIR = re.compile(rf"\s*({_KEY}(?:\s*\.\s*{_KEY})*)\s*=")
_PART = re.compile(_KEY)


def settings_of_toml(text: str) -> list[Setting]:
    try:
        tree = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return []
    lines = text.split("\n")
    starts = _starts(lines)
    return [Setting(keys, value, _line(keys, value, starts, lines)) for keys, value in flat(tree)]


def _starts(lines: list[str]) -> dict[tuple[str, ...], int]:
    """Full key -> the line on which it is set; of tables with one name the first."""
    section: tuple[str, ...] = ()
    found: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(lines, 1):
        if match := _SECTION.match(line):
            section = _parts(match[1])
            found.setdefault(section, number)
        elif match := _PAIR.match(line):
            found.setdefault(section + _parts(match[1]), number)
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _line(keys: tuple[str, ...], value: str, starts: dict[tuple[str, ...], int], lines: list[str]) -> int:
    """Where an item of a long list stands, else where its key does."""
    known = next((keys[:depth] for depth in range(len(keys), 0, -1) if keys[:depth] in starts), None)
    if known is None:
        return 1
    start = starts[known]
    if value in lines[start - 1]:
        return start
    quoted = (f'"{value}"', f"'{value}'")
    for number in range(start, min(len(lines), start + 300)):
        line = lines[number]
        if any(text in line for text in quoted):
            return number + 1
        if _SECTION.fullmatch(line.rstrip()):
            break
    return start
