"""Find the test that shows how a definition is tested here, and what that test stands on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from indexer.conventions import is_test
from indexer.store.catalog import SymbolRow
from indexer.types import Span
from indexer.words import stems

from .graph import Graph
from .sheet import Sheet, Sheets
from .types import Caller
from .wish import Wish

_HELPERS = 3  # fixtures and helpers of a test
_SHORT = 12  # lines: an opening that is shown along with a test
_SHORT_HELPER = 24
_CASES = frozenset({"it", "test", "specify"})  # calls whose block is a test where tests are no definitions


@dataclass(frozen=True, slots=True)
class _Test:
    """A test that uses the definition: a function, or the block of an `it(...)` (`symbol` None)."""

    sheet: Sheet
    span: Span
    name: str
    symbol: SymbolRow | None
    use: Caller


def exercising(
    definition: SymbolRow, uses: Sequence[Caller], asked: frozenset[str], sheets: Sheets, graph: Graph
) -> Iterator[Wish]:
    """The test nearest to what is asked, of the usual length; then its imports, helpers and fixtures."""
    tests = [test for use in uses if is_test(use.path, use.symbol) for test in _tests_at(use, sheets, graph)]
    if not tests:
        return
    lengths = sorted(len(test.span) for test in tests)
    usual = lengths[len(lengths) // 2]  # the pattern is in the usual test, not in the shortest

    def order(test: _Test) -> tuple[bool, int, int, str, int]:
        near = len(asked & set(stems(test.name)))
        return not test.use.resolved, -near, abs(len(test.span) - usual), test.use.path, test.use.line

    best = min(tests, key=order)
    why = f"exercises {definition.qualname} on line {best.use.line}"
    around = tuple(best.sheet.heads_around(best.symbol.start)) if best.symbol else ()
    yield Wish("test", best.sheet, _lines(best.span), why, best.name or None, around=around, share=0.25)
    yield from _stands_on(best, sheets, graph)


def _tests_at(use: Caller, sheets: Sheets, graph: Graph) -> list[_Test]:
    """The test around a use, if it is in one: a helper or a fixture is none."""
    sheet = sheets.get(use.path)
    if sheet is None:
        return []
    symbol = sheet.named(use.symbol, use.line) if use.symbol else None
    if symbol and symbol.kind in ("function", "method"):
        if symbol.path.endswith(".py") and not symbol.name.startswith("test"):
            return []
        return [_Test(sheet, sheet.whole(symbol), symbol.qualname, symbol, use)]
    case = case_around(sheet, use.line, graph)
    return [_Test(sheet, case, "", None, use)] if case else []


def case_around(sheet: Sheet, line: int, graph: Graph) -> Span | None:
    """The block of the `it(...)` or `test(...)` that a line stands in, where tests are no definitions."""
    before = [
        r.line
        for r in graph.references(sheet.file.id)
        if r.kind == "call" and r.name in _CASES and r.line <= line
    ]
    block = sheet.block(max(before)) if before else None
    return block if block and block.end >= line else None


def _stands_on(test: _Test, sheets: Sheets, graph: Graph) -> Iterator[Wish]:
    sheet, name = test.sheet, test.name or "the test"
    opening = sheet.opening(_SHORT)
    if opening:
        yield Wish("test", sheet, _lines(opening), f"imports of {name}", share=0.08, supports=True)
    if test.symbol is None:
        return
    helpers = [
        (c.path, c.symbol, c.line) for c in graph.callees(test.symbol) if c.resolved and is_test(c.path)
    ]
    helpers += [
        (row.path, row.qualname, row.start)
        for fixture in _parameters(test.symbol)
        for row in graph.definitions(fixture)
        if row.kind == "function" and (row.path == sheet.path or _is_conftest_of(row.path, sheet.path))
    ]
    for path, qualname, line in list(dict.fromkeys(helpers))[:_HELPERS]:
        other = sheets.get(path)
        helper = other.symbol_at(line, qualname) if other else None
        if other and helper:
            whole = _lines(other.whole(helper))
            shown = whole if len(whole) <= _SHORT_HELPER else tuple(other.outline(helper))
            around = tuple(other.heads_around(helper.start))  # a method under the head of its class
            why = f"used by {name}"
            yield Wish("test", other, shown, why, helper.qualname, around=around, share=0.08, supports=True)


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


def _lines(span: Span) -> tuple[int, ...]:
    return tuple(range(span.start, span.end + 1))
