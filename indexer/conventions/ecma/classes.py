"""Count how a JavaScript or TypeScript class hides its members and gets what it works with."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..lines import Lines
from ..tally import Tally
from .signatures import parameters_of

_TYPED = frozenset({"typescript", "tsx"})


def count_classes(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Nothing for a file without a class."""
    classes = {symbol.qualname for symbol in parsed.symbols if symbol.kind == "class"}
    if not classes:
        return
    _count_private(lines, tally)
    typed = parsed.file.language in _TYPED
    for symbol in parsed.symbols:
        if symbol.kind != "method" or symbol.qualname.rpartition(".")[0] not in classes:
            continue
        head, line = symbol.signature, symbol.span.start
        if symbol.name == "constructor":
            _count_injected(head, line, tally)
        elif typed and "#" not in head.partition("(")[0] and not head.startswith(_OTHERWISE):
            tally.add("member.public", "explicit" if head.startswith("public ") else "implicit", line)
        if not typed and symbol.name[:1] == "_" and symbol.name[1:2] != "_":
            tally.add("private", "_", line)


_OTHERWISE = ("private ", "protected ", "abstract ", "static {")
_PRIVATE = re.compile(
    r"private (?:static |readonly |async |override |abstract |get |set |declare )*([#\w$]+)"
)
_HASH = re.compile(r"\n[ \t]+(?:static |readonly |async |get |set |\*)*(#\w+)\s*[(=;:?!\n]")


def _count_private(lines: Lines, tally: Tally) -> None:
    code = lines.code
    if "private " in code:
        for match in _PRIVATE.finditer(code):
            before = code[match.start() - 1 : match.start()]
            if before in ("\n", " ", "\t", "(", "") and match[1] != "constructor":
                line = lines.line(match.start(1))
                tally.add("private", "private", line)
                tally.add("private.name", "_" if match[1].startswith("_") else "plain", line)
    if "#" in code:
        for match in _HASH.finditer(code):
            tally.add("private", "#", lines.line(match.start(1)))


_PROPERTY = re.compile(r"(?:^|[,)(]\s*|\s)(?:private|protected|public) (readonly )?(?:override )?\w+\??\s*:")


def _count_injected(head: str, line: int, tally: Tally) -> None:
    """`constructor(private readonly users: Users)` declares, takes and keeps in one."""
    inside = parameters_of(head)
    for match in _PROPERTY.finditer(inside):
        tally.add("inject.readonly", "yes" if match[1] else "no", line)
