"""Answers -> text for a model: places first, as path:lines, and no word that it cannot use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retriever.check.finding import Finding
from retriever.check.report import Report
from retriever.client import KnownRepo
from retriever.types import (
    Caller,
    Context,
    Freshness,
    Hierarchy,
    Hit,
    RepositoryMap,
    SearchResult,
    SymbolPlace,
)

from ..excerpt import bounded, excerpt, pattern_of

_WHOLE = 3  # hits whose text is shown whole, some 1,000 tokens; of the others the lines that say most
_SIDES = ("ancestors", "descendants", "overridden", "overriding", "implementations")
_MOST_LINES = 8  # of one finding; the rest is the same again


def of_search(found: SearchResult) -> str:
    pattern = pattern_of(found.query)
    blocks = []
    for number, hit in enumerate(found.hits, 1):
        text = bounded(hit)[0].rstrip() if number <= _WHOLE else "\n".join(excerpt(hit, pattern))
        blocks.append(f"{number}. {_headline(hit)}\n{_fenced(text)}")
    notes = [f"note: {note}" for note in found.notes]
    return "\n\n".join([*blocks, *notes]) or "nothing found; use other words, or ask `symbols` for a name"


def _headline(hit: Hit) -> str:
    symbol = f"  {hit.symbol} ({hit.symbol_kind})" if hit.symbol else ""
    also = "".join(f"; also {place.start_line}-{place.end_line}" for place in hit.also)
    why = f"\n   why: {'; '.join(hit.reasons)}" if hit.reasons else ""
    return f"{hit.path}:{hit.start_line}-{hit.end_line}{symbol}{also}{why}"


def _fenced(text: str) -> str:
    """A fence that nothing in the text can close."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}\n{text}\n{fence}"


def of_context(found: Context) -> str:
    return "\n".join([found.text.rstrip(), *(f"note: {note}" for note in found.notes)])


def of_map(found: RepositoryMap) -> str:
    notes = [f"note: {note}" for note in found.notes]
    rest = [f"{found.left_out} definitions found no room"] if found.left_out else []
    return "\n".join([found.text.rstrip(), *notes, *rest])


def of_symbols(name: str, kind: str | None, found: Sequence[SymbolPlace]) -> str:
    lines = []
    for symbol in found:
        lines.append(
            f"{symbol.path}:{symbol.start_line}-{symbol.end_line}  {symbol.qualname} ({symbol.kind})"
        )
        if symbol.signature:
            lines.append(f"   {symbol.signature}")
        if symbol.doc:
            lines.append(f"   {symbol.doc.strip().splitlines()[0]}")
    of_kind = f" of the kind {kind}" if kind else ""
    return "\n".join(lines) or f"nothing called {name}{of_kind} is defined here; ask `search` in words"


def of_uses(verb: str, name: str, found: Sequence[Caller], limit: int) -> str:
    lines = []
    for use in found:
        symbol = f"  {use.symbol}" if use.symbol else ""
        via = f"  through {use.via}" if use.via else ""
        lines.append(f"{use.path}:{use.line}{symbol}{via}{_doubt(use.resolved)}")
    if len(found) == limit:
        lines.append(f"perhaps more: these are the first {limit}")
    return "\n".join(lines) or f"no {verb} of {name} are known; text that names it: ask `search`"


def of_hierarchy(name: str, found: Sequence[Hierarchy]) -> str:
    lines = [line for one in found for line in _relatives(one)]
    return "\n".join(lines) or f"no class or method {name} is defined here"


def _relatives(one: Hierarchy) -> Iterator[str]:
    yield f"{one.of.path}:{one.of.start_line}  {one.of.symbol} ({one.of.kind})"
    for side in _SIDES:
        for other in getattr(one, side):
            steps = f", {other.steps} steps" if other.steps > 1 else ""
            yield f"   {side}: {other.path}:{other.start_line}  {other.symbol}{steps}{_doubt(other.resolved)}"


def _doubt(resolved: bool) -> str:
    return "" if resolved else "  (only the name agrees)"


def of_check(report: Report) -> str:
    lines = [line for finding in report.findings for line in _finding(finding)]
    lines += [f"{place}: this `cairn: ignore` answers no finding; take it out" for place in report.unused]
    lines += [f"not looked at: {left.path} ({left.reason})" for left in report.left_out]
    count = len(report.findings)
    found = f"{count} finding{'' if count == 1 else 's'}" if count else "nothing found"
    return "\n".join([*lines, f"{found} in {report.lines} new lines of {report.files} files"])


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{finding.path}:{finding.line}: {finding.severity}: {finding.message} [{finding.key}]"
    if finding.also:
        rest = len(finding.also) - _MOST_LINES
        more = f" and {rest} more" if rest > 0 else ""
        yield f"   also on lines {', '.join(map(str, finding.also[:_MOST_LINES]))}{more}"
    if finding.example:
        yield f"   as in {finding.example}  {finding.example.code}".rstrip()


def of_repos(repos: Sequence[tuple[KnownRepo, Freshness]]) -> str:
    lines = [f"{repo.root}\n   {of_freshness(index)}" for repo, index in repos]
    return "\n".join(lines) or "nothing is indexed yet; a person can run: cairn index PATH"


def of_freshness(index: Freshness) -> str:
    """The last line of every answer."""
    commit = f", commit {index.commit[:9]}" if index.commit else ""
    said = [f"{index.repo}: generation {index.generation}{commit}"]
    if index.partial:
        said.append("it is being indexed, and this is from what is there so far: ask again soon")
    if index.pending:
        files = "file is" if index.pending == 1 else "files are"
        said.append(f"{index.pending} changed {files} not in it yet")
    if not index.watching:
        said.append("its files are not followed at the moment, so it may be behind them")
    return "; ".join(said)
