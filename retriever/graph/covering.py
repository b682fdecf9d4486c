"""Find the tests that exercise a definition: by calls, direct or one step away, and by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from indexer.conventions import is_test
from indexer.store.catalog import Catalog, RepoRow, SymbolRow

from ..types import Caller
from .values import CLASSES

_STEPS = 60  # callers whose own callers are looked at
_MEMBERS = 40  # methods of a class whose tests are its tests

Callers = Callable[[Sequence[SymbolRow]], list[Caller]]
Key = tuple[str, str | None]


def covering(
    definitions: Sequence[SymbolRow], callers: Callers, catalog: Catalog, repo: RepoRow
) -> list[Caller]:
    """The tests of definitions that share a name: proven calls first, then through one caller (`via`), then
    calls that agree by name only, then tests that are only named after it."""
    direct = callers(definitions)
    wanted = [*definitions, *_members(definitions, catalog)]
    found: dict[Key, Caller] = {}
    for use in direct + (callers(wanted[len(definitions) :]) if len(wanted) > len(definitions) else []):
        if is_test(use.path, use.symbol):
            _keep(found, use)
    for use in _through(definitions, direct, callers, catalog, repo):
        _keep(found, use)
    for use in _named_after(definitions, catalog, repo):
        _keep(found, use)
    return sorted(found.values(), key=lambda c: (not c.resolved, c.via is not None, c.path, c.line))


def _members(definitions: Sequence[SymbolRow], catalog: Catalog) -> list[SymbolRow]:
    """What a class defines: its tests call that."""
    found: list[SymbolRow] = []
    for row in definitions:
        if row.kind in CLASSES:
            inside = catalog.symbols_over(row.file, row.start, row.end)
            found += [
                s for s in inside if s.qualname.rpartition(".")[0] == row.qualname and not _is_special(s)
            ]
    return found[:_MEMBERS]


def _is_special(row: SymbolRow) -> bool:
    return row.name.startswith("__") or row.kind not in ("function", "method")


def _through(
    definitions: Sequence[SymbolRow],
    direct: Sequence[Caller],
    callers: Callers,
    catalog: Catalog,
    repo: RepoRow,
) -> Iterator[Caller]:
    """Tests of what provably calls the definition."""
    own = {(row.path, row.qualname) for row in definitions}
    steps = dict.fromkeys(
        (use.path, use.symbol)
        for use in direct
        if use.resolved
        and use.symbol
        and not is_test(use.path, use.symbol)
        and (use.path, use.symbol) not in own
    )
    for path, symbol in list(steps)[:_STEPS]:
        file = catalog.file(repo, path)
        between = catalog.defined(file.id, str(symbol)) if file else []
        for use in callers(between):
            if use.resolved and is_test(use.path, use.symbol):
                yield Caller(use.repo, use.path, use.line, use.symbol, True, via=symbol)


def _named_after(definitions: Sequence[SymbolRow], catalog: Catalog, repo: RepoRow) -> Iterator[Caller]:
    """`test_retry` and `TestRetry` for `retry`."""
    for name in dict.fromkeys(row.name.strip("_") for row in definitions):
        if not name:
            continue
        for row in catalog.symbols_named(
            repo, [f"test_{name}", f"Test{name}", f"{name}_test", f"{name}Test"]
        ):
            if is_test(row.path, row.qualname):
                yield Caller(repo.name, row.path, row.start, row.qualname, False)


def _keep(found: dict[Key, Caller], use: Caller) -> None:
    """One line per test: the best proof, the first line."""
    key = use.path, use.symbol
    known = found.get(key)
    if known is None or (not use.resolved, use.via is not None) < (not known.resolved, known.via is not None):
        found[key] = use
