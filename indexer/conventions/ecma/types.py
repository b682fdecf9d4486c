"""Count which of several types for the same end a TypeScript file writes."""

from __future__ import annotations

import re

from ...types import ParsedFile
from ..lines import Lines
from ..tally import Tally

_OBJECT_TYPE = re.compile(r"type \w+(?:<[^=\n]{0,200}>)? = \{")
_UNION = re.compile(r"type \w+ =\s*(?:\|\s*)?['\"][^|\n]*['\"]\s*\|\s*['\"]")
_SIMPLE = re.compile(r": (?:readonly )?(?:(any|unknown)\b|[\w.]+(\[\]))")
_ARRAY = re.compile(r"Array<[\w.]+>")
_ABSENT = re.compile(r"\| (?<= \| )(null|undefined)\b")
_RECORD = re.compile(r"Record<")
_INDEX = re.compile(r"\[\w+: (?:string|number)\]:")
_CONST_OBJECT = re.compile(r"\n(?:export )?const \w+ = \{[^{}]*\} as const")
_PROPERTY = re.compile(r"[ \t]+(?:readonly )?\w+\??: (?:<[^>]*>)?\(.*\) => ")
_CAST = re.compile(r"as (?<= as )(any|unknown)\b")


def count_types(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Shapes of objects, sets of names, lists, what may be absent, what may be anything."""
    code = lines.code
    interfaces = _count_interfaces(parsed, tally)
    for match in _OBJECT_TYPE.finditer(code):
        if code[match.start() - 1 : match.start()] in ("", "\n", " "):
            tally.add_at("object.type", "type", lines, match.start())
    for match in _UNION.finditer(code):
        tally.add_at("names.type", "union", lines, match.start())
    for match in _SIMPLE.finditer(code):
        if match[2]:
            tally.add_at("array.type", "T[]", lines, match.start(2))
        else:
            tally.add_at("any", match[1], lines, match.start(1))
    for match in _CAST.finditer(code):
        if not code.startswith(" as ", match.end()):  # `as unknown as T` is neither
            tally.add_at("any", match[1], lines, match.start())
    for match in _ARRAY.finditer(code):
        if code[match.start() - 1] in " <(|&" and not code.endswith("new ", 0, match.start()):
            tally.add_at("array.type", "Array<T>", lines, match.start())
    for match in _ABSENT.finditer(code):
        tally.add_at("absent", match[1], lines, match.start())
    for answer, pattern in (("Record", _RECORD), ("index", _INDEX)):
        for match in pattern.finditer(code):
            tally.add_at("map.type", answer, lines, match.start())
    if " as const" in code:
        for match in _CONST_OBJECT.finditer(code):
            tally.add_at("names.type", "object", lines, match.start() + 1)
    if interfaces and ") => " in code:
        for line in sorted(interfaces):
            row = lines.rows[line - 1]
            if ") => " in row and _PROPERTY.match(row):
                tally.add("signature.form", "property", line)


def _count_interfaces(parsed: ParsedFile, tally: Tally) -> set[int]:
    """The lines that interfaces take."""
    found: set[int] = set()
    names: set[str] = set()
    for symbol in parsed.symbols:
        line = symbol.span.start
        if symbol.kind == "interface":
            names.add(symbol.qualname)
            found.update(range(line, symbol.span.end + 1))
            tally.add("object.type", "interface", line)
        elif symbol.kind == "enum":
            tally.add("names.type", "const enum" if "const enum" in symbol.signature else "enum", line)
        elif symbol.kind == "method" and symbol.qualname.rpartition(".")[0] in names:
            tally.add("signature.form", "method", line)
    return found
