"""A text -> the same text with what strings and comments say blanked out, so that a pattern finds code alone.

By one pattern per family of languages, not by the tree: a habit is counted in every file that is
indexed, and one pass of `re` is cheaper than asking the tree for its strings.
"""

from __future__ import annotations

import re

# What opens and never closes runs to the end of the text, or of its line where a line ends a string:
# left alone, the rest would be read as code. Runs are possessive (`*+`): twice as fast as letter by letter.
_SLASH = r"//[^\n]*|/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)"
# Two deep, and possessive: what never closes must not be tried again from each of its openings.
_INNER = r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)"
_NESTED = rf"//[^\n]*|/\*[^*/]*+(?:(?:\*(?!/)|/(?!\*)|{_INNER})[^*/]*+)*+(?:\*/|\Z)"
_HASH = r"\#[^\n]*"
_DOUBLE = r'"[^"\\\n]*+(?:\\[\s\S][^"\\\n]*+)*+(?:"|(?=\n)|\Z)'
_SINGLE = r"'[^'\\\n]*+(?:\\[\s\S][^'\\\n]*+)*+(?:'|(?=\n)|\Z)"
_LONG_DOUBLE = r'"[^"\\]*+(?:\\[\s\S][^"\\]*+)*+(?:"|\Z)'  # may hold line ends
_LONG_SINGLE = r"'[^'\\]*+(?:\\[\s\S][^'\\]*+)*+(?:'|\Z)"
_CHARACTER = r"'(?:[^'\\\n]|\\[^\n]{1,8}?)'"  # a lone ' is a lifetime in Rust, a digit separator in C++
_BACKTICK = r"`[^`\\]*+(?:\\[\s\S][^`\\]*+)*+(?:`|\Z)"
_TRIPLE = r'"""[^"\\]*+(?:(?:\\[\s\S]|"(?!""))[^"\\]*+)*+(?:"""|\Z)'
_TRIPLE_SINGLE = r"'''[^'\\]*+(?:(?:\\[\s\S]|'(?!''))[^'\\]*+)*+(?:'''|\Z)"
_TRIPLE_RAW = r'"""[\s\S]*?(?:"""(?!")|\Z)'  # no escapes
_RUST_RAW = r'r(?P<hashes>#*)"[\s\S]*?(?:"(?P=hashes)|\Z)'

_PATTERNS = {
    family: re.compile("|".join(parts))
    for family, parts in {
        "python": (_TRIPLE, _TRIPLE_SINGLE, _DOUBLE, _SINGLE, _HASH),
        "ecma": (_SLASH, _DOUBLE, _SINGLE, _BACKTICK),
        "php": (_SLASH, r"\#(?!\[)[^\n]*", _LONG_DOUBLE, _LONG_SINGLE),  # #[...] is an attribute
        "go": (_SLASH, _DOUBLE, _CHARACTER, r"`[^`]*(?:`|\Z)"),
        "c": (_SLASH, _DOUBLE, _CHARACTER),
        "java": (_SLASH, _TRIPLE, _DOUBLE, _CHARACTER),
        "kotlin": (_NESTED, _TRIPLE_RAW, _DOUBLE, _CHARACTER),
        "csharp": (_SLASH, r'@"(?:[^"]|"")*(?:"|\Z)', _TRIPLE_RAW, _DOUBLE, _CHARACTER),
        "rust": (_NESTED, _RUST_RAW, _LONG_DOUBLE, _CHARACTER),
        "zig": (r"//[^\n]*", r"\\\\[^\n]*", _DOUBLE, _CHARACTER),
        "ruby": (_LONG_DOUBLE, _LONG_SINGLE, _HASH),
        "elixir": (_TRIPLE, _LONG_DOUBLE, _LONG_SINGLE, _HASH),
        "bash": (_LONG_DOUBLE, r"'[^']*(?:'|\Z)", r"(?<![^\s;])\#[^\n]*"),  # $# and ${x#y} are code
        "lua": (r"--\[\[[\s\S]*?(?:\]\]|\Z)", r"--[^\n]*", r"\[\[[\s\S]*?(?:\]\]|\Z)", _DOUBLE, _SINGLE),
        "haskell": (r"\{-[\s\S]*?(?:-\}|\Z)", r"--[^\n]*", _DOUBLE, _CHARACTER),
    }.items()
}
_FAMILY = {
    "javascript": "ecma", "jsx": "ecma", "typescript": "ecma", "tsx": "ecma",
    "scala": "kotlin", "swift": "kotlin", "cpp": "c",
} | {family: family for family in _PATTERNS}  # fmt: skip


def blank(text: str, language: str) -> str:
    """As long as `text`, line by line: strings keep their first and last character, comments vanish.

    A text in a language it does not know stays as it is.
    """
    family = _FAMILY.get(language)
    return _PATTERNS[family].sub(_blanked, text) if family else text


def _blanked(match: re.Match[str]) -> str:
    found = match[0]
    first, last = found[0], found[-1]
    if "\n" in found:
        spaces = "\n".join([" " * len(line) for line in found.split("\n")])
        return (
            spaces
            if first in _COMMENT
            else f"{first}{spaces[1:-1]}{last if last in _CLOSING else spaces[-1]}"
        )
    if first in _COMMENT:
        return " " * len(found)
    if len(found) < 2:
        return found  # a quote at the end of its line stays
    return f"{first}{' ' * (len(found) - 2)}{last if last in _CLOSING else ' '}"


_COMMENT = frozenset("#/-{\\")  # what a comment begins with
_CLOSING = frozenset("\"'`]#")  # what a string ends with
