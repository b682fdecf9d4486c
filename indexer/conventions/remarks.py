"""Count what a file says to readers and tools in passing: its indentation and its TODOs."""

from __future__ import annotations

import re

from ..types import ParsedFile
from .lines import Lines
from .places import is_test
from .tally import Tally

# Elsewhere a counter of its own asks the same, or a formatter leaves no choice.
_INDENTED = frozenset({"java", "kotlin", "scala", "csharp", "c", "cpp", "php", "swift", "bash", "lua"})
_WITH_TESTS = _INDENTED - {"bash", "lua"}  # whose scripts below tests are mostly data of tests
_NO_TODO = frozenset({"python", "javascript", "jsx", "typescript", "tsx", "vue", "svelte", "astro"})

_OPENED = re.compile(r"\n(?:(?<=(\{)\n)|(?<=\b(do)\n)|(?<=\b(then)\n))")
_STEP = re.compile(r"(\t| +)[^\s*]")
_TODO = re.compile(r"TODO\b(\([^)\n]{1,80}\))?(:)?")


def count_remarks(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    language = parsed.file.language
    if language in (_WITH_TESTS if is_test(parsed.file.path) else _INDENTED):
        step = _first_step(lines.code)
        if step:
            width = "tab" if step[1] == "\t" else str(len(step[1]))
            if width in ("tab", "2", "3", "4", "8"):
                tally.add_at("indent", width, lines, step.start(1))
    if language not in _NO_TODO and "TODO" in lines.text:
        code = lines.code
        for match in _TODO.finditer(lines.text):
            if code[match.start()] == " ":  # in a comment
                form = "owner" if match[1] else "colon" if match[2] else "bare"
                tally.add_at("todo", form, lines, match.start())


def _first_step(code: str) -> re.Match[str] | None:
    """By how much the first line that follows an opening one stands deeper, where it does."""
    for opened in _OPENED.finditer(code):
        end = opened.start()
        row = code[code.rfind("\n", 0, end) + 1 : end]
        bare = row.lstrip(" \t")
        indent = row[: len(row) - len(bare)]
        word = opened[opened.lastindex or 0]
        if len(bare) > len(word) and not bare[0].isspace() and code.startswith(indent, end + 1):
            step = _STEP.match(code, end + 1 + len(indent))
            if step:
                return step
    return None
