"""Questions about the code base -> answers sized for a prompt: outlines before bodies, lines numbered."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable

from agent.codebase import Codebase
from agent.observation import Lines, numbered
from agent.tools.desk import Desk
from indexer.errors import BadInput
from indexer.languages import language_of
from indexer.parse import parse
from indexer.types import SourceFile
from retriever.types import Filters, Query

_READ_LINES = 200  # of one read: bounded views serve models better than whole files
_BODY_LINES = 80  # of a definition
_EXCERPT_LINES = 12  # of a search hit
_BODIES = 5  # definitions of one name that are shown
_LISTED = 200  # files or references


class Look:
    """The tools that only read. Without a `codebase` (context switched off) just those on files are given."""

    def __init__(self, desk: Desk, codebase: Codebase | None) -> None:
        self._desk = desk
        self._codebase = codebase

    @property
    def tools(self) -> list[Callable[..., str]]:
        asking = [self.search_code, self.context, self.get_symbol, self.find_references]
        return [*(asking if self._codebase else ()), self.read_file, self.list_files]

    def search_code(self, query: str, limit: int = 8, paths: list[str] | None = None) -> str:
        """Search the code base, your own changes included, by meaning, by words and by names.

        query: what to look for, in words or as an identifier
        limit: how many places to return, at most 20
        paths: only in these folders, files or globs
        """
        assert self._codebase is not None
        filters = Filters(paths=tuple(paths or ()))
        repos = (self._desk.index.repo,)
        result = self._codebase.search(Query(query, repos, min(max(limit, 1), 20), filters))
        answer = Lines()
        for place, hit in enumerate(result.hits, 1):
            name = f" {hit.symbol} ({hit.symbol_kind})" if hit.symbol else ""
            answer.line(
                f"{place}. {hit.path}:{hit.start_line}-{hit.end_line}{name}: {', '.join(hit.reasons)}"
            )
            body = self._desk.lines(hit.path, hit.start_line, hit.end_line)
            answer.block(body, hit.start_line, _EXCERPT_LINES)
        return answer.text or "Nothing was found. Try other words, or list_files."

    def context(self, task: str, budget: int = 3000) -> str:
        """Ask what to know before writing: helpers to reuse, their callers, test patterns, conventions.

        task: what you are about to do, in a sentence
        budget: the size of the answer in tokens, at most 8000
        """
        assert self._codebase is not None
        return self._codebase.context(task, self._desk.index.repo, min(max(budget, 200), 8000)).text

    def get_symbol(self, name: str) -> str:
        """Show the definitions of a name, with their code.

        name: a function, class, method (`Class.method`) or constant
        """
        assert self._codebase is not None
        found = list(self._codebase.symbols(self._desk.index.repo, name))
        answer = Lines()
        for place in found[:_BODIES]:
            answer.line(f"{place.path}:{place.start_line}-{place.end_line} {place.qualname} ({place.kind})")
            body = self._desk.lines(place.path, place.start_line, place.end_line)
            answer.block(body, place.start_line, _BODY_LINES)
        if len(found) > _BODIES:
            answer.line(f"and {len(found) - _BODIES} more")
        return answer.text or f"Nothing called {name!r} is defined here. Try search_code."

    def find_references(self, name: str) -> str:
        """List where a function, class or method is used.

        name: the name as it is defined
        """
        assert self._codebase is not None
        found = list(self._codebase.callers(self._desk.index.repo, name))
        answer = Lines()
        for use in found[:_LISTED]:
            proven = "" if use.resolved else " (only the name agrees)"
            answer.line(f"{use.path}:{use.line} in {use.symbol or 'the file itself'}{proven}")
        if len(found) > _LISTED:
            answer.line(f"and {len(found) - _LISTED} more")
        return answer.text or f"Nothing uses {name!r}."

    def read_file(self, path: str, start: int | None = None, end: int | None = None) -> str:
        """Read lines of a file, numbered; at most 200 at a time. Of a longer one its outline comes first.

        path: relative to the root of the repository
        start: the first line, from 1
        end: the last line
        """
        text = self._desk.text(path, note=True).removesuffix("\n")
        lines = text.split("\n")
        if start is None and end is None and len(lines) > _READ_LINES and (outline := _outline(path, text)):
            return f"{path} has {len(lines)} lines. Its outline; read the lines you need:\n{outline}"
        start = start or 1
        if start < 1 or start > len(lines):
            raise BadInput(f"{path} has {len(lines)} lines; start must be one of them")
        last = min(len(lines) if end is None else max(end, start), len(lines), start + _READ_LINES - 1)
        shown = numbered(lines[start - 1 : last], start)
        return f"{path}, lines {start}-{last} of {len(lines)}\n{shown}"

    def list_files(self, pattern: str = "*") -> str:
        """List files that are part of the repository, new ones included.

        pattern: a glob over whole paths, such as `tests/*` or `*.py`
        """
        paths = self._desk.paths()
        found = [path for path in paths if fnmatch.fnmatchcase(path, pattern)]
        more = [f"and {len(found) - _LISTED} more; narrow the pattern"] if len(found) > _LISTED else []
        return "\n".join([*found[:_LISTED], *more]) or f"No file of {len(paths)} matches {pattern!r}."


def _outline(path: str, text: str) -> str:
    """The definitions of a file with their lines; "" where it has none, or too many to help."""
    language = language_of(path, text)
    file = SourceFile(path, text, language.name, language.kind, digest="", size=len(text), mtime_ns=0)
    rows = [
        f"{symbol.span.start:5d}-{symbol.span.end:<5d} {symbol.kind} {symbol.qualname}"
        for symbol in parse(file).symbols
    ]
    return "\n".join(rows) if 0 < len(rows) <= _LISTED else ""
