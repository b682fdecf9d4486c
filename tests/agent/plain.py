"""A Codebase that reads the files anew for every question: small, and never stale."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from indexer.conventions import Rule
from indexer.conventions.facts import facts_of
from indexer.files import Skipped, read, walk
from indexer.parse import parse
from indexer.types import ParsedFile, SourceFile
from retriever.conventions import book_of, rules_for
from retriever.types import Caller, Context, ContextItem, Freshness, Hit, Query, SearchResult, SymbolPlace


class PlainCodebase:
    """Answers about one folder, whatever name is asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def follow(self, tree: Path) -> PlainCodebase:
        """Be the live index of a working copy: from now on answer about it."""
        self.root = tree
        return self

    repo = "plain"

    def refresh(self, paths: Sequence[str]) -> None: ...

    def close(self) -> None: ...

    def search(self, query: Query) -> SearchResult:
        """Definitions, by how many words of the question they hold."""
        words = {word[:5] for word in re.findall(r"[a-z]+", query.text.lower())}
        hits = []
        for parsed in self._parsed():
            for symbol in parsed.symbols:
                text = "\n".join(parsed.file.lines[symbol.span.start - 1 : symbol.span.end])
                found = words & {word[:5] for word in re.findall(r"[a-z]+", text.lower())}
                if found:
                    place = (parsed.file.path, symbol.span.start, symbol.span.end, float(len(found)))
                    named = (symbol.qualname, symbol.kind, parsed.file.kind, parsed.file.language)
                    hits.append(Hit("plain", *place, *named, text, (f"words: {', '.join(sorted(found))}",)))
        hits.sort(key=lambda hit: (-hit.score, hit.end_line - hit.start_line))
        return SearchResult(query.text, tuple(hits[: query.limit]), (self._freshness(),))

    def context(self, task: str, repo: str, budget: int, paths: Sequence[str] = ()) -> Context:
        items = tuple(
            ContextItem(
                "code",
                hit.path,
                hit.start_line,
                hit.end_line,
                hit.symbol,
                "words",
                hit.text,
                0,
                f"{hit.path}:{hit.start_line}-{hit.end_line}@00000000",
            )
            for hit in self.search(Query(task, limit=3)).hits
        )
        text = "\n\n".join(f"{item.path}:{item.start_line}\n{item.text}" for item in items)
        return Context(task, text, len(text) // 4, budget, items, (), (), self._freshness())

    def symbols(self, repo: str, name: str) -> list[SymbolPlace]:
        return [
            SymbolPlace(
                0, repo, parsed.file.path, s.name, s.qualname, s.kind, s.span.start, s.span.end, "", ""
            )
            for parsed in self._parsed()
            for s in parsed.symbols
            if name in (s.name, s.qualname)
        ]

    def callers(self, repo: str, name: str) -> list[Caller]:
        return [
            Caller(repo, parsed.file.path, use.line, use.scope or None, False)
            for parsed in self._parsed()
            for use in parsed.references
            if use.name == name and use.kind == "call"
        ]

    def conventions(self, repo: str, path: str | None = None) -> list[Rule]:
        """The rules of the whole folder, counted anew."""
        facts = [(p.file.path, p.file.language, json.dumps(facts_of(p))) for p in self._parsed()]
        rules = book_of(facts).rules
        return rules_for(rules, path) if path else list(rules)

    def _parsed(self) -> Iterator[ParsedFile]:
        for candidate in walk(self.root).files:
            file = read(self.root, candidate.path)
            if not isinstance(file, Skipped):
                yield _parse(file)

    def _freshness(self) -> Freshness:
        return Freshness("plain", 1, None, 0)


def _parse(file: SourceFile) -> ParsedFile:
    """Hundreds of runs work on copies of the same few files."""
    key = (file.path, file.text)
    if key not in _PARSED:
        _PARSED[key] = parse(file)
    return _PARSED[key]


_PARSED: dict[tuple[str, str], ParsedFile] = {}
