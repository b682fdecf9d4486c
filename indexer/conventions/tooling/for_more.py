"""Formatters of C, C++, Ruby, Scala and PHP, and hooks that check any text -> stated facts."""

from __future__ import annotations

from collections.abc import Iterator

from .stated import Stated
from .tools import Tools

# tool -> how it is called, the languages it formats, the keys of its line length and its indentation
_FORMATTERS = {
    "clang-format": ("clang-format", ("c", "cpp"), "ColumnLimit", "IndentWidth"),
    "rubocop": ("RuboCop", ("ruby",), r"Layout/LineLength\.Max", r"Layout/IndentationWidth\.Width"),
    "scalafmt": ("scalafmt", ("scala",), "maxColumn", "indent.main"),
    "php-cs-fixer": ("PHP CS Fixer", ("php",), "-", "-"),
}
_SPELLING = {"codespell": "codespell", "typos": "typos", "cspell": "cspell"}


def more_facts(tools: Tools, folder: str) -> Iterator[Stated]:
    for tool, (name, languages, length, indent) in _FORMATTERS.items():
        known = tools.of(tool, folder)
        for language in languages if known else ():
            yield Stated(language, "tooling.formatter", name, known[0].place, name)
            for key, question in ((length, "tooling.line-length"), (indent, "tooling.indent")):
                found = tools.find(tool, key, folder)
                if found:
                    yield Stated(language, question, found.value, found.place, name)
    for one in tools.each("pre-commit", "id", folder):
        if one.value in _SPELLING:
            yield Stated(
                tools.main, "tooling.spelling", _SPELLING[one.value], one.place, _SPELLING[one.value]
            )
