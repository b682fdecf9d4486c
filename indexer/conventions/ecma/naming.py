"""Count how a JavaScript or TypeScript file names parameters, types, constants and itself."""

from __future__ import annotations

import re

from ...types import ParsedFile, Symbol
from ..lines import inside_brackets
from ..naming import style
from ..tally import Tally

# Parameters that mean the same: a team that has settled on one word reads better than one that mixes.
_PARAMETERS = {
    name: group
    for group, names in {
        "options": "options opts",
        "request": "req request",
        "response": "res response reply resp",
        "context": "ctx context",
        "event": "e evt event ev",
        "error": "err error",
        "callback": "cb callback",
        "element": "el elem element",
        "index": "idx index",
        "config": "config cfg conf configuration",
    }.items()
    for name in names.split()
}
_PARAMETER = re.compile(
    r"(?:^|[(,]\s*|\.\.\.)(?:(?:private|public|protected|readonly) )*(\w+)\??\s*(?=[:,)=]|$)"
)


def count_naming(parsed: ParsedFile, tally: Tally) -> None:
    """One pass over what the file defines."""
    enums: set[str] = set()
    markup = parsed.file.language in ("tsx", "jsx")  # the form of components is asked for by itself
    exported: list[Symbol] = []
    for symbol in parsed.symbols:
        kind, outer = symbol.kind, symbol.qualname.rpartition(".")[0]
        if kind == "function" or kind == "method":
            _count_parameters(symbol, tally)
            if kind == "function" and not outer and not (markup and symbol.name[:1].isupper()):
                form = "declaration" if "function" in symbol.signature.partition("(")[0] else "arrow"
                tally.add("function.form", form, symbol.span.start)
        elif kind == "interface":
            prefixed = _INTERFACE.match(symbol.name) is not None
            tally.add("interface.prefix", "yes" if prefixed else "no", symbol.span.start)
        elif kind == "type":
            tally.add("type.prefix", "T" if _T_NAME.match(symbol.name) else "none", symbol.span.start)
        elif kind == "enum":
            enums.add(symbol.qualname)
        elif kind == "constant" and outer in enums:
            _count_enum_member(symbol, tally)
        elif kind == "constant" and not outer:
            _count_constant(symbol, tally)
        if "<" in symbol.signature:
            _count_generics(symbol, tally)
        if not outer and symbol.signature.startswith("export "):
            exported.append(symbol)
    _count_file(parsed.file.path, exported, tally)


_INTERFACE = re.compile(r"I[A-Z][a-z]")
_T_NAME = re.compile(r"T[A-Z][a-z]")


def _count_parameters(symbol: Symbol, tally: Tally) -> None:
    opening = symbol.signature.find("(")
    if opening < 0:
        return
    inside = inside_brackets(symbol.signature, opening)
    for match in _PARAMETER.finditer(inside):
        group = _PARAMETERS.get(match[1])
        if group:
            tally.add(f"parameter.{group}", match[1], symbol.span.start)


def _count_enum_member(symbol: Symbol, tally: Tally) -> None:
    name = symbol.name
    if len(name) > 1 and name.isidentifier():
        found = "upper" if name.isupper() else "pascal" if name[0].isupper() else "camel"
        tally.add("enum.member", found, symbol.span.start)


_LITERAL = re.compile(
    r"(?:export )?const \w+(?:: [\w<>\[\] ]+)? = (?:-?\d[\w.]*|'[^']*'|\"[^\"]*\")(?: as const)?;?$"
)


def _count_constant(symbol: Symbol, tally: Tally) -> None:
    """Only plain numbers and texts: whether other values are constants is a matter of taste."""
    if _LITERAL.match(symbol.signature):
        name = symbol.name.strip("_$")
        found = "upper" if name.isupper() else "camel" if name[:1].islower() and "_" not in name else ""
        if len(name) > 1 and found:
            tally.add("constant.literal", found, symbol.span.start)


_GENERICS = re.compile(r"\b(?:interface|type|class|function\*?) [\w$]+(<)")
_GENERIC = re.compile(r"(?:^|,)\s*(?:const |in |out )?([A-Z]\w+)(?=\s*(?:extends|=|,|$))")


def _count_generics(symbol: Symbol, tally: Tally) -> None:
    """Single letters are left out: everybody uses them."""
    match = _GENERICS.search(symbol.signature)
    if match:
        inside = _flat(symbol.signature, match.start(1))
        for found in _GENERIC.finditer(inside):
            tally.add("generic.name", "T" if re.match(r"T[A-Z]", found[1]) else "word", symbol.span.start)


def _flat(text: str, opening: int) -> str:
    """What stands between `<` and its partner, without what lies in brackets deeper inside."""
    depth, kept = 0, []
    for at in range(opening, len(text)):
        char = text[at]
        if char in "<({[":
            depth += 1
        elif char in ")}]" or (char == ">" and text[at - 1] != "="):
            depth -= 1
            if not depth:
                break
        elif depth == 1:
            kept.append(char)
    return "".join(kept)


_BY_TOOL = re.compile(r"^(?:index|main|mod|types|page|layout|route|_\w+|.*\.config)$")


def _count_file(path: str, exported: list[Symbol], tally: Tally) -> None:
    """Whether a file that exports one thing is named after it."""
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    values = {symbol.name for symbol in exported if symbol.kind not in ("type", "interface")}
    names = values or {symbol.name for symbol in exported}
    if len(names) == 1 and not _BY_TOOL.match(stem):
        named = _bare(stem) == _bare(next(iter(names)))
        tally.add("file.subject", "export" if named else "other", exported[0].span.start)
    if path.endswith((".tsx", ".jsx")) and not _BY_TOOL.match(stem):
        found = style(stem) or ("pascal" if stem[:1].isupper() else "lower")
        tally.add("component.file", found, 1)


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
