"""A text of YAML, as people write configuration -> its settings.

Mappings, lists, values in brackets and blocks of text; anchors, tags and documents after the first are
read past. No parser of the whole language is needed to know which linters are switched on.
"""

from __future__ import annotations

import re

from .setting import LONGEST, Setting

_PAIR = re.compile(r"""((?:"[^"]*"|'[^']*'|[^\s#\-\[{"'][^:#]*?|-[^\s:][^:#]*?))\s*:(?:\s+(.*)|$)""")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_BLOCK = re.compile(r"[|>][+-]?\d?$")
_ITEM = re.compile(r"""\s*("[^"]*"|'[^']*'|[^,]+?)\s*(?:,|$)""")


def settings_of_yaml(text: str) -> list[Setting]:
    """A list gives one setting per item, a block of text one per line."""
    found: list[Setting] = []
    above: list[tuple[int, str]] = []  # (indentation, key), outermost first
    block = -1  # the indentation of the key whose block of text goes on, -1 outside one
    for number, raw in enumerate(text.split("\n"), 1):
        indent = len(raw) - len(raw.lstrip(" "))
        if block >= 0 and (not raw.strip() or indent > block):
            if raw.strip():
                found.append(Setting(tuple(key for _, key in above), raw.strip(), number))
            continue
        block = -1
        line = _COMMENT.sub("", raw).rstrip()
        rest = line.strip()
        if not rest or rest in ("---", "...") or len(rest) > LONGEST:
            continue
        listed = False
        while rest == "-" or rest.startswith("- "):
            listed = True
            _close(above, indent, keep_equal=True)
            step = len(rest) - len(rest[1:].lstrip())
            indent, rest = indent + step, rest[1:].lstrip()
        if not rest:
            continue
        match = _PAIR.match(rest)
        if match is None:
            if listed:
                _add(found, above, rest, number)
            continue
        _close(above, indent, keep_equal=False)
        above.append((indent, match[1].strip("\"'")))
        value = (match[2] or "").strip()
        if _BLOCK.fullmatch(value):
            block = indent
        elif value:
            _add(found, above, value, number)
    return found


def _close(above: list[tuple[int, str]], indent: int, keep_equal: bool) -> None:
    """Leave the mappings that a line at `indent` is no part of. A list may stand right below its key."""
    while above and (above[-1][0] > indent or (above[-1][0] == indent and not keep_equal)):
        above.pop()


def _add(found: list[Setting], above: list[tuple[int, str]], value: str, number: int) -> None:
    keys = tuple(key for _, key in above)
    if value.startswith("[") and value.endswith("]"):
        values = [match[1] for match in _ITEM.finditer(value[1:-1]) if match[1].strip()]
    else:
        values = [value]
    found += [Setting(keys, item.strip().strip("\"'"), number) for item in values]
