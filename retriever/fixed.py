"""An index -> questions taken from itself, and whether another index of the same files answers them alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from indexer.embed import Embedder
from indexer.store import VectorQuery, Vectors, Where
from indexer.store.catalog import Catalog, RepoRow

from .find import encode
from .question import read_question
from .search import Retriever
from .types import Query

QUERIES = 40
_CANDIDATES = 100  # of the store's own answers; more would compare the long tail again and again
_LONGEST = 200  # characters of a question
_FILES = 400  # that questions are taken from


@dataclass(frozen=True, slots=True)
class Readable:
    """One index of one repository, as questions see it."""

    catalog: Catalog
    vectors: Vectors
    embedder: Embedder
    repo: RepoRow


def fixed_queries(index: Readable, number: int = QUERIES) -> list[str]:
    """Names, doc comments and lines of the indexed files, chosen by hash: the same for the same files."""
    files = sorted(index.catalog.files(index.repo), key=lambda file: _hash(file.path))[:_FILES]
    symbols = index.catalog.symbols_in([file.id for file in files])
    names = sorted({symbol.qualname for symbol in symbols}, key=_hash)
    docs = sorted({symbol.doc.strip().split("\n")[0] for symbol in symbols if symbol.doc.strip()}, key=_hash)
    lines = [_a_line(index.catalog.text_of(file.id)) for file in files[: number // 4 + 1]]
    chosen = [*names[: number // 3], *docs[: number // 3], *filter(None, lines)]
    return [text[:_LONGEST] for text in dict.fromkeys(chosen)][:number]


def differing(
    live: Readable,
    fresh: Readable,
    queries: Sequence[str],
    tolerance: float = 0.0,
    tell: Callable[[str, int, int], None] = lambda *_: None,
) -> list[str]:
    """What is answered otherwise, a sentence for each query: other places, another order, other scores.

    `tolerance` is the relative difference that scores may have: 0 for two stores of the same engine.
    """
    found = []
    for number, text in enumerate(queries):
        tell("asking fixed queries", number, len(queries))
        ours, theirs = _raw(live, text), _raw(fresh, text)
        for side, mine, right in zip(("meaning", "words"), ours, theirs, strict=True):
            if not _alike(mine, right, tolerance):
                found.append(f"the query {text!r} is answered otherwise by {side}: {_first(mine, right)}")
        if ours == theirs and (said := _ranked(live, text)) != (wanted := _ranked(fresh, text)):
            found.append(f"the query {text!r} is ranked otherwise: {_first(said, wanted)}")
    return found


_Hits = Sequence[tuple[str, float]]


def _raw(index: Readable, text: str) -> tuple[_Hits, _Hits]:
    """The store's own answers, before anything is ranked."""
    asked = encode(read_question(text), index.embedder)
    where = Where(index.repo.name)
    query = VectorQuery(where, _CANDIDATES, asked.dense, asked.indices, asked.values)
    found = index.vectors.search(query)
    return list(found.by_meaning), list(found.by_words)


def _alike(mine: _Hits, right: _Hits, tolerance: float) -> bool:
    if len(mine) != len(right):
        return False
    if tolerance:
        pairs = zip(mine, right, strict=True)  # by rank: near scores may change places
        return all(abs(a - b) <= tolerance * max(abs(a), abs(b), 1e-6) for (_, a), (_, b) in pairs)
    return _decided(mine) == _decided(right)


def _decided(hits: _Hits) -> _Hits:
    """Without the last ones of equal score where more may follow: a store is free to choose among them."""
    if len(hits) < _CANDIDATES:
        return hits
    return [hit for hit in hits if hit[1] != hits[-1][1]]


def _ranked(index: Readable, text: str) -> list[tuple[str, int, int, float]]:
    found = Retriever(index.catalog, index.vectors, index.embedder).search(Query(text, (index.repo.name,)))
    return [(hit.path, hit.start_line, hit.end_line, hit.score) for hit in found.hits]


def _first(mine: Sequence[object], right: Sequence[object]) -> str:
    for rank, (a, b) in enumerate(zip(mine, right, strict=False), start=1):
        if a != b:
            return f"at rank {rank} {a} for {b}"
    return f"{len(mine)} answers for {len(right)}"


def _a_line(text: str) -> str:
    """The longest line: of a file it says more than any other by itself."""
    return max((line.strip() for line in text.split("\n")), key=len, default="")


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
