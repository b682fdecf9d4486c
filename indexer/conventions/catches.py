"""Count handlers that do nothing and don't say why, in languages without a counter of their own."""

from __future__ import annotations

import re

from ..types import ParsedFile
from .lines import Lines, inside_brackets
from .tally import Tally

_WITH_CATCH = frozenset({"csharp", "kotlin", "scala", "php", "swift", "cpp"})
_CATCH = re.compile(r"\bcatch\b[^{};\n]{0,200}(\{)")
_SHOWN = 400  # characters of a handler; what is longer isn't empty


def count_catches(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    if parsed.file.language not in _WITH_CATCH or "catch" not in lines.text:
        return
    for match in _CATCH.finditer(lines.code):
        body = inside_brackets(lines.code, match.start(1), _SHOWN)
        said = lines.text[match.end() : match.end() + len(body)]
        tally.add_at("catch.empty", "no" if said.strip() else "yes", lines, match.start())
