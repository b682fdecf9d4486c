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
_HITS = 10
# A store adds the float32 weights of a query's words in an order of its own, which is that of their first
# coming: two stores of the same points differ in the last bits of a sum.
ROUNDING = 1e-5  # relative
_STEP = 1.01e-4  # hits say their score with four decimals: a difference far smaller may turn the last one
_SMALL = 1e-3  # below, the difference itself has to be that small: a cosine of nothing is noise
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
    tell: Callable[[str, int, int], None] = lambda *_: None,
) -> list[str]:
    """What is answered otherwise, a sentence for each query and way: other places, or other scores.

    Scores that agree to ROUNDING are the same, and may change places among themselves.
    """
    found = []
    for number, text in enumerate(queries):
        tell("asking fixed queries", number, len(queries))
        ours, theirs = _raw(live, text), _raw(fresh, text)
        for side, mine, right in zip(("meaning", "words"), ours, theirs, strict=True):
            if said := _difference(mine, right, _CANDIDATES):
                found.append(f"the query {text!r} is answered otherwise by {side}: {said}")
        if said := _difference(_ranked(live, text), _ranked(fresh, text), _HITS, _STEP):
            found.append(f"the query {text!r} is ranked otherwise: {said}")
    return found


_Hits = Sequence[tuple[str, float]]


def _raw(index: Readable, text: str) -> tuple[_Hits, _Hits]:
    """The store's own answers, before anything is ranked."""
    asked = encode(read_question(text), index.embedder)
    where = Where(index.repo.name)
    query = VectorQuery(where, _CANDIDATES, asked.dense, asked.indices, asked.values)
    found = index.vectors.search(query)
    return list(found.by_meaning), list(found.by_words)


def _ranked(index: Readable, text: str) -> _Hits:
    """What a person sees: places and scores."""
    found = Retriever(index.catalog, index.vectors, index.embedder).search(
        Query(text, (index.repo.name,), _HITS)
    )
    return [(f"{hit.path}:{hit.start_line}-{hit.end_line}", hit.score) for hit in found.hits]


def _difference(mine: _Hits, right: _Hits, limit: int, step: float = 0.0) -> str:
    """The first difference in words, "" for none. Where a list is full, its last ones of (nearly) the same
    score are left out: a store is free to choose among them."""
    if len(mine) != len(right):
        return f"{len(mine)} answers for {len(right)}"
    if len(mine) >= limit:
        mine, right = _decided(mine, step), _decided(right, step)
    have, want = dict(mine), dict(right)
    for rank, (id_, score) in enumerate(right, start=1):
        if id_ not in have:
            return f"{id_} is missing at rank {rank}"
        if not _same(have[id_], score, step):
            return f"{id_} at rank {rank} has the score {have[id_]}, not {score}"
    more = [id_ for id_ in have if id_ not in want]
    return f"{more[0]} does not belong there" if more else ""


def _decided(hits: _Hits, step: float) -> _Hits:
    return [hit for hit in hits if not _same(hit[1], hits[-1][1], step)]


def _same(a: float, b: float, step: float) -> bool:
    return abs(a - b) <= ROUNDING * max(abs(a), abs(b), _SMALL) + step


def _a_line(text: str) -> str:
    """The longest line: of a file it says more than any other by itself."""
    return max((line.strip() for line in text.split("\n")), key=len, default="")


def _hash(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
