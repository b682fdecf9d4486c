"""Find the neighbours of a definition in the graph: who calls it, what it calls, which tests do."""

from __future__ import annotations

from indexer.conventions import is_test
from indexer.store.catalog import Catalog, RepoRow

from .graph import Graph
from .types import Caller


def callers(catalog: Catalog, repo: RepoRow, name: str, limit: int = 50) -> list[Caller]:
    """Where a definition is called or inherited from: proven uses first, code before tests.

    `name` may be qualified (`Class.method`); every definition it fits is meant. Empty when nothing is
    called so; `definitions` tells whether there is such a name at all.
    """
    graph = Graph(catalog, repo)
    return graph.callers(graph.definitions(name))[:limit]


def callees(catalog: Catalog, repo: RepoRow, name: str, limit: int = 50) -> list[Caller]:
    """The definitions of this repository that a definition calls, each with where it is defined.

    A name with several definitions is shown with all of them, unresolved, or not at all when there
    are many. What is defined elsewhere (the standard library) is left out.
    """
    graph = Graph(catalog, repo)
    found: dict[tuple[str, int], Caller] = {}
    for definition in graph.definitions(name):
        for callee in graph.callees(definition):
            known = found.get((callee.path, callee.line))
            if known is None or callee.resolved > known.resolved:
                found[callee.path, callee.line] = callee
    return sorted(found.values(), key=lambda c: (not c.resolved, c.path, c.line))[:limit]


def covering(catalog: Catalog, repo: RepoRow, name: str, limit: int = 50) -> list[Caller]:
    """The uses of a definition in test files, proven ones first."""
    graph = Graph(catalog, repo)
    return [use for use in graph.callers(graph.definitions(name)) if is_test(use.path, use.symbol)][:limit]
