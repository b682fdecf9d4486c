"""A change -> functions in it that the repository has already, under another name or in another place.

Candidates (candidates.py) are found by meaning, words and calls. What decides is both: the shape of the
body, and which names it calls and reads.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from indexer.conventions import is_test
from indexer.store.catalog import SymbolRow

from ..graph import Graph
from .after import After
from .candidates import Candidates, is_passing
from .change import Change
from .finding import Finding, Shown
from .newcomers import Newcomer, newcomers
from .shape import Shape, shape_of

if TYPE_CHECKING:
    from .index import Index

_LINES = 5  # of a body: what is shorter is quicker written again than found
_TOKENS = 40
_NAMES = 4  # different names that a body calls or reads: fewer say nothing of what it is for
# Of the runs of tokens: 96 of 100 real functions that were copied, renamed and reordered are found with it.
_ALIKE = 0.8
_SAME_CALLS = 0.75  # of the names that are called and read
_BESIDE = 0.95  # of both in one file: who writes there sees it, and one call may be all the difference
_KINDRED = 0.7  # alike enough to be made after one pattern,
_PATTERN = 3  # which so many functions show: this is how it is done here, and nothing to be shared


def finds(change: Change, search: Index) -> list[Finding]:
    """Each new function with the one it is most like, where they are alike enough."""
    new = [one for one in newcomers(change) if _is_worth_it(one)]
    if not new:
        return []
    outer = {(one.file.path, one.symbol.qualname) for one in new}
    new = [one for one in new if not _is_part(one, outer)]
    after = After.of(change, search.catalog)
    twins = _Twins(after, Candidates(change, after, search, new))
    return [finding for one in new if (finding := twins.of(one))]


def _is_worth_it(new: Newcomer) -> bool:
    symbol, shape = new.symbol, new.shape
    return (
        shape.lines >= _LINES
        and shape.tokens >= _TOKENS
        and len(shape.names) >= _NAMES
        and not symbol.name.startswith("__")
        and symbol.name not in ("constructor", "init", "main")
        and not is_test(new.file.path, symbol.qualname)
        and not is_passing(symbol.signature, symbol.doc)
    )


def _is_part(new: Newcomer, outer: Collection[tuple[str, str]]) -> bool:
    """Whether a function is local to another new one, which is looked at as a whole."""
    above, _, _ = new.symbol.qualname.rpartition(".")
    while above and (new.file.path, above) not in outer:
        above, _, _ = above.rpartition(".")
    return bool(above)


def _holds(outer: SymbolRow, inner: SymbolRow) -> bool:
    return outer.file == inner.file and inner.qualname.startswith(f"{outer.qualname}.")


class _Twins:
    """Compares new functions with their candidates."""

    def __init__(self, after: After, candidates: Candidates) -> None:
        self._facts = after
        self._candidates = candidates
        self._lines: dict[str, list[str]] = {}

    def of(self, new: Newcomer) -> Finding | None:
        alike = [(self._likeness(row, new), row) for row in self._candidates.of(new)]
        rows = [row for score, row in alike if score >= _KINDRED]
        alike = [found for found in alike if found[1] in rows and not any(_holds(r, found[1]) for r in rows)]
        if len(alike) >= _PATTERN:
            return None
        score, row = max(alike, key=lambda found: found[0], default=(0.0, None))
        if row is None or score < (_BESIDE if row.path == new.file.path else _ALIKE):
            return None
        callers = self._callers(row)
        used = f", which has {callers} caller{'s' * (callers != 1)}," if callers else ""
        message = (
            f"`{row.qualname}` in {row.path}:{row.start}{used} does this already ({score:.0%} alike): "
            f"call it instead of `{new.symbol.qualname}`, or let them share what they have in common"
        )
        example = Shown(row.path, row.start, row.signature)
        return Finding(
            "twins", "warning", new.file.path, new.symbol.span.start, message, "twins/again", example
        )

    def _likeness(self, row: SymbolRow, new: Newcomer) -> float:
        """How alike two functions are; 0 where they do the same motions with other things."""
        shape = self._shape(row)
        calls = _BESIDE if row.path == new.file.path else _SAME_CALLS
        return shape.like(new.shape) if shape.means(new.shape) >= calls else 0.0

    def _shape(self, row: SymbolRow) -> Shape:
        if row.path not in self._lines:
            self._lines[row.path] = self._facts.text(row.path).split("\n")
        file = self._facts.file(row.path)
        text = "\n".join(self._lines[row.path][row.start - 1 : row.end])
        return shape_of(text, row.name, file.language if file else "")

    def _callers(self, row: SymbolRow) -> int:
        return len(Graph(self._facts.catalog, self._facts.repo).callers([row])) if row.file > 0 else 0
