"""A change -> the functions and classes that it brings, less those that only moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from indexer.types import ParsedFile, Symbol

from .change import Change, ChangedFile
from .shape import Shape, shape_of

FUNCTIONS = frozenset({"function", "method"})
_MOVED = 0.7  # alike to what the change takes away: moved, and perhaps polished on the way
_REWRITTEN = 0.5  # less alike to what it was before: another function under the same name


@dataclass(frozen=True)
class Newcomer:
    """A definition that a file has after the change and had not before."""

    file: ChangedFile
    symbol: Symbol
    shape: Shape


def newcomers(change: Change, kinds: frozenset[str] = FUNCTIONS) -> list[Newcomer]:
    """The definitions that are new, or were written anew, in the order of the change."""
    found = [new for file in change.files for new in _of_file(file, kinds)]
    if not found:
        return []
    taken = list(_taken_away(change, kinds))
    return [
        new
        for new in found
        if not any(
            (new.symbol.name == name and new.shape.lines == shape.lines) or new.shape.like(shape) >= _MOVED
            for name, shape in taken
        )
    ]


def _of_file(file: ChangedFile, kinds: frozenset[str]) -> Iterator[Newcomer]:
    parsed = file.parsed
    if parsed is None or parsed.file.kind != "code" or not file.added:
        return
    before = _defined(file.parsed_before, kinds)
    for symbol in parsed.symbols:
        if symbol.kind not in kinds:
            continue
        span = range(symbol.span.start, symbol.span.end + 1)
        if 2 * sum(line in file.added for line in span) < len(span):
            continue
        shape = shape_in(parsed, symbol)
        old = before.get(symbol.qualname, [])
        if not any(shape.like(shape_in(file.parsed_before, known)) >= _REWRITTEN for known in old):
            yield Newcomer(file, symbol, shape)


def _taken_away(change: Change, kinds: frozenset[str]) -> Iterator[tuple[str, Shape]]:
    """The definitions that no changed file has any more where it was."""
    for file in change.files:
        before, after = _defined(file.parsed_before, kinds), _defined(file.parsed, kinds)
        for qualname, symbols in before.items():
            if qualname not in after:
                yield from ((symbol.name, shape_in(file.parsed_before, symbol)) for symbol in symbols)


def _defined(parsed: ParsedFile | None, kinds: frozenset[str]) -> dict[str, list[Symbol]]:
    found: dict[str, list[Symbol]] = defaultdict(list)
    for symbol in parsed.symbols if parsed else ():
        if symbol.kind in kinds:
            found[symbol.qualname].append(symbol)
    return found


def shape_in(parsed: ParsedFile | None, symbol: Symbol) -> Shape:
    assert parsed is not None
    lines = parsed.file.lines[symbol.span.start - 1 : symbol.span.end]
    return shape_of("\n".join(lines), symbol.name, parsed.file.language)
