"""Count how a Java file names its types, declares parameters and writes Javadoc."""

from __future__ import annotations

import re
from collections import defaultdict

from ...types import ParsedFile, Symbol
from ..tally import Tally


def count_definitions(parsed: ParsedFile, tally: Tally) -> None:
    bases: dict[str, list[str]] = defaultdict(list)
    for reference in parsed.references:
        if reference.kind == "inherit":
            bases[reference.scope].append(reference.name)
    overriding = {r.scope for r in parsed.references if r.name == "Override"}
    for symbol in parsed.symbols:
        if symbol.kind == "method":
            if symbol.name in _OF_OBJECTS and _OBJECTS.search(symbol.signature):
                said = symbol.qualname in overriding
                tally.add("override", "yes" if said else "no", symbol.span.start)
            _count_parameters(symbol, tally)
            _count_tags(symbol, tally)
        elif symbol.kind in ("class", "interface", "enum"):
            _count_type(symbol, bases[symbol.qualname], tally)


_OF_OBJECTS = frozenset({"equals", "hashCode", "toString"})
_OBJECTS = re.compile(r"\b(?:boolean equals\((?:final )?Object \w+\)|int hashCode\(\)|String toString\(\))")
_LONG = 2000  # characters of parameters; nobody writes more
_GENERIC = re.compile(r"<[^<>]*>")
_ANNOTATION = re.compile(r"@[\w.]+(?:\([^)]*\))?\s*")
_LOCAL = re.compile(r"\.\.\.|\bfinal\b")


def _count_parameters(symbol: Symbol, tally: Tally) -> None:
    """Of methods that have a body: elsewhere `final` would mean nothing."""
    signature = symbol.signature
    if signature.endswith(";") or "()" in signature or "abstract " in signature or " native " in signature:
        return
    given = signature[signature.find("(") + 1 : signature.rfind(")")]
    if "@" in given:
        given = _ANNOTATION.sub("", given)
    while "<" in given and len(given) < _LONG:
        bare = _GENERIC.sub("", given)
        if bare == given:
            return
        given = bare
    for parameter in given.split(","):
        final = parameter.lstrip().startswith("final ")
        tally.add("final.parameter", "yes" if final else "no", symbol.span.start)


_VOID = re.compile(r"\bvoid \w+$")


def _count_tags(symbol: Symbol, tally: Tally) -> None:
    doc, signature, line = symbol.doc, symbol.signature, symbol.span.start
    if (
        not doc
        or "{@inheritDoc}" in doc
        or "@see" in doc[:6]
        or not signature.startswith(("public", "protected"))
    ):
        return
    head, _, rest = signature.partition("(")
    if not rest.startswith(")"):
        tally.add("doc.param", "yes" if "@param" in doc else "no", line)
    constructor = head.endswith(f" {symbol.qualname.split('.')[-2]}") if "." in symbol.qualname else False
    if not constructor and not _VOID.search(head):
        tally.add("doc.return", "yes" if "@return" in doc else "no", line)


def _count_type(symbol: Symbol, bases: list[str], tally: Tally) -> None:
    name, line = symbol.name, symbol.span.start
    if symbol.kind == "class" and "abstract class" in symbol.signature:
        affix = next((part for part in ("Abstract", "Base") if name.startswith(part)), "")
        tally.add("abstract.name", affix or ("Base" if name.endswith("Base") else "none"), line)
    for base in bases:
        if symbol.kind == "class" and name in (f"{base}Impl", f"Default{base}"):
            tally.add("impl.name", "Impl" if name.endswith("Impl") else "Default", line)
    if symbol.doc and "." not in symbol.qualname:
        for tag in ("since", "author"):
            tally.add(f"doc.{tag}", "yes" if f"@{tag}" in symbol.doc else "no", line)
