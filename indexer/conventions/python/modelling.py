"""Count with what a Python file builds its classes: data classes, enums, interfaces, constructors."""

from __future__ import annotations

import re

from ...types import Symbol
from ..tally import Tally
from .source import Source


def count_modelling(source: Source, tally: Tally) -> None:
    """Bases, kinds of data classes and their options, interfaces, and other ways to make an object."""
    _count_bases(source, tally)
    _count_data_classes(source, tally)
    _count_interfaces(source, tally)
    _count_constructors(source, tally)
    _count_getters(source, tally)


def _count_bases(source: Source, tally: Tally) -> None:
    """`CardDeclined(PaymentError)`: which of them are errors is known when all files are."""
    for reference in source.bases:
        name = reference.scope.rpartition(".")[2]
        tally.add("base", f"{name}({reference.name})", reference.line)
        kind = _DATA_BASES.get(reference.name)
        if kind:
            tally.add("model", kind, reference.line)


_DATA_BASES = {"BaseModel": "pydantic", "Struct": "msgspec"}
_OPTIONS = ("frozen", "slots", "kw_only")
_ATTRS = {
    "define": ("attrs", "attr"),
    "frozen": ("attrs", "attr"),
    "mutable": ("attrs", "attr"),
    "s": ("attr",),
    "attrs": ("attr",),
    "dataclass": ("attr",),
}


def _count_data_classes(source: Source, tally: Tally) -> None:
    for call in source.calls.get("dataclass", ()):
        if call.qualifier in ("", "dataclasses", "dc") and source.row(call.line).lstrip().startswith("@"):
            tally.add("model", "dataclass", call.line)
            handed = source.handed(call) or ""
            for option in _OPTIONS:
                tally.add(f"dataclass.{option}", "yes" if f"{option}=True" in handed else "no", call.line)
    modules = {r.name: r.qualifier.partition("#")[0] for r in source.imports}
    for name, qualifiers in _ATTRS.items():
        for call in source.calls.get(name, ()):
            known = call.qualifier in qualifiers or modules.get(name) in ("attrs", "attr")
            if known and source.row(call.line).lstrip().startswith("@"):
                new = name in ("define", "frozen", "mutable")
                tally.add("model", "attrs", call.line)
                tally.add("attrs.form", "define" if new else "attr.s", call.line)
                options = source.handed(call) or ""
                if not new:
                    tally.add("attrs.slots", "yes" if "slots=True" in options else "no", call.line)
                frozen = name == "frozen" or "frozen=True" in options
                tally.add("attrs.frozen", "yes" if frozen else "no", call.line)


_INTERFACES = {"Protocol": "Protocol", "ABC": "ABC", "ABCMeta": "ABC"}
_BASE_NAMES = (("Base", "Base..."), ("Abstract", "Abstract..."))


def _count_interfaces(source: Source, tally: Tally) -> None:
    for reference in source.bases:
        kind = _INTERFACES.get(reference.name)
        if not kind:
            continue
        tally.add("interface", kind, reference.line)
        if kind == "ABC":
            bare = reference.scope.rpartition(".")[2].lstrip("_")
            named = next((said for prefix, said in _BASE_NAMES if bare.startswith(prefix)), "")
            named = named or ("...Base" if bare.endswith("Base") else "plain")
            tally.add("interface.name", named, reference.line)


_GIVEN = ("__new__", "__class_getitem__", "fromkeys")  # names that the language has chosen
_WORD = re.compile(r"_*([a-z]+)")


def _count_constructors(source: Source, tally: Tally) -> None:
    """How class methods that make an instance are named."""
    makers = {r.scope for r in source.calls.get("cls", ()) if r.scope and not r.qualifier}
    by_name = {symbol.qualname: symbol for symbol in source.functions} if makers else {}
    for scope in sorted(makers):
        symbol = by_name.get(scope)
        if symbol and _is_class_method(source, symbol) and symbol.name not in _GIVEN:
            word = _WORD.match(symbol.name)
            if word:
                tally.add("constructor", word[1], source.head(symbol))


def _is_class_method(source: Source, symbol: Symbol) -> bool:
    return any("@classmethod" in source.row(line) for line in range(symbol.span.start, source.head(symbol)))


_PLAIN_GETTER = re.compile(r"def get_\w+\(\s*self,?\s*\)")
_KEPT = re.compile(r"\s*return self\.\w+\s*")


def _count_getters(source: Source, tally: Tally) -> None:
    """Values that are kept and only handed out: as properties, or by `get_` methods."""
    for symbol in source.functions:
        if symbol.kind != "method" or not _KEPT.fullmatch(source.row(symbol.span.end)):
            continue
        head = source.head(symbol)
        if symbol.span.end - head > 1 + symbol.doc.count("\n") + 4 or "self" not in symbol.signature:
            continue
        if _PLAIN_GETTER.match(symbol.signature):
            tally.add("getter", "method", head)
        elif any("@property" in source.row(line) for line in range(symbol.span.start, head)):
            tally.add("getter", "property", head)
