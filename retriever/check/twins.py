"""A change -> functions in it that the repository has already, under another name or in another place.

Candidates are found by meaning and words, with the text of the new function as the question, and by the
calls it makes. What decides is both: the shape of the body, and which names it calls and reads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from indexer.conventions import is_test
from indexer.embed import encoder_text
from indexer.store import VectorQuery, Where
from indexer.store.catalog import SymbolRow
from indexer.words import query_bag, query_weights

from ..graph import Graph
from .after import After
from .change import Change
from .finding import Finding, Shown
from .newcomers import FUNCTIONS, Newcomer, newcomers
from .shape import Shape, shape_of

if TYPE_CHECKING:
    from .index import Index

_LINES = 5  # of a body: what is shorter is quicker written again than found
_TOKENS = 40
_NAMES = 4  # different names that a body calls or reads: fewer say nothing of what it is for
_ALIKE = 0.8  # of the runs of tokens
_BESIDE = 0.95  # of both in one file: who writes there sees it, and one call may be all the difference
_KINDRED = 0.7  # alike enough to be made after one pattern,
_PATTERN = 3  # which so many functions show: this is how it is done here, and nothing to be shared
_SAME_CALLS = 0.75  # of the names that are called and read
_NEAREST = 24  # chunks by meaning and as many by words
_COMPARED = 12  # candidates whose text is read
_COMMON = 60  # uses of a name; more and it brings up too much
_SIZES = 3.0  # a twin has at most so many times the lines, for who writes one statement on five


def finds(change: Change, search: Index) -> list[Finding]:
    """Each new function with the one it is most like, where they are alike enough."""
    new = [one for one in newcomers(change) if _is_worth_it(one)]
    if not new:
        return []
    twins = _Twins(change, search, new)
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
        and not _is_passing(symbol.signature, symbol.doc)
    )


def _is_passing(signature: str, doc: str) -> bool:
    """Whether a definition says that it goes, or only says how another may be called."""
    said = f"{signature} {doc}".lower()
    return "deprecat" in said or "@overload" in said


class _Twins:
    """The functions of the repository after a change, as they are asked for."""

    def __init__(self, change: Change, search: Index, new: Sequence[Newcomer]) -> None:
        self._retriever = search
        self._catalog = search.catalog
        self._facts = After.of(change, search.catalog)
        self._repo = self._facts.repo
        self._changed = {path for file in change.files for path in (file.path, file.old_path)}
        self._new = {(one.file.path, one.symbol.qualname) for one in new}
        self._lines: dict[str, list[str]] = {}

    def of(self, new: Newcomer) -> Finding | None:
        alike = [(self._likeness(row, new), row) for row in self._candidates(new)]
        alike = [found for found in alike if found[0] >= _KINDRED]
        if len(alike) >= _PATTERN:
            return None
        score, row = max(alike, key=lambda found: found[0], default=(0.0, None))
        if row is None or score < (_BESIDE if row.path == new.file.path else _ALIKE):
            return None
        callers = self._callers(row)
        used = f", which has {callers} caller{'s' * (callers != 1)}," if callers else ""
        message = (
            f"`{row.qualname}` in {row.path}:{row.start}{used} does nearly what `{new.symbol.qualname}` does "
            f"({score:.0%} alike): call it, or let both share what they have in common"
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

    def _candidates(self, new: Newcomer) -> list[SymbolRow]:
        """The likeliest first: those that make most of the same calls."""
        found = {row.id: row for row in self._by_text(new)}
        found.update((row.id, row) for row in self._by_calls(new))
        found.update((row.id, row) for row in self._changed_too())
        calls = set(new.shape.names)
        size = len(new.symbol.span)
        scored = []
        for row in found.values():
            if not self._may_be_twin(row, new, size):
                continue
            own = {use.name for use in self._facts.references_on(row) if use.kind == "call"}
            shared = len(own & calls) / len(own) if own else 0.5
            scored.append((shared, row))
        scored.sort(key=lambda found: (-found[0], found[1].path, found[1].start))
        return [row for shared, row in scored[:_COMPARED] if shared >= 0.5]

    def _may_be_twin(self, row: SymbolRow, new: Newcomer, size: int) -> bool:
        long = row.end - row.start + 1 - row.doc.count("\n")
        return (
            row.kind in FUNCTIONS
            and (row.path, row.qualname) not in self._new
            and not (row.name == new.symbol.name and "." in row.qualname and "." in new.symbol.qualname)
            and size / _SIZES <= long <= size * _SIZES
            and not is_test(row.path, row.qualname)
            and not _is_passing(row.signature, row.doc)
            and ("async" in row.signature) == ("async" in new.symbol.signature)
            and self._language(row.path) == self._language(new.file.path)
        )

    def _by_text(self, new: Newcomer) -> Iterator[SymbolRow]:
        parsed, symbol = new.file.parsed, new.symbol
        assert parsed is not None
        text = "\n".join(parsed.file.lines[symbol.span.start - 1 : symbol.span.end])
        said = encoder_text(symbol.qualname.rpartition(".")[0], (symbol.name,), text)
        words = query_bag(said)
        dense = self._retriever.embedder.encode([said])[0]
        where = Where(self._repo.name, languages=(parsed.file.language,))
        query = VectorQuery(where, _NEAREST, dense, words.ids, query_weights(words))
        found = self._retriever.vectors.search(query)
        ids = dict.fromkeys(id_ for id_, _ in (*found.by_meaning, *found.by_words))
        for chunk in self._catalog.chunks(list(ids)).values():
            if chunk.path not in self._changed:
                yield from self._catalog.symbols_over(chunk.file, chunk.start, chunk.end)

    def _by_calls(self, new: Newcomer) -> Iterator[SymbolRow]:
        """The functions that share the rarest calls."""
        scopes: Counter[tuple[int, str]] = Counter()
        for name in new.shape.names:
            uses = self._catalog.references_to(self._repo, name, _COMMON + 1)
            if len(uses) <= _COMMON:
                scopes.update({(use.file, use.scope) for use in uses if use.kind == "call" and use.scope})
        for (file, scope), shared in scopes.most_common(_NEAREST):
            if shared > 1:
                for row in self._catalog.defined(file, scope):
                    if row.path not in self._changed:
                        yield row

    def _changed_too(self) -> Iterator[SymbolRow]:
        """The functions of the changed files as they are afterwards."""
        for path in self._changed:
            file = self._facts.file(path)
            if file:
                yield from self._facts.symbols(file.id)

    def _shape(self, row: SymbolRow) -> Shape:
        if row.path not in self._lines:
            self._lines[row.path] = self._facts.text(row.path).split("\n")
        text = "\n".join(self._lines[row.path][row.start - 1 : row.end])
        return shape_of(text, row.name, self._language(row.path))

    def _language(self, path: str) -> str:
        file = self._facts.file(path)
        return file.language if file else ""

    def _callers(self, row: SymbolRow) -> int:
        return len(Graph(self._catalog, self._repo).callers([row])) if row.file > 0 else 0
