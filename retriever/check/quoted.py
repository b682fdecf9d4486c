"""A path as a diff writes it -> the path."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\([0-7]{3}|.)")
_ESCAPED = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
_PREFIXES = frozenset("abiwco")  # git puts a/ and b/ before paths; i, w, c and o with diff.mnemonicPrefix


def unquoted(text: str) -> str | None:
    """git quotes paths with bytes that are not plain, in C's escapes. None where the quotes do not end."""
    if not text.startswith('"'):
        return text.rstrip("\t")
    end = text.rfind('"')
    if end == 0:
        return None
    inner = text[1:end]
    out = bytearray()
    at = 0
    for match in _ESCAPE.finditer(inner):
        out += inner[at : match.start()].encode("utf-8", "surrogateescape")
        said = match[1]
        out.append(int(said, 8) & 255 if len(said) == 3 else _ESCAPED.get(said, ord(said) & 255))
        at = match.end()
    out += inner[at:].encode("utf-8", "surrogateescape")
    return out.decode("utf-8", "replace")


def stripped(path: str) -> str:
    """Without the `a/` or `b/` that git puts before it."""
    first, _, rest = path.partition("/")
    return rest if first in _PREFIXES and rest else path
