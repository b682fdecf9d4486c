"""Three ways to find chunks: by meaning, by words, by name. Question -> candidates with raw scores."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.embed import Embedder
from indexer.embed.static import MODEL, StaticEmbedder
from indexer.errors import IndexDamaged
from indexer.store import Candidates, VectorQuery, Vectors, Where
from indexer.store.catalog import Catalog, ChunkRow, FileRow, RepoRow, SymbolRow
from indexer.words import query_bag, query_weights

from .heads import meaning_of
from .kept import Kept
from .naming import telling_name
from .question import Question
from .traits import Traits, traits

CANDIDATES = 200  # per side; 100 costs nothing in quality, more helps two-target queries a little
_MODULE_STEP = re.compile(r"[./\\:]+")
_DEFINERS = 40  # definitions of one name: more means the name is as common as a word


class Candidate(NamedTuple):
    """A chunk that may answer. `words` is its BM25 sum, `meaning` its cosine above chance (0 where it
    was not among the nearest), `defines` how exactly it defines a name of the question (0 to 1).
    `hands_on`: it is where other files get a name from that nothing here defines."""

    repo: str
    chunk: ChunkRow
    traits: Traits
    words: float = 0.0
    meaning: float = 0.0
    defines: float = 0.0
    hands_on: bool = False


@dataclass(frozen=True)
class Encoded:
    """A question as vectors. `dense` is made when it is first asked for: the store looks for the words
    meanwhile."""

    indices: NDArray[np.uint32]
    values: NDArray[np.float32]
    encode: Callable[[], NDArray[np.float32]]

    @cached_property
    def dense(self) -> NDArray[np.float32]:
        return self.encode()


def encode(question: Question, embedder: Embedder) -> Encoded:
    words = query_bag(question.text)

    def dense() -> NDArray[np.float32]:
        if isinstance(embedder, StaticEmbedder) and embedder.folder == MODEL:
            return meaning_of(question.text)
        made: NDArray[np.float32] = embedder.encode([question.text], "query")[0]
        return made

    return Encoded(words.ids, query_weights(words), dense)


def find(
    question: Question,
    encoded: Encoded,
    asked: Sequence[tuple[RepoRow, Where]],
    kept: Kept,
    vectors: Vectors,
) -> list[Candidate]:
    """Everything in these repositories that words, meaning or a name bring up, in no order."""
    found: list[Candidate] = []
    if not asked:
        return found
    with vectors.ask(_queries(encoded, [where for _, where in asked])) as answers:
        for repo, where in asked:
            found += _found(question, encoded, repo, where, kept, answers)
    return found


def _queries(encoded: Encoded, places: Iterable[Where]) -> Iterator[VectorQuery]:
    for where in places:
        yield VectorQuery(where, CANDIDATES, indices=encoded.indices, values=encoded.values)
        yield VectorQuery(where, CANDIDATES, encoded.dense)


def _found(
    question: Question,
    encoded: Encoded,
    repo: RepoRow,
    where: Where,
    kept: Kept,
    answers: Iterator[Candidates],
) -> Iterable[Candidate]:
    """What one repository has, where the next two of `answers` are those about it. What needs neither is done
    before it is waited for."""
    catalog = kept.catalog
    definers = _definers(question, repo, where, catalog)
    chance = _chance(kept, repo, encoded.dense)
    words = dict(next(answers).by_words)
    chunks = kept.chunks(repo, list(words))
    meaning = {id_: max(0.0, near - chance) for id_, near in next(answers).by_meaning}
    if not meaning and where == Where(repo.name):
        refuse_lost_vectors(repo, catalog)
    chunks |= kept.chunks(repo, [id_ for id_ in meaning if id_ not in words])
    rows, says = zip(*chunks.values(), strict=True) if chunks else ((), ())
    scores = (map(by.get, chunks, repeat(0.0)) for by in (words, meaning))
    candidates = dict(zip(chunks, map(Candidate, repeat(repo.name), rows, says, *scores), strict=True))
    for chunk, exactness in definers:
        known = candidates.get(chunk.id) or Candidate(repo.name, chunk, traits(chunk))
        candidates[chunk.id] = known._replace(defines=max(exactness, known.defines))
    if question.kind == "symbol" and question.names and not definers:
        for chunk in _handing_on(question.names[-1], repo, where, catalog):
            known = candidates.get(chunk.id) or Candidate(repo.name, chunk, traits(chunk))
            candidates[chunk.id] = known._replace(hands_on=True)
    return candidates.values()


def refuse_lost_vectors(repo: RepoRow, catalog: Catalog) -> None:
    """An empty store under a full catalog is a loss, not an answer."""
    if catalog.sample_ids(repo, 1):
        raise IndexDamaged(
            f"the vectors of {repo.name} are gone from the store, though {repo.root} was indexed; "
            f"index it anew: cairn remove {repo.name} and cairn index {repo.root}"
        )


def _chance(kept: Kept, repo: RepoRow, dense: NDArray[np.float32]) -> float:
    """How near any chunk is to this question: the median over a stored sample."""
    sample = kept.sample(repo, len(dense))
    return 0.0 if sample is None else float(np.median(sample @ dense))


def _definers(
    question: Question, repo: RepoRow, where: Where, catalog: Catalog
) -> list[tuple[ChunkRow, float]]:
    """The chunks that define what the question names, each with how exactly (0 to 1)."""
    found: list[tuple[ChunkRow, float]] = []
    for name, scope in zip(question.names, question.scopes, strict=True):
        symbols = catalog.symbols_named(repo, [name], _DEFINERS + 1)
        if len(symbols) > _DEFINERS and not scope:
            continue
        for symbol in symbols[:_DEFINERS]:
            exactness = _exactness(symbol, name, scope)
            chunk = catalog.chunk_at(symbol.file, symbol.start) if exactness else None
            if chunk and allowed(chunk, where):
                found.append((chunk, exactness))
    return found


def _handing_on(name: str, repo: RepoRow, where: Where, catalog: Catalog) -> list[ChunkRow]:
    """The chunks that import a name for others: another file imports it from a module called like theirs."""
    found: list[ChunkRow] = []
    imports = [r for r in catalog.references_to(repo, name) if r.kind == "import"]
    sources = {r.path: _MODULE_STEP.split(r.qualifier)[-1] for r in imports}
    for path, file, line in dict.fromkeys((r.path, r.file, r.line) for r in imports):
        if any(source == telling_name(path) for user, source in sources.items() if user != path):
            found += [c for c in catalog.chunks_of(file) if c.start <= line <= c.end and allowed(c, where)]
    return found[:_DEFINERS]


def _exactness(symbol: SymbolRow, name: str, scope: tuple[str, ...]) -> float:
    """1 for the very name in the very scope; less where case differs or the scope is only similar."""
    exact = 1.0 if symbol.name == name else 0.7
    if not scope:
        return exact
    around = f"{symbol.path}/{symbol.qualname}".lower().replace(".", "/").split("/")
    inside = sum(part.lower() in around for part in scope) / len(scope)
    return exact * (0.3 + 0.7 * inside)


def allowed(chunk: ChunkRow | FileRow, where: Where) -> bool:
    """The same filter as the store's, for what was found by name."""
    path_fits = not (where.paths or where.folders) or (
        chunk.path in where.paths or any(chunk.path.startswith(folder) for folder in where.folders)
    )
    language_fits = not where.languages or chunk.language in where.languages
    return path_fits and language_fits and (not where.kinds or chunk.kind in where.kinds)
