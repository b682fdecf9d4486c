"""Count how a JavaScript or TypeScript file is documented: JSDoc and the types it writes down."""

from __future__ import annotations

import re

from ...types import ParsedFile, Symbol
from ..lines import Lines
from ..tally import Tally
from .signatures import parameters_of, returns_of

_TYPED = frozenset({"typescript", "tsx"})


def count_docs(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """The comments of definitions, the types of exported functions, and remarks to tools and readers."""
    typed = parsed.file.language in _TYPED
    classes = {symbol.qualname for symbol in parsed.symbols if symbol.kind == "class"}
    for symbol in parsed.symbols:
        if symbol.kind not in ("function", "method"):
            continue
        if symbol.doc and lines.text_rows[symbol.doc_start - 1].lstrip().startswith("/**"):
            _count_comment(symbol, lines.text_rows, tally)
        if typed:
            _count_return(symbol, classes, tally)
    _count_header(lines, tally)
    _count_remarks(lines, tally)


_PARAM = re.compile(r"@param\s+(?:(\{)(?:[^{}]|\{[^{}]*\})*\}\s*)?(?:\[[^\]]*\]|[\w$.]+)[ \t]*(-[ \t])?(\S)?")
_RETURNS = re.compile(r"@returns?\b")
_VERBS = frozenset(
    "Add Apply Append Build Call Check Clear Close Compare Compute Convert Copy Create Define Delete "
    "Determine Execute Extract Fetch Find Format Generate Get Handle Indicate Initialize Insert Load "
    "Make Merge Normalize Open Parse Perform Print Process Read Register Remove Render Replace Resolve "
    "Return Run Save Send Set Start Stop Store Transform Update Validate Wrap Write".split()
)


def _count_comment(symbol: Symbol, rows: list[str], tally: Tally) -> None:
    doc = symbol.doc.lstrip()
    line = symbol.doc_start + (rows[symbol.doc_start - 1].strip() == "/**")
    first = doc.split(None, 1)[0]
    if first.removesuffix("s") in _VERBS or first in _VERBS:
        tally.add("doc.mood", "imperative" if first in _VERBS else "third", line)
    whole = doc.split("\n\n", 1)[0].split("\n@", 1)[0].rstrip()
    last = whole[-1:]
    if not whole.startswith("@") and (last.isalnum() or last in (".", "!", "?")):
        tally.add("doc.period", "no" if last.isalnum() else "yes", line)
    if parameters_of(symbol.signature):
        tally.add("jsdoc.param", "yes" if "@param" in doc else "no", symbol.span.start)
    if "@" in doc:
        for at in range(symbol.doc_start, symbol.span.start):
            _count_tags(rows[at - 1], at, tally)


def _count_tags(row: str, line: int, tally: Tally) -> None:
    found = _RETURNS.search(row)
    if found:
        tally.add("jsdoc.return", found[0], line)
    match = _PARAM.search(row)
    if match:
        tally.add("jsdoc.type", "yes" if match[1] else "no", line)
        if match[2] or match[3]:
            tally.add("jsdoc.dash", "yes" if match[2] else "no", line)


_NO_RESULT = ("constructor", "set ", "private ", "#", "abstract ")


def _count_return(symbol: Symbol, classes: set[str], tally: Tally) -> None:
    head = symbol.signature
    if symbol.kind == "function":
        if head.startswith("export ") and "." not in symbol.qualname:
            tally.add("types.return", "yes" if returns_of(head) else "no", symbol.span.start)
    elif symbol.qualname.rpartition(".")[0] in classes and not head.startswith(_NO_RESULT):
        tally.add("types.method", "yes" if returns_of(head) else "no", symbol.span.start)


def _count_header(lines: Lines, tally: Tally) -> None:
    text = lines.text
    if not text or text.isspace():
        return
    head = text[:600].lower()
    said = text.lstrip()[:2] in ("/*", "//") and any(
        word in head for word in ("copyright", "license", "spdx")
    )
    tally.add("file.header", "yes" if said else "no", 1)


_SUPPRESS = re.compile(r"@ts-(ignore|expect-error)\b")
_COMMENT = re.compile(r"//|/\*|^\s*\*")
_TODO = re.compile(r"TODO(\([^)\n]{1,60}\))?(:)?")


def _count_remarks(lines: Lines, tally: Tally) -> None:
    text = lines.text
    if "@ts-" in text:
        for match in _SUPPRESS.finditer(text):
            tally.add_at("ts.suppress", match[1], lines, match.start())
    if "TODO" in text:
        for match in _TODO.finditer(text):
            begin = max(0, match.start() - 200)
            before = text[text.rfind("\n", begin, match.start()) + 1 or begin : match.start()]
            if lines.code[match.start()] == " " and _COMMENT.search(before):
                form = "owner" if match[1] else "colon" if match[2] else "bare"
                tally.add_at("todo", form, lines, match.start())
