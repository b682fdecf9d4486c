"""List what a pack would like to show for a task, the most wanted first.

The best definition comes first, then a test that exercises it, its callers and what it calls; then
the next definitions with a caller and a test each; then outlines of their files and documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from indexer.conventions import is_test
from indexer.store.catalog import Catalog, RepoRow, SymbolRow
from indexer.types import Span
from indexer.words import stems

from .exercise import case_around, exercising
from .graph import Graph
from .sheet import Sheet, Sheets
from .task import about, relevance, weights
from .types import Caller, Hit
from .wish import Wish

_CALLERS = 3  # of the best definition; one of the next ones
_NEXT = 3  # definitions that bring a caller and a test of their own
_DEFINITIONS = 12  # beyond that a hit is seldom what was meant
_TESTS = 2  # that were found themselves
_NAMESAKES = 3  # definitions of one name up to which a use by name only is worth showing
_CALLEES = 4
_OUTLINES = 4
_DOCUMENTS = 2
_REASONS = 2


def wishes(task: str, hits: Sequence[Hit], catalog: Catalog, repo: RepoRow) -> Iterator[Wish]:
    """Everything worth showing; the same index and hits give the same list."""
    sheets, graph = Sheets(catalog, repo), Graph(catalog, repo)
    asked = frozenset(stems(about(task), question=True))
    code = _ordered(task, hits, sheets)
    for nth, (hit, sheet, symbol) in enumerate(code[:_NEXT]):
        yield _definition(hit, sheet, symbol, first=nth == 0)
        if symbol:
            yield from _neighbours(symbol, asked, sheets, graph, first=nth == 0)
    for hit in [hit for hit in hits if hit.kind == "code" and is_test(hit.path, hit.symbol)][:_TESTS]:
        yield from _test_hit(hit, sheets, graph)
    for hit, sheet, symbol in code[_NEXT:]:
        yield _definition(hit, sheet, symbol, first=False)
    yield from _outlines([hit.path for hit, _, _ in code], sheets)
    for hit in [hit for hit in hits if hit.kind != "code"][:_DOCUMENTS]:
        page = sheets.get(hit.path)
        if page:
            yield _definition(hit, page, page.symbol_at(hit.start_line, hit.symbol), first=False)


def _ordered(task: str, hits: Sequence[Hit], sheets: Sheets) -> list[tuple[Hit, Sheet, SymbolRow | None]]:
    """The definitions that were found, those first that say most of what the task is about."""
    telling = weights(task, hits)
    found: list[tuple[float, int, Hit, Sheet, SymbolRow | None]] = []
    for nth, hit in enumerate(hits):
        sheet = sheets.get(hit.path)
        if sheet is None or hit.kind != "code" or is_test(hit.path, hit.symbol):
            continue
        symbol = sheet.symbol_at(hit.start_line, hit.symbol) if hit.symbol else None
        span = sheet.whole(symbol) if symbol else Span(hit.start_line, hit.end_line)
        text = sheet.text(range(span.start, min(span.end, len(sheet.lines)) + 1))
        score = relevance(hit, symbol.name if symbol else "", text, telling)
        found.append((-score, nth, hit, sheet, symbol))
    found.sort(key=lambda entry: entry[:2])
    return [entry[2:] for entry in found[:_DEFINITIONS]]


def _definition(hit: Hit, sheet: Sheet, symbol: SymbolRow | None, first: bool) -> Wish:
    why = _found(hit)
    if symbol is None:
        lines = tuple(range(hit.start_line, min(hit.end_line, len(sheet.lines)) + 1))
        return Wish("code", sheet, lines, why, None, share=0.15)
    whole = sheet.whole(symbol)
    return Wish(
        "code",
        sheet,
        _lines(whole),
        why,
        symbol.qualname,
        shorter=(tuple(sheet.outline(symbol)), _lines(sheet.head(symbol))) if hit.kind == "code" else (),
        around=tuple(sheet.heads_around(symbol)),
        share=0.4 if first else 0.25,
    )


def _found(hit: Hit) -> str:
    """The first reasons of a hit: they name what a reader can check."""
    reasons = [reason for reason in hit.reasons if not reason.startswith("ranked")]
    return "found: " + ("; ".join(reasons[:_REASONS]) or "by search")


def _neighbours(
    symbol: SymbolRow, asked: frozenset[str], sheets: Sheets, graph: Graph, first: bool
) -> Iterator[Wish]:
    uses = graph.callers([symbol])
    if len(graph.definitions(symbol.name)) > _NAMESAKES:
        uses = [use for use in uses if use.resolved]
    yield from exercising(symbol, uses, asked, sheets, graph)
    shown: set[str | None] = set()
    for use in uses:
        if (
            not is_test(use.path, use.symbol)
            and use.symbol not in shown
            and len(shown) < (_CALLERS if first else 1)
        ):
            shown.add(use.symbol)
            wish = _caller(symbol, use, sheets)
            if wish:
                yield wish
    if first:
        for callee in [c for c in graph.callees(symbol) if c.resolved][:_CALLEES]:
            sheet = sheets.get(callee.path)
            called = sheet.symbol_at(callee.line, callee.symbol) if sheet else None
            if sheet and called:
                lines = tuple(sheet.outline(called))
                around = tuple(sheet.heads_around(called))
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
        around=tuple(sheet.heads_around(caller)),
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
        around = tuple(sheet.heads_around(symbol)) if symbol else ()
        yield Wish("test", sheet, lines, _found(hit), hit.symbol, around=around, share=0.2)


def _outlines(paths: Sequence[str], sheets: Sheets) -> Iterator[Wish]:
    """What else the files of the best definitions hold."""
    for path in list(dict.fromkeys(paths))[:_OUTLINES]:
        sheet = sheets.get(path)
        lines = tuple(sheet.outline()) if sheet else ()
        if sheet and lines:
            yield Wish("outline", sheet, lines, "what else the file defines", share=0.1)


def _lines(span: Span) -> tuple[int, ...]:
    return tuple(range(span.start, span.end + 1))
