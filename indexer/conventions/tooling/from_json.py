"""A text of JSON, comments and trailing commas allowed -> its settings. One that is broken has none."""

from __future__ import annotations

import json
import re

from .setting import Setting, flat

_NO_DATA = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*(?:[\s\S]*?\*/|[\s\S]*)')
_LAST_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])')


def settings_of_json(text: str) -> list[Setting]:
    plain = _LAST_COMMA.sub(lambda match: match[1] or "", _NO_DATA.sub(lambda match: match[1] or "", text))
    try:
        tree = json.loads(plain)
    except (ValueError, RecursionError):
        return []
    found, places = [], _Places(text)
    for keys, value in flat(tree):
        found.append(Setting(keys, value, places.line(keys)))
    return found


class _Places:
    """The lines of keys, each looked for behind the one it hangs from."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[tuple[str, ...], int] = {(): 0}

    def line(self, keys: tuple[str, ...]) -> int:
        return self._text.count("\n", 0, self._at(keys)) + 1

    def _at(self, keys: tuple[str, ...]) -> int:
        if keys not in self._known:
            above = self._at(keys[:-1])
            found = re.compile(rf'"{re.escape(keys[-1])}"\s*:').search(self._text, above)
            self._known[keys] = found.start() if found else above
        return self._known[keys]
