"""The read path: Query -> SearchResult, and the other questions an index answers."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.embed import Embedder
from indexer.errors import BadInput
from indexer.store import Vectors, Where
from indexer.store.catalog import Catalog, RepoRow

from .answer import answer
from .filters import where_of
from .find import Candidate, encode, find
from .question import read_question
from .rank import rank
from .types import Filters, Freshness, Query, SearchResult

_LONGEST_QUERY = 20_000  # characters: a whole issue with its trace


class Retriever:
    """Answers from one index. Cheap to build, safe to share between threads."""

    def __init__(self, catalog: Catalog, vectors: Vectors, embedder: Embedder) -> None:
        self.catalog = catalog
        self.vectors = vectors
        self.embedder = embedder

    def search(self, query: Query) -> SearchResult:
        """Find the places that answer, best first. Raises BadInput, NotFound, StoreUnreachable."""
        text = query.text.strip()[:_LONGEST_QUERY]
        if not text:
            raise BadInput("the query is empty; say what you look for, in words or as a name")
        if query.limit < 1:
            raise BadInput(f"limit is {query.limit}; ask for at least one hit")
        repos = [self.catalog.repo(name) for name in query.repos] or self.catalog.repos()
        question = read_question(text)
        encoded = encode(question, self.embedder)
        candidates: list[Candidate] = []
        for repo in repos:
            where = self._where(repo, query.filters)
            if where:
                candidates += find(question, encoded, repo, where, self.catalog, self.vectors)
        ranked = rank(question, candidates)
        hits = answer(question, ranked, query.limit, self.catalog)
        return SearchResult(query.text, tuple(hits), tuple(freshness(repo) for repo in repos))

    def _where(self, repo: RepoRow, filters: Filters) -> Where | None:
        return where_of(repo.name, filters, lambda: [file.path for file in self.catalog.files(repo)])

    def repo(self, name: str) -> RepoRow:
        return self.catalog.repo(name)


def freshness(repo: RepoRow) -> Freshness:
    return Freshness(repo.name, repo.generation, repo.commit, repo.pending)


def only(repos: Sequence[RepoRow]) -> RepoRow:
    """The one repository there is. Raises BadInput when there are none or several."""
    if len(repos) != 1:
        known = ", ".join(repo.name for repo in repos) or "none"
        raise BadInput(f"name a repository (known: {known})")
    return repos[0]
