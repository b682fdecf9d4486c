"""Count how a file of components is written: their form, their props and their handlers."""

from __future__ import annotations

import re

from ...types import ParsedFile, Symbol
from ..lines import Lines
from ..tally import Tally
from .signatures import parameters_of

_HANDLER = re.compile(r" (on[A-Z]\w*)=\{(?:this\.)?(\w+)\}")
_VERB = re.compile(r"(handle|on)[A-Z]")
_TYPED_PROPS = re.compile(r"(?:\}|\w+)\s*:\s*(?:Readonly<)?([A-Z]\w*|\{)")


def count_react(parsed: ParsedFile, lines: Lines, tally: Tally) -> None:
    """Nothing for a file without markup."""
    code = lines.code
    if "/>" not in code and "</" not in code:
        return
    for symbol in parsed.symbols:
        if symbol.kind == "function" and symbol.name[:1].isupper() and "." not in symbol.qualname:
            _count_component(symbol, tally)
    for match in _HANDLER.finditer(code):
        verb = _VERB.match(match[2])
        if match[2] != match[1]:  # one handed on under its own name is no choice
            tally.add_at("handler.name", verb[1] if verb else "other", lines, match.start())


def _count_component(symbol: Symbol, tally: Tally) -> None:
    head, line = symbol.signature, symbol.span.start
    typed = ": FC" in head or "React.FC" in head or ": FunctionComponent" in head
    form = "FC" if typed else "declaration" if "function" in head.partition("(")[0] else "arrow"
    tally.add("component.form", form, line)
    inside = parameters_of(head)
    if inside:
        tally.add("props.form", "destructured" if inside.startswith("{") else "props", line)
    match = _TYPED_PROPS.search(inside)
    if match:
        own = match[1] == f"{symbol.name}Props"
        named = "own" if own else "Props" if match[1] == "Props" else "inline" if match[1] == "{" else "other"
        tally.add("props.type", named, line)
