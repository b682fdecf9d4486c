"""Count how a Python file annotates: what, in which spelling, and where imports for it stand."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

from ...types import Symbol
from ..tally import Tally
from .source import Source, begins


def count_annotations(source: Source, tally: Tally) -> None:
    """Spelling alone: it is the same in tests."""
    _count_spelling(source, tally)
    _count_future(source, tally)
    _count_excuses(source, tally)


def count_signatures(source: Source, tally: Tally) -> None:
    """What the functions of a file that is no test annotate, and how their options are handed over."""
    for symbol in source.functions:
        if symbol.name.startswith("__"):
            continue
        line = source.head(symbol)
        tally.add("types.return", "yes" if "->" in symbol.signature else "no", line)
        _count_parameters(symbol, line, tally)
    _count_type_imports(source, tally)


_BAR = begins("| None")
_GENERICS = re.compile(r"\[(?:(?<=\b(list)\[)|(?<=\b(dict)\[)|(?<=\b(set)\[)|(?<=\b(tuple)\[))")
_OF_TYPING = {"Optional": "types.union", "Union": "types.union"} | dict.fromkeys(
    ("List", "Dict", "Set", "FrozenSet", "Tuple", "Type"), "types.generics"
)
_TYPING = {name: begins(f"{name}[") for name in _OF_TYPING}


def _count_spelling(source: Source, tally: Tally) -> None:
    if "|" in source.code:
        for match in _BAR.finditer(source.code):
            tally.add_at("types.union", "bar", source.lines, match.start())
    builtin = sorted(_GENERICS.finditer(source.code), key=lambda match: match.lastindex or 0)
    for match in builtin:
        tally.add_at("types.generics", "builtin", source.lines, match.start())
    typing = [reference for reference in source.imports if reference.qualifier.startswith("typing")]
    whole = any(source.row(reference.line).lstrip().startswith("import ") for reference in typing)
    for name in _OF_TYPING if whole else {reference.name for reference in typing} & _OF_TYPING.keys():
        for match in _TYPING[name].finditer(source.code):
            tally.add_at(_OF_TYPING[name], "typing", source.lines, match.start())


def _count_future(source: Source, tally: Tally) -> None:
    if not source.functions:
        return
    before = source.functions[0].span.start  # no import of the future comes after
    rows = enumerate(source.rows[:before], 1)
    line, row = next(((line, row) for line, row in rows if "from __future__ import " in row), (0, ""))
    if "annotations" in row:
        tally.add("future.annotations", "yes", line)
    elif source.imports:
        tally.add("future.annotations", "no", source.imports[0].line)


_EXCUSE = re.compile(r"# (?:type: ignore(?P<types>\[)?|noqa(?P<lint>: ?[A-Z])?)")


def _count_excuses(source: Source, tally: Tally) -> None:
    """Comments that silence a checker: do they say what?"""
    found = list(_EXCUSE.finditer(source.text))
    for question, word in (("excuse.types", "# t"), ("excuse.lint", "# n")):
        for match in found:
            if match[0].startswith(word):
                tally.add_at(question, "coded" if match.lastgroup else "bare", source.lines, match.start())


_NOTHING = ("self)", ")", "cls)")
_PART = re.compile(r"[()\[\]{},]")
_NESTED = re.compile(r"[(\[\]{}\"']")
_STRING = re.compile(r"\"[^\"\\]*\"|'[^'\\]*'")


def parameters_of(symbol: Symbol) -> list[str]:
    """The parameters as they are written, `self` and `cls` left out; `*` and `/` are among them."""
    signature = symbol.signature
    start = signature.find("(") + 1
    if signature.startswith(_NOTHING, start):
        return []
    end = signature.find(")", start)
    if start and end > 0 and not _NESTED.search(signature, start, end):
        return _named(signature[start:end].split(","))
    if '"' in signature or "'" in signature:
        signature = _STRING.sub('""', signature)
    found: list[str] = []
    depth, start = 0, signature.find("(") + 1
    for match in _PART.finditer(signature, start - 1):
        char, at = match[0], match.start()
        if char == ",":
            if depth == 1:
                found.append(signature[start:at])
                start = at + 1
        elif char in "([{":
            depth += 1
        else:
            depth -= 1
            if not depth:
                found.append(signature[start:at])
                break
    return _named(found)


def _named(parts: list[str]) -> list[str]:
    return [bare for part in parts if (bare := part.strip()) and bare not in ("self", "cls")]


def _count_parameters(symbol: Symbol, line: int, tally: Tally) -> None:
    parameters = parameters_of(symbol)
    named = [part for part in parameters if part not in ("*", "/")]
    if not named:
        return
    annotated = all(":" in part.partition("=")[0] for part in named)
    tally.add("types.parameters", "yes" if annotated else "no", line)
    if "=" not in symbol.signature:
        return
    star = next((nth for nth, part in enumerate(parameters) if part.startswith("*")), len(parameters))
    for nth, part in enumerate(parameters):
        if "=" not in part or part.startswith("*"):
            continue
        keyword = "yes" if nth > star else "no"
        tally.add("options.keyword", keyword, line)
        if part.rpartition("=")[2].strip() in ("True", "False"):
            tally.add("flags.keyword", keyword, line)


_CLASS = re.compile(r"(?<![\w.=\"'])(?<!= )[A-Z]\w*")  # in a signature, but no default


def _count_type_imports(source: Source, tally: Tally) -> None:
    """Imports that only annotations need: under `if TYPE_CHECKING:` or among the others.

    Only where annotations are not evaluated, so that both places are possible.
    """
    if not tally.facts.get("future.annotations", {}).get("yes"):
        return
    guarded = set(_guarded_lines(source))
    classes = [r for r in source.imports if r.name[:1].isupper() and not r.scope and r.qualifier != "typing"]
    for reference in classes:
        if reference.line in guarded:
            tally.add("types.import", "guarded", reference.line)
    plain = [reference for reference in classes if reference.line not in guarded]
    if not plain:
        return
    annotated = Counter(name for symbol in source.functions for name in _CLASS.findall(symbol.signature))
    for reference in plain:
        times = annotated[reference.name]
        if times and sum(1 for _ in islice(source.uses(reference.name), times + 2)) == times + 1:
            tally.add("types.import", "plain", reference.line)  # once imported, otherwise annotating


_GUARD = re.compile(r"^if (?:\w+\.)?TYPE_CHECKING:", re.MULTILINE)


def _guarded_lines(source: Source) -> list[int]:
    found: list[int] = []
    for match in _GUARD.finditer(source.code) if "TYPE_CHECKING:" in source.code else ():
        line = source.lines.line(match.start()) + 1
        while line <= len(source.rows) and (source.row(line)[:1] in (" ", "\t", ")", "")):
            found.append(line)
            line += 1
    return found
