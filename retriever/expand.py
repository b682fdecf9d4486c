"""Find the neighbours of a definition in the graph: who calls it, what it calls, which tests do."""

from __future__ import annotations

from .graph import Graph
from .types import Caller, Hierarchy

_MOST = 20  # definitions of one name whose hierarchy is worth showing


def callers(graph: Graph, name: str, limit: int = 50) -> list[Caller]:
    """Where a definition is called or inherited from: proven uses first, code before tests.

    `name` may be qualified (`Class.method`); every definition it fits is meant. Empty when nothing is
    called so; `definitions` tells whether there is such a name at all.
    """
    return graph.callers(graph.definitions(name))[:limit]


def callees(graph: Graph, name: str, limit: int = 50) -> list[Caller]:
    """The definitions of this repository that a definition calls, each with where it is defined.

    A name with several definitions is shown with all of them, unresolved, or not at all when there
    are many. What is defined elsewhere (the standard library) is left out.
    """
    found: dict[tuple[str, int], Caller] = {}
    for definition in graph.definitions(name):
        for callee in graph.callees(definition):
            known = found.get((callee.path, callee.line))
            if known is None or callee.resolved > known.resolved:
                found[callee.path, callee.line] = callee
    return sorted(found.values(), key=lambda c: (not c.resolved, c.path, c.line))[:limit]


def covering(graph: Graph, name: str, limit: int = 50) -> list[Caller]:
    """The tests that exercise a definition: by a call, through one more call (`via`), or by their name."""
    return graph.covering(graph.definitions(name))[:limit]


def hierarchy(graph: Graph, name: str) -> list[Hierarchy]:
    """What stands above and below each class or method of a name."""
    return [graph.hierarchy(row) for row in graph.definitions(name)[:_MOST]]
