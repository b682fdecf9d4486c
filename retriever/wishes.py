"""List what a pack would like to show for a task, the most wanted first.

The best definition comes first, then a test that exercises it and its callers; then the next definitions,
and a caller and a test of some of them; then outlines of their files and documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from indexer.conventions import is_test
from indexer.store.catalog import SymbolRow
from indexer.types import Span
from indexer.words import stems

from .contenders import Contender, contenders, found
from .exercise import case_around, exercising
from .graph import Graph
from .sheet import Sheets
from .task import about, is_long
from .types import Caller, Hit
from .wish import Wish

_CALLERS = 3  # of the best definition; one of the next ones
_NEXT = 3  # definitions that bring a caller and a test of their own
_DEFINITIONS = 100  # and parts: more than 20,000 tokens hold, and beyond that one is seldom what was meant
_WISHED_UNTIL = 0.7  # of the room for definitions, before what is around the next ones:
_REPORTED_UNTIL = 0.95  # what a report is about comes first,
_REPORTED = 0.5  # of the budget for one of them: the fault is in a body, a head does not show it
_TESTS = 2  # that were found themselves
_SMALL_FILE = 150  # lines: who changes one thing in it changes what it declares and calls as well
_NAMESAKES = 3  # definitions of one name up to which a use by name only is worth showing
_CALLEES = 4
_OUTLINES = 4
_DOCUMENTS = 2


def wishes(task: str, hits: Sequence[Hit], sheets: Sheets, graph: Graph) -> Iterator[Wish]:
    """Everything worth showing; the same index and hits give the same list."""
    long = is_long(task)
    ranked = contenders(task, hits, sheets, in_parts=not long)[:_DEFINITIONS]
    asked = frozenset(stems(about(task), question=True))
    leaders = _leaders(ranked)
    if long:
        for one in ranked:
            yield _reported(one)
    for one in leaders[:1]:
        yield _definition(one, first=True)
        yield from _neighbours(one, asked, sheets, graph, _CALLERS)
    yield from _small_files(leaders)
    for one in ranked:
        yield replace(_definition(one), until=_WISHED_UNTIL)
    for one in leaders[:1]:
        yield from _called(one, sheets, graph)
    for one in leaders[1:]:
        yield _definition(one)
        yield from _neighbours(one, asked, sheets, graph, 1)
    for hit in [hit for hit in hits if hit.kind == "code" and is_test(hit.path, hit.symbol)][:_TESTS]:
        yield from _test_hit(hit, sheets, graph)
    for one in ranked:
        yield _definition(one)
    yield from _outlines([hit.path for hit in hits if hit.kind == "code"], sheets)
    for hit in [hit for hit in hits if hit.kind != "code"][:_DOCUMENTS]:
        yield from _document(hit, sheets)


def _leaders(ranked: Sequence[Contender]) -> list[Contender]:
    """The likeliest definitions, of each the likeliest part."""
    best: dict[object, Contender] = {}
    for one in sorted(ranked, key=lambda one: -one.worth):
        best.setdefault(one.symbol.id if one.symbol else (one.sheet.path, one.span), one)
    return list(best.values())[:_NEXT]


def _definition(one: Contender, first: bool = False) -> Wish:
    """All of a definition, or its outline, or its head; a part of one under its head."""
    sheet, symbol = one.sheet, one.symbol
    around = tuple(sheet.heads_around(one.span.start))
    if symbol is None:
        return Wish("code", sheet, _lines(one.span), one.why, around=around, share=0.15)
    head = _lines(sheet.head(symbol))
    is_part = one.span != sheet.whole(symbol)
    return Wish(
        "code",
        sheet,
        _lines(one.span),
        one.why,
        symbol.qualname,
        shorter=(head,) if is_part else (tuple(sheet.outline(symbol)), head),
        around=(*around, *head) if is_part else around,
        share=0.4 if first else 0.3,
    )


def _reported(one: Contender) -> Wish:
    """All of a definition; where that takes too much, the likelier half of its parts, a quarter, or one."""
    wish = replace(_definition(one), share=_REPORTED, shorter=(), until=_REPORTED_UNTIL)
    if not one.parts:
        return wish
    some, many = [], len(one.parts) // 2
    while many:
        some.append(tuple(sorted({line for part in one.parts[:many] for line in _lines(part)})))
        many //= 2
    head = _lines(one.sheet.head(one.symbol)) if one.symbol else ()
    return replace(wish, parts=tuple(some), around=(*wish.around, *head))


def _small_files(leaders: Sequence[Contender]) -> Iterator[Wish]:
    """The rest of the files of the best definitions, where that is little."""
    for sheet in dict.fromkeys(one.sheet for one in leaders):
        if len(sheet.lines) <= _SMALL_FILE:
            lines = _lines(Span(1, len(sheet.lines)))
            yield Wish("outline", sheet, lines, "the rest of a small file", share=0.3)


def _neighbours(
    one: Contender, asked: frozenset[str], sheets: Sheets, graph: Graph, callers: int
) -> Iterator[Wish]:
    """A test that exercises a definition, and some of its callers."""
    symbol = one.symbol
    if symbol is None:
        return
    uses = graph.callers([symbol])
    if len(graph.definitions(symbol.name)) > _NAMESAKES:
        uses = [use for use in uses if use.resolved]
    yield from exercising(symbol, uses, asked, sheets, graph)
    shown: set[str | None] = set()
    for use in uses:
        if not is_test(use.path, use.symbol) and use.symbol not in shown and len(shown) < callers:
            shown.add(use.symbol)
            wish = _caller(symbol, use, sheets)
            if wish:
                yield wish


def _called(one: Contender, sheets: Sheets, graph: Graph) -> Iterator[Wish]:
    """The outlines of what a definition calls."""
    symbol = one.symbol
    if symbol is None:
        return
    for callee in [c for c in graph.callees(symbol) if c.resolved][:_CALLEES]:
        sheet = sheets.get(callee.path)
        called = sheet.symbol_at(callee.line, callee.symbol) if sheet else None
        if sheet and called:
            lines = tuple(sheet.outline(called))
            around = tuple(sheet.heads_around(called.start))
            why = f"called by {symbol.qualname}"
            yield Wish("outline", sheet, lines, why, called.qualname, around=around, share=0.06)


def _caller(symbol: SymbolRow, use: Caller, sheets: Sheets) -> Wish | None:
    sheet = sheets.get(use.path)
    caller = sheet.named(use.symbol, use.line) if sheet and use.symbol else None
    if sheet is None or caller is None or caller.kind == "module":
        return None
    whole, head = sheet.whole(caller), sheet.head(caller)
    proof = "" if use.resolved else ", by name only"
    return Wish(
        "caller",
        sheet,
        _lines(whole),
        f"uses {symbol.qualname} on line {use.line}{proof}",
        caller.qualname,
        shorter=(_lines(head),),
        around=tuple(sheet.heads_around(caller.start)),
        share=0.12,
    )


def _test_hit(hit: Hit, sheets: Sheets, graph: Graph) -> Iterator[Wish]:
    sheet = sheets.get(hit.path)
    if sheet is None:
        return
    symbol = sheet.symbol_at(hit.start_line, hit.symbol) if hit.symbol else None
    if symbol is None:
        inside = [case_around(sheet, line, graph) for line in range(hit.start_line, hit.end_line + 1)]
        span = next((case for case in inside if case), None)
    else:
        span = sheet.whole(symbol) if symbol.kind in ("function", "method") else None
    if span:
        lines = _lines(span)
        around = tuple(sheet.heads_around(symbol.start)) if symbol else ()
        yield Wish("test", sheet, lines, found(hit), hit.symbol, around=around, share=0.2)


def _outlines(paths: Sequence[str], sheets: Sheets) -> Iterator[Wish]:
    """What else the files of the best definitions hold."""
    for path in list(dict.fromkeys(paths))[:_OUTLINES]:
        sheet = sheets.get(path)
        lines = tuple(sheet.outline()) if sheet else ()
        if sheet and lines:
            yield Wish("outline", sheet, lines, "what else the file defines", share=0.1)


def _document(hit: Hit, sheets: Sheets) -> Iterator[Wish]:
    sheet = sheets.get(hit.path)
    if sheet:
        lines = tuple(range(hit.start_line, min(hit.end_line, len(sheet.lines)) + 1))
        yield Wish("code", sheet, lines, found(hit), hit.symbol, share=0.15)


def _lines(span: Span) -> tuple[int, ...]:
    return tuple(range(span.start, span.end + 1))
