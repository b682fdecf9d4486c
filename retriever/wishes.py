"""List what a pack would like to show for a task, the most wanted first.

The best definition comes first, then a test that exercises it, its callers and what it calls; then
the next definitions with a caller and a test each; then outlines of their files and documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.conventions import is_test
from indexer.store.catalog import Catalog, RepoRow, SymbolRow
from indexer.words import stems

from .graph import Graph
from .sheet import Sheet, Sheets
from .types import Caller, Hit

_CALLERS = 3  # of the best definition; one of the next ones
_NEXT = 3  # definitions that bring a caller and a test of their own
_DEFINITIONS = 12  # beyond that a hit is seldom what was meant
_CALLEES = 4
_OUTLINES = 4
_DOCUMENTS = 2
_HELPERS = 3  # fixtures and helpers of a test
_SHORT = 12  # lines: an opening or a fixture that is shown along with a test


@dataclass(frozen=True, slots=True)
class Wish:
    """Lines of one file that a pack would like to show.

    `lines` is the whole of it, `shorter` what is shown where that is too much, `around` the heads of
    the types it stands in. `share` is how much of the budget it may take. A wish that `supports` the
    one before is of no use without it.
    """

    role: str
    sheet: Sheet
    lines: tuple[int, ...]
    why: str
    symbol: str | None = None
    shorter: tuple[int, ...] = ()
    around: tuple[int, ...] = ()
    share: float = 0.25
    supports: bool = False


def wishes(task: str, hits: Sequence[Hit], catalog: Catalog, repo: RepoRow) -> Iterator[Wish]:
    """Everything worth showing; the same index and hits give the same list."""
    sheets, graph = Sheets(catalog, repo), Graph(catalog, repo)
    code = [hit for hit in hits if hit.kind == "code" and not is_test(hit.path)][:_DEFINITIONS]
    tests = [hit for hit in hits if hit.kind == "code" and is_test(hit.path)]
    asked = frozenset(stems(task, question=True))
    for nth, hit in enumerate(code):
        sheet = sheets.get(hit.path)
        if sheet is None:
            continue
        symbol = sheet.symbol_at(hit.start_line, hit.symbol) if hit.symbol else None
        yield _definition(hit, sheet, symbol, first=nth == 0)
        if symbol and nth < _NEXT:
            yield from _neighbours(symbol, asked, sheets, graph, first=nth == 0)
    for hit in tests[:2]:
        yield from _test_hit(hit, sheets)
    yield from _outlines(code, sheets)
    for hit in [hit for hit in hits if hit.kind != "code"][:_DOCUMENTS]:
        sheet = sheets.get(hit.path)
        if sheet:
            yield _definition(hit, sheet, sheet.symbol_at(hit.start_line, hit.symbol), first=False)


def _definition(hit: Hit, sheet: Sheet, symbol: SymbolRow | None, first: bool) -> Wish:
    why = "found: " + ("; ".join(hit.reasons) or "search")
    if symbol is None:
        lines = tuple(range(hit.start_line, min(hit.end_line, len(sheet.lines)) + 1))
        return Wish("code", sheet, lines, why, None, share=0.15)
    whole = sheet.whole(symbol)
    return Wish(
        "code",
        sheet,
        tuple(range(whole.start, whole.end + 1)),
        why,
        symbol.qualname,
        shorter=tuple(sheet.outline(symbol)),
        around=tuple(sheet.heads_around(symbol)),
        share=0.4 if first else 0.2,
    )


def _neighbours(
    symbol: SymbolRow, asked: frozenset[str], sheets: Sheets, graph: Graph, first: bool
) -> Iterator[Wish]:
    uses = graph.callers([symbol])
    yield from _tests(symbol, uses, asked, sheets, graph)
    shown: set[str | None] = set()
    for use in uses:
        if not is_test(use.path) and use.symbol not in shown and len(shown) < (_CALLERS if first else 1):
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
        tuple(range(whole.start, whole.end + 1)),
        f"uses {symbol.qualname} on line {use.line}{proof}",
        caller.qualname,
        shorter=tuple(range(head.start, head.end + 1)),
        around=tuple(sheet.heads_around(caller)),
        share=0.12,
    )


def _tests(
    symbol: SymbolRow, uses: Sequence[Caller], asked: frozenset[str], sheets: Sheets, graph: Graph
) -> Iterator[Wish]:
    """The test that exercises a definition and is nearest to the task, with what it stands on."""
    found: list[tuple[tuple[bool, int, int, str, int], Sheet, SymbolRow, Caller]] = []
    for use in uses:
        sheet = sheets.get(use.path) if is_test(use.path) and use.symbol else None
        test = sheet.named(use.symbol or "", use.line) if sheet else None
        if sheet is None or test is None or test.kind not in ("function", "method"):
            continue
        near = len(asked & set(stems(test.name)))
        named = "test" in test.name.lower()
        order = (not (use.resolved and named), -near, test.end - test.start, use.path, use.line)
        found.append((order, sheet, test, use))
    if not found:
        return
    _, sheet, test, use = min(found, key=lambda entry: entry[0])
    yield _test(sheet, test, f"exercises {symbol.qualname} on line {use.line}")
    yield from _stands_on(sheet, test, sheets, graph)


def _test(sheet: Sheet, test: SymbolRow, why: str) -> Wish:
    whole = sheet.whole(test)
    lines = tuple(range(whole.start, whole.end + 1))
    around = tuple(sheet.heads_around(test))
    return Wish("test", sheet, lines, why, test.qualname, around=around, share=0.25)


def _stands_on(sheet: Sheet, test: SymbolRow, sheets: Sheets, graph: Graph) -> Iterator[Wish]:
    """The imports of a test's file, and the helpers and fixtures it uses, where they are short."""
    opening = sheet.opening(_SHORT)
    if opening:
        lines = tuple(range(opening.start, opening.end + 1))
        yield Wish("test", sheet, lines, f"imports of {test.name}", share=0.08, supports=True)
    helpers = [(c.path, c.symbol, c.line) for c in graph.callees(test) if c.resolved and is_test(c.path)]
    wanted = _parameters(test)
    for name in wanted:
        helpers += [
            (row.path, row.qualname, row.start)
            for row in graph.definitions(name)
            if row.kind == "function" and (row.path == sheet.path or _is_conftest_of(row.path, sheet.path))
        ]
    for path, qualname, line in list(dict.fromkeys(helpers))[:_HELPERS]:
        other = sheets.get(path)
        helper = other.symbol_at(line, qualname) if other else None
        if other and helper:
            whole = other.whole(helper)
            lines = tuple(range(whole.start, whole.end + 1))
            short = len(lines) <= 2 * _SHORT
            shown = lines if short else tuple(other.outline(helper))
            why = f"used by {test.name}"
            yield Wish("test", other, shown, why, helper.qualname, share=0.08, supports=True)


