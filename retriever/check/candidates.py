"""A new function -> the functions of the repository that may do the same, the likeliest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from indexer.conventions import is_test
from indexer.embed import encoder_text
from indexer.store import VectorQuery, Where
from indexer.store.catalog import SymbolRow
from indexer.words import parts, query_bag, query_weights

from .after import After
from .change import Change
from .newcomers import FUNCTIONS, Newcomer

if TYPE_CHECKING:
    from .index import Index

_NEAREST = 24  # chunks by meaning and as many by words
_COMPARED = 12  # candidates whose text is read
_COMMON = 60  # uses of a name; more and it brings up too much
_SIZES = 3.0  # a twin has at most so many times the lines, for who writes one statement on five
_SHARED = 0.5  # of the calls of a candidate that the new function makes too
_FAMILY = 6  # definitions whose names begin alike: made after one pattern, each for a thing of its own


class Candidates:
    """The functions of the repository as they are after a change, less those that the change brings."""

    def __init__(self, change: Change, after: After, search: Index, new: Sequence[Newcomer]) -> None:
        self._search = search
        self._facts = after
        self._catalog = after.catalog
        self._repo = after.repo
        self._changed = {path for file in change.files for path in (file.path, file.old_path)}
        self._new = {(one.file.path, one.symbol.qualname) for one in new}

    def of(self, new: Newcomer) -> list[SymbolRow]:
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
            shared = len(own & calls) / len(own) if own else _SHARED
            scored.append((shared, row))
        scored.sort(key=lambda found: (-found[0], found[1].path, found[1].start))
        return [row for shared, row in scored[:_COMPARED] if shared >= _SHARED]

    def _may_be_twin(self, row: SymbolRow, new: Newcomer, size: int) -> bool:
        long = row.end - row.start + 1
        if row.doc_start == row.start:  # a docstring stands inside
            long -= row.doc.count("\n")
        return (
            row.kind in FUNCTIONS
            and (row.path, row.qualname) not in self._new
            and not (row.name == new.symbol.name and "." in row.qualname and "." in new.symbol.qualname)
            and size / _SIZES <= long <= size * _SIZES
            and not is_test(row.path, row.qualname)
            and not is_passing(row.signature, row.doc)
            and not _is_within(row, new)
            and not self._are_family(row.name, new.symbol.name)
            and ("async" in row.signature) == ("async" in new.symbol.signature)
            and self._language(row.path) == self._language(new.file.path)
        )

    def _are_family(self, one: str, other: str) -> bool:
        """Whether many names begin as these two do, `NewCmdList` and `NewCmdView`, or are this one."""
        if one == other:
            return sum(row.name == one for row in self._facts.named(one)) >= _FAMILY
        first = _common_start(one, other)
        if len(parts(first)) < 2:
            return False
        sql = (
            "SELECT count(*) FROM (SELECT 1 FROM symbols s CROSS JOIN files f ON f.id = s.file "
            "WHERE s.name COLLATE NOCASE >= ? AND s.name COLLATE NOCASE < ? AND f.repo = ? LIMIT ?)"
        )
        return bool(
            self._catalog.select(sql, first, first + "\uffff", self._repo.id, _FAMILY)[0][0] >= _FAMILY
        )

    def _by_text(self, new: Newcomer) -> Iterator[SymbolRow]:
        parsed, symbol = new.file.parsed, new.symbol
        assert parsed is not None
        text = "\n".join(parsed.file.lines[symbol.span.start - 1 : symbol.span.end])
        said = encoder_text(symbol.qualname.rpartition(".")[0], (symbol.name,), text)
        words = query_bag(said)
        dense = self._search.embedder.encode([said])[0]
        where = Where(self._repo.name, languages=(parsed.file.language,))
        query = VectorQuery(where, _NEAREST, dense, words.ids, query_weights(words))
        found = self._search.vectors.search(query)
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

    def _language(self, path: str) -> str:
        file = self._facts.file(path)
        return file.language if file else ""


def _is_within(row: SymbolRow, new: Newcomer) -> bool:
    """Whether one of the two holds the other."""
    one, other = f"{row.qualname}.", f"{new.symbol.qualname}."
    return row.path == new.file.path and (one.startswith(other) or other.startswith(one))


def is_passing(signature: str, doc: str) -> bool:
    """Whether a definition says that it goes, or only says how another may be called."""
    said = f"{signature} {doc}".lower()
    return "deprecat" in said or "@overload" in said


def _common_start(one: str, other: str) -> str:
    """The whole words that two names begin with alike."""
    same = takewhile(lambda letters: letters[0] == letters[1], zip(one, other, strict=False))
    length = sum(1 for _ in same)
    while length and not (_ends_word(one, length) and _ends_word(other, length)):
        length -= 1
    return one[:length]


def _ends_word(name: str, length: int) -> bool:
    after = name[length : length + 1]
    return not after or after == "_" or after.isupper() or name[length - 1] == "_"
