"""The read path: Query -> SearchResult, and the other questions an index answers."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from indexer.embed import Embedder
from indexer.errors import BadInput, NotFound
from indexer.store import Vectors, Where
from indexer.store.catalog import Catalog, FileRow, HeadRow, RepoRow, SymbolRow

from .ahead import read_ahead
from .answer import answer
from .check.finding import KINDS, Kind
from .filters import missing, where_of
from .find import encode, find
from .freshness import freshness
from .kept import Kept, State, state_of
from .order import TOPIC
from .question import read_question
from .rank import Ranked, rank
from .report import is_report
from .standing import is_aside
from .task import about
from .tokenizer import ESTIMATE
from .tokenizer import tokenizer as load_tokenizer
from .tokens import CountTokens
from .types import Caller, Context, Filters, Hierarchy, Hit, Query, RepositoryMap, SearchResult, SymbolPlace
from .used import NamesInFiles

if TYPE_CHECKING:  # what a search does without is loaded by whoever asks for it
    from .check.report import Report
    from .context import Overview
    from .conventions import Book, Conventions, Library
    from .graph import Graph
    from .graph.facts import Facts
    from .map import Network
    from .rerank import SecondStage

_MOST_NAMESAKES = 500  # definitions of one name that are looked through
_MOST_NETWORKS = 8  # repositories: 4 MB each at 40,000 definitions
_LONGEST_FOCUS = 4096  # characters: over HTTP it is a part of the address
_LONGEST_QUERY = 20_000  # characters; of a report (more than one line) report/noise.py reads more


class Retriever:
    """Answers from one index. Cheap to build, safe to share between threads."""

    def __init__(
        self,
        catalog: Catalog,
        vectors: Vectors,
        embedder: Embedder,
        tokenizer: str = ESTIMATE,
        second: SecondStage | None = None,
    ) -> None:
        """`tokenizer` names what counts the tokens of a context where a request names none."""
        self.tokenizer = tokenizer
        self.second = second
        self._facts: dict[str, tuple[tuple[int, State], Facts]] = {}
        self._networks: dict[int, tuple[State, Network]] = {}
        self._making = threading.Lock()
        self.catalog = catalog
        self.vectors = vectors
        self.embedder = embedder
        self._names = NamesInFiles(catalog)
        self.kept = Kept(catalog)

    @cached_property
    def _library(self) -> Library:
        from .conventions import Library

        return Library(self.catalog)

    def search(self, query: Query) -> SearchResult:
        """Find the places that answer, best first. Raises BadInput, NotFound, StoreUnreachable."""
        text = query.text.strip()
        if not text:
            raise BadInput("the query is empty; say what you look for, in words or as a name")
        if query.limit < 1:
            raise BadInput(f"limit is {query.limit}; ask for at least one hit")
        repos = [self.catalog.repo(name) for name in query.repos] or self.catalog.repos()
        notes = missing(query.filters, repos, self.catalog)
        asked = [(repo, where) for repo in repos if (where := self._where(repo, query.filters))]
        if is_report(text):
            from .report.answer import answer_report

            hits = answer_report(text, asked, query.limit, self.catalog, self.vectors, self.embedder)
            return SearchResult(query.text, tuple(hits), tuple(freshness(repo) for repo in repos), notes)
        text = text[:_LONGEST_QUERY]
        question = read_question(text)
        candidates = find(question, encode(question, self.embedder), asked, self.kept, self.vectors)
        ranked = rank(question, candidates, self._names)
        moved: Mapping[str, tuple[str, ...]] = {}
        note: str | None = None
        if self.second:
            ranked, moved, note = self.second.reorder(question, ranked, self.catalog)
        by = TOPIC if query.topic else None
        hits = answer(question, ranked, query.limit, self.catalog, partial(self._heads_in, repos), by)
        if moved:
            hits = [replace(hit, reasons=(*hit.reasons, *moved.get(hit.chunk_id, ()))) for hit in hits]
        served = tuple(freshness(repo) for repo in repos)
        return SearchResult(query.text, tuple(hits), served, (*notes, note) if note else notes)

    def read_ahead(self) -> Iterator[None]:
        """Load what every question needs and read what searches will ask for, a millisecond at a step: for a
        process that stays."""
        from . import context, expand, map, outline  # noqa: F401
        from .report import answer  # noqa: F401

        return read_ahead(self.catalog, self.kept, self._names)

    def _heads_in(self, repos: Sequence[RepoRow], ranked: Sequence[Ranked]) -> dict[int, list[HeadRow]]:
        found: dict[int, list[HeadRow]] = {}
        for repo in repos:
            own = [r.candidate.chunk for r in ranked if r.candidate.repo == repo.name]
            if own:
                found |= self.kept.heads(repo, own)
        return found

    def _where(self, repo: RepoRow, filters: Filters) -> Where | None:
        return where_of(repo.name, filters, lambda: [file.path for file in self.catalog.files(repo)])

    def context(
        self,
        task: str,
        repo: str,
        budget: int = 8000,
        paths: Sequence[str] = (),
        known: Sequence[str] = (),
        tokenizer: str | None = None,
        with_map: bool = False,
    ) -> Context:
        """What to know before doing `task`, in at most `budget` tokens; `paths` narrow it to a part.

        `known` are ids of pieces the caller holds; they are not repeated. `with_map` adds a map of the
        surroundings, which costs the making of the repository's network, once in a generation.
        """
        from .context import HITS, pack

        named = tokenizer or self.tokenizer
        count = load_tokenizer(named)
        row = self.catalog.repo(repo)
        found = self.search(Query(about(task), (row.name,), HITS, Filters(paths=tuple(paths)), topic=True))
        packed = pack(
            task, found, self._graph(row), self.book(row.name).rules, budget, count, known=known,
            overview=self._surroundings(row, found.hits, count) if with_map else None,
        )  # fmt: skip
        return replace(packed, tokenizer=named)

    def map(self, repo: str, budget: int = 1024, focus: Sequence[str] = (), path: str = "") -> RepositoryMap:
        """The most central definitions in at most `budget` tokens, seen from `focus`: paths, names or words.

        `path` keeps to a folder or a file. Raises BadInput, NotFound.
        """
        from .map import read_focus, repository_map

        row = self.catalog.repo(repo)
        within = path.removeprefix("./").rstrip("/")
        if within and not (self.catalog.file(row, within) or self.catalog.has_folder(row, within)):
            raise NotFound(
                f"{path} is neither a file nor a folder of {row.name}; "
                "`cairn status --skipped` says what is left out"
            )
        for text in focus:
            if len(text) > _LONGEST_FOCUS:
                raise BadInput(
                    f"a focus is {len(text)} characters long; give a path, a name or a few words, at most "
                    f"{_LONGEST_FOCUS} characters"
                )
        wanted = read_focus(focus, self.catalog, row, lambda text: self._about(text, row))
        count = load_tokenizer(self.tokenizer)
        return repository_map(self.network(row), self.catalog, row, wanted, budget, count, within)

    def _surroundings(self, repo: RepoRow, hits: Sequence[Hit], count: CountTokens) -> Overview:
        from .map import focus_of_hits, repository_map

        def overview(budget: int) -> str:
            focus = focus_of_hits(hits)
            return repository_map(self.network(repo), self.catalog, repo, focus, budget, count).text

        return overview

    def network(self, repo: RepoRow) -> Network:
        """The network of a generation, made once; the last few repositories are kept."""
        from .map import network_of

        with self._making:  # two who ask at once wait for one
            known = self._networks.pop(repo.id, None)
            if known is None or known[0] != state_of(repo):
                known = state_of(repo), network_of(self.catalog, repo)
            self._networks[repo.id] = known  # the last one asked for goes last
            for oldest in list(self._networks)[:-_MOST_NETWORKS]:
                del self._networks[oldest]
        return known[1]

    def _about(self, text: str, repo: RepoRow) -> Sequence[Hit]:
        from .context import HITS

        return self.search(Query(about(text), (repo.name,), HITS, topic=True)).hits

    def outline(self, repo: str, path: str) -> str:
        """The signatures of a file with their lines. Raises NotFound."""
        from .outline import outline

        return outline(self.catalog, self._file(self.catalog.repo(repo), path))

    def symbols(self, repo: str, name: str, kind: str | None = None, limit: int = 50) -> list[SymbolPlace]:
        """Definitions of a name, case ignored, exact ones first; `Class.method` names its scope too."""
        row = self.catalog.repo(repo)
        *scope, last = re.split(r"\.|::|#", name)
        found = [
            symbol
            for symbol in self.catalog.symbols_named(row, [last], _MOST_NAMESAKES)
            if _in_scope(symbol.qualname, scope) and kind in (None, symbol.kind)
        ]
        found.sort(key=lambda s: (s.name != last, is_aside(s.path, "code"), s.path, s.start))
        return [_place(row, symbol) for symbol in found[:limit]]

    def symbol(self, repo: str, symbol_id: int) -> SymbolPlace:
        row = self.catalog.repo(repo)
        return _place(row, self.catalog.symbol(row, symbol_id))

    def callers(self, repo: str, name: str, limit: int = 50) -> list[Caller]:
        """Where a definition is used. Raises NotFound when nothing of that name is defined here."""
        from .expand import callers

        return callers(self._graph(self._defining(repo, name)), name, limit)

    def callees(self, repo: str, name: str, limit: int = 50) -> list[Caller]:
        """What a definition uses, each with where that is defined. Raises NotFound."""
        from .expand import callees

        return callees(self._graph(self._defining(repo, name)), name, limit)

    def tests(self, repo: str, name: str, limit: int = 50) -> list[Caller]:
        """The tests that exercise a definition. Raises NotFound."""
        from .expand import covering

        return covering(self._graph(self._defining(repo, name)), name, limit)

    def hierarchy(self, repo: str, name: str) -> list[Hierarchy]:
        """What each class or method of a name inherits from and is inherited by. Raises NotFound."""
        from .expand import hierarchy

        return hierarchy(self._graph(self._defining(repo, name)), name)

    def conventions(
        self,
        repo: str,
        path: str | None = None,
        language: str | None = None,
        family: str | None = None,
        everything: bool = True,
        history: bool = False,
    ) -> Conventions:
        """What a repository's code takes for granted; with `path` only what holds there.

        `everything` includes what nearly every project of a language does. `history` adds trends and how
        commits are made, which takes seconds the first time after a commit. Raises BadInput, NotFound.
        """
        from .conventions import Asked, served

        row = self.catalog.repo(repo)
        book = self._library.with_history(row) if history else self._library.book(row)
        return served(book, Asked(path, language, family, everything))

    def check(
        self,
        repo: str,
        diff: str,
        kinds: Sequence[Kind] = KINDS,
        everything: bool = False,
        entire: bool = False,
    ) -> Report:
        """What of a unified diff does not fit the repository. Raises BadInput, NotFound."""
        from .check.report import check_diff

        return check_diff(repo, diff, self, kinds, everything, entire)

    def file(self, repo: str, path: str) -> str:
        """The whole text of a file as it is indexed, secrets redacted. Raises NotFound."""
        return self.catalog.text_of(self._file(self.catalog.repo(repo), path).id)

    def _file(self, repo: RepoRow, path: str) -> FileRow:
        file = self.catalog.file(repo, path)
        if file is None:
            raise NotFound(
                f"{path} is not in the index of {repo.name}; `cairn status --skipped` says what is left out"
            )
        return file

    def book(self, repo: str) -> Book:
        """All conventions of a repository, as people steer them. Raises NotFound."""
        return self._library.book(self.catalog.repo(repo))

    def _graph(self, repo: RepoRow) -> Graph:
        """The edges of a repository, over what was read of this generation already."""
        from .graph import Graph
        from .graph.facts import Facts

        state, known = (repo.id, state_of(repo)), self._facts.get(repo.name)
        if known is None or known[0] != state or known[1].is_full:
            known = self._facts[repo.name] = state, Facts(self.catalog, repo)
        return Graph(self.catalog, repo, known[1])

    def _defining(self, repo: str, name: str) -> RepoRow:
        if not self.symbols(repo, name, limit=1):
            raise NotFound(f"nothing called {name} is defined in {repo}; search for it in words instead")
        return self.catalog.repo(repo)


def _in_scope(qualname: str, scope: Sequence[str]) -> bool:
    around = [part.lower() for part in qualname.split(".")[:-1]]
    wanted = [part.lower() for part in scope if part]
    return not wanted or around[-len(wanted) :] == wanted


def _place(repo: RepoRow, s: SymbolRow) -> SymbolPlace:
    return SymbolPlace(
        s.id, repo.name, s.path, s.name, s.qualname, s.kind, s.start, s.end, s.signature, s.doc
    )