def _parameters(test: SymbolRow) -> list[str]:
    """The fixtures a pytest function asks for by the names of its parameters."""
    if not test.path.endswith(".py"):
        return []
    inside = test.signature.partition("(")[2].rpartition(")")[0]
    names = [part.partition(":")[0].partition("=")[0].strip(" *") for part in inside.split(",")]
    return [name for name in names if name.isidentifier() and name not in ("self", "cls")]


def _is_conftest_of(path: str, test: str) -> bool:
    folder, _, name = path.rpartition("/")
    return name == "conftest.py" and (not folder or test.startswith(folder + "/"))


def _test_hit(hit: Hit, sheets: Sheets) -> Iterator[Wish]:
    sheet = sheets.get(hit.path)
    symbol = sheet.symbol_at(hit.start_line, hit.symbol) if sheet and hit.symbol else None
    if sheet and symbol and symbol.kind in ("function", "method"):
        yield _test(sheet, symbol, "found: " + "; ".join(hit.reasons))


def _outlines(code: Sequence[Hit], sheets: Sheets) -> Iterator[Wish]:
    """What else the files of the best hits hold."""
    for path in list(dict.fromkeys(hit.path for hit in code))[:_OUTLINES]:
        sheet = sheets.get(path)
        lines = tuple(sheet.outline()) if sheet else ()
        if sheet and lines:
            yield Wish("outline", sheet, lines, "what else the file defines", share=0.1)
