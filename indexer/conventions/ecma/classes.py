"""Count how a JavaScript or TypeScript class hides its members and gets what it works with."""

from __future__ import annotations

import re

from ...types import ParsedFile, Symbol
from ..lines import Lines
from ..tally import Tally
from .signatures import parameters_of

_TYPED = frozenset({"typescript", "tsx"})


def count_classes(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Nothing for a file without a class."""
    classes = {symbol.qualname for symbol in parsed.symbols if symbol.kind == "class"}
    if "prototype." in lines.code:
        _count_prototypes(parsed, tally)
    if not classes:
        return
    if parsed.file.language not in _TYPED:
        for symbol in parsed.symbols:
            if symbol.kind == "class":
                tally.add("class.form", "class", symbol.span.start)
    _count_private(lines, tally)
    typed = parsed.file.language in _TYPED
    for symbol in parsed.symbols:
        if symbol.kind != "method" or symbol.qualname.rpartition(".")[0] not in classes:
            continue
        head, line = symbol.signature, symbol.span.start
        if symbol.name == "constructor":
            _count_injected(symbol, lines, tally)
        elif typed and "#" not in head.partition("(")[0] and not head.startswith(_OTHERWISE):
            tally.add("member.public", "explicit" if head.startswith("public ") else "implicit", line)
        if not typed and symbol.name[:1] == "_" and symbol.name[1:2] != "_":
            tally.add("private", "_", line)


def _count_prototypes(parsed: ParsedFile, tally: Tally) -> None:
    """Once for each thing that gets methods."""
    owners: set[str] = set()
    for symbol in parsed.symbols:
        owner = symbol.qualname.rpartition(".")[0]
        if symbol.kind == "method" and ".prototype." in symbol.signature and owner not in owners:
            owners.add(owner)
            tally.add("class.form", "prototype", symbol.span.start)


_OTHERWISE = ("private ", "protected ", "abstract ", "static {")
_PRIVATE = re.compile(
    r"private (?:static |readonly |async |override |abstract |get |set |declare )*([#\w$]+)"
)
_HASH = re.compile(r"\n[ \t]++(?:static |readonly |async |get |set |\*)*(#\w+)\s*[(=;:?!\n]")


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
            tally.add_at("private", "#", lines, match.start(1))


_PROPERTY = re.compile(r"(?:^|[,)(]\s*|\s)(?:private|protected|public) (readonly )?(?:override )?\w+\??\s*:")


_ASSIGNED = re.compile(r"this\.[_#]?(\w+) = \1\b(?! *[.(?&|])")


def _count_injected(symbol: Symbol, lines: Lines, tally: Tally) -> None:
    """`constructor(private readonly users: Users)` declares, takes and keeps in one."""
    line, inside = symbol.span.start, parameters_of(symbol.signature)
    kept = False
    for match in _PROPERTY.finditer(inside):
        kept = True
        tally.add("inject.readonly", "yes" if match[1] else "no", line)
    if inside and not kept and not _ASSIGNED.search("\n".join(lines.rows[line - 1 : symbol.span.end])):
        return
    if inside:
        tally.add("inject", "property" if kept else "assigned", line)
