"""A text -> the same text with what strings and comments say blanked out, so that a pattern finds code alone.

By one pattern per family of languages, not by the tree: a habit is counted in every file that is
indexed, and one pass of `re` is cheaper than asking the tree for its strings.
"""

from __future__ import annotations

import re

_SLASH = r"//[^\n]*|/\*[\s\S]*?\*/"
_DOUBLE = r'"(?:[^"\\\n]|\\[\s\S])*"'
_SINGLE = r"'(?:[^'\\\n]|\\[\s\S])*'"
_CHARACTER = r"'(?:[^'\\\n]|\\[^\n]{1,8})'"  # a lone ' is a lifetime in Rust
_BACKTICK = r"`(?:[^`\\]|\\[\s\S])*`"
_PYTHON = r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*"""' + r"|'''(?:[^'\\]|\\[\s\S]|'(?!''))*'''"
_TEXT_BLOCK = r'"""[\s\S]*?"""'
_HASH = r"\#[^\n]*"

_PATTERNS = {
    family: re.compile("|".join(parts))
    for family, parts in {
        "python": (_PYTHON, _DOUBLE, _SINGLE, _HASH),
        "ecma": (_SLASH, _DOUBLE, _SINGLE, _BACKTICK),
        "go": (_SLASH, _DOUBLE, _CHARACTER, r"`[^`]*`"),
        "java": (_SLASH, _TEXT_BLOCK, _DOUBLE, _CHARACTER),
        "rust": (_SLASH, r'\br(#+)"[\s\S]*?"\1', r'"(?:[^"\\]|\\[\s\S])*"', _CHARACTER),
        "hash": (_DOUBLE, _SINGLE, _HASH),
    }.items()
}
_FAMILY = {
    "python": "python", "javascript": "ecma", "jsx": "ecma", "typescript": "ecma", "tsx": "ecma",
    "go": "go", "java": "java", "kotlin": "java", "scala": "java", "csharp": "java", "swift": "java",
    "c": "java", "cpp": "java", "php": "ecma", "rust": "rust", "zig": "rust",
    "ruby": "hash", "bash": "hash", "elixir": "hash",
}  # fmt: skip
_SAID = re.compile(r"[^\s]")


def blank(text: str, language: str) -> str:
    """As long as `text`, line by line: strings keep their quotes, comments vanish.

    A text in a language it does not know stays as it is.
    """
    family = _FAMILY.get(language)
    return _PATTERNS[family].sub(_blanked, text) if family else text


def _blanked(match: re.Match[str]) -> str:
    found = match[0]
    if found[0] in "#/":
        return _SAID.sub(" ", found) if "\n" in found else " " * len(found)
    inner = found[1:-1]
    return found[0] + (_SAID.sub(" ", inner) if "\n" in inner else " " * len(inner)) + found[-1]
