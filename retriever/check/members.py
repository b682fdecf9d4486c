"""A call or a base in a new line -> a finding when nothing of that name exists where it must."""

from __future__ import annotations

import re

from indexer.store.catalog import ReferenceRow

from ..graph.values import CLASSES, Definition, Module, Next, Object, Outside
from .change import ChangedFile
from .finding import Finding, Shown
from .ground import ECMA, Ground
from .meant import nearest_name

_OF_OBJECTS = frozenset(  # what every object has in JavaScript, every class and every property in Python
    """
    toString valueOf hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString constructor
    call apply bind name length prototype mro then setter getter deleter
    """.split()
)


def missing_member(use: ReferenceRow, file: ChangedFile, ground: Ground) -> Finding | None:
    """None where the receiver is not known for certain, or may have the name after all."""
    if use.name.startswith("__") or use.name in _OF_OBJECTS:
        return None
    if not use.holder:
        return _undefined(use, file, ground)
    row = ground.file(use.path)
    found = ground.follower.origin(use.holder, row, use.scope)
    if not found.certain or len(found.values) != 1:
        return None
    if any(not isinstance(value, Outside) for value in ground.follower.target(use).values):
        return None
    held = found.values[0]
    if isinstance(held, Module):
        if not held.files or ground.may_hold(held, use.name):
            return None
        return _finding(use, held.files[0].path, ground.names_in(held), ground)
    if isinstance(held, Object | Definition | Next) and held.row.kind in CLASSES and held.row.kind != "type":
        cls = held.row
        if ground.may_have(cls, use.name, isinstance(held, Next)) or _heirs_have(use, ground):
            return None
        return _finding(use, f"`{cls.qualname}` ({cls.path}:{cls.start})", ground.members_of(cls), ground)
    return None


def _heirs_have(use: ReferenceRow, ground: Ground) -> bool:
    """Whether some class has a member of this name: `self` may be an object of it, by a way not seen here."""
    return any(row.qualname != row.name for row in ground.facts.named(use.name) if row.name == use.name)


def _undefined(use: ReferenceRow, file: ChangedFile, ground: Ground) -> Finding | None:
    """A name that the file neither defines nor imports, where it is plain which one was meant."""
    row = ground.file(use.path)
    if ground.facts.binding(row.id, "", "*") or ground.follower.target(use).values:
        return None
    if use.kind != "call" or _is_bound(use.name, ground.code(row)):
        return None
    if row.language in ECMA and use.name[:1].isupper():
        return None  # browsers and runtimes have classes without end: `Event`, `Worker`
    near = nearest_name(use.name, _names_of(file))
    homes = ground.defined_elsewhere(use.name) if not near and row.language not in ECMA else []
    if not near and len(homes) != 1:
        return None
    advice = f"did you mean `{near}`?" if near else f"{homes[0].path} defines it: import it"
    example = None if near else Shown(homes[0].path, homes[0].start, homes[0].signature)
    message = f"`{use.name}` is not defined here; {advice}"
    return Finding("names", "error", use.path, use.line, message, "names/undefined", example)


def _is_bound(name: str, code: str) -> bool:
    """Whether a name stands anywhere in a file except where it is called, or decorates."""
    word = rf"(?<![\w$.@]){re.escape(name)}(?![\w$])(?!\s*\()"
    return re.search(rf"{word}|\b(?:def|class|function\*?) +{re.escape(name)}\b", code) is not None


def _names_of(file: ChangedFile) -> list[str]:
    parsed = file.parsed
    assert parsed is not None
    names = {symbol.name for symbol in parsed.symbols if symbol.kind != "method"}
    return sorted(names | {r.name for r in parsed.references if r.kind == "import"})


def _finding(use: ReferenceRow, holder: str, names: list[str], ground: Ground) -> Finding:
    right = nearest_name(use.name, names)
    advice = f"; did you mean `{right}`?" if right else ""
    example = None
    if right:
        rows = [row for row in ground.facts.named(right) if row.path in holder]
        example = Shown(rows[0].path, rows[0].start, rows[0].signature) if rows else None
    message = f"{holder} has no `{use.name}`{advice}"
    return Finding("names", "error", use.path, use.line, message, "names/member", example)
