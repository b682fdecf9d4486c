"""The nouns of the index -> JSON: the one shape that HTTP answers and commands with --json share.

Plain dicts, because a search has no time to validate what it just built; api/schemas.py describes the
same shapes for OpenAPI, and a test holds the two together.
"""

from __future__ import annotations

import calendar
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .excerpt import bounded

if TYPE_CHECKING:
    from indexer.conventions import Rule
    from indexer.store.catalog import RepoRow
    from indexer.sync import SyncReport
    from indexer.verify.fate import Fate
    from indexer.verify.ledger import Ledger
    from retriever.check.finding import Finding
    from retriever.check.report import Report
    from retriever.conventions import Conventions
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

    from .verify import Verdict

Json = dict[str, Any]


def of_search(result: SearchResult) -> Json:
    """`index` is the one repository searched, null when there were several; `indexes` names each."""
    indexes = [of_freshness(index) for index in result.index]
    return {
        "query": result.query,
        "hits": [of_hit(hit) for hit in result.hits],
        "index": indexes[0] if len(indexes) == 1 else None,
        "indexes": indexes,
        "notes": list(result.notes),
    }


def of_hit(hit: Hit) -> Json:
    text, cut = bounded(hit)
    return {
        "repo": hit.repo,
        "path": hit.path,
        "start_line": hit.start_line,
        "end_line": hit.end_line,
        "score": hit.score,
        "symbol": hit.symbol,
        "symbol_kind": hit.symbol_kind,
        "kind": hit.kind,
        "language": hit.language,
        "text": text,
        "reasons": list(hit.reasons),
        "also": [
            {"start_line": place.start_line, "end_line": place.end_line, "symbol": place.symbol}
            for place in hit.also
        ],
        "chunk_id": hit.chunk_id,
        "cut": cut,
    }


def of_freshness(index: Freshness) -> Json:
    return asdict(index)


def of_context(context: Context) -> Json:
    return {
        "task": context.task,
        "text": context.text,
        "tokens": context.tokens,
        "budget": context.budget,
        "tokenizer": context.tokenizer,
        "items": [asdict(item) for item in context.items],
        "left_out": list(context.left_out),
        "stale": list(context.stale),
        "notes": list(context.notes),
        "conventions": list(context.conventions),
        "index": of_freshness(context.index),
    }


def of_map(found: RepositoryMap) -> Json:
    return {
        "text": found.text,
        "tokens": found.tokens,
        "budget": found.budget,
        "files": [
            {**asdict(file), "definitions": [asdict(one) for one in file.definitions]} for file in found.files
        ],
        "left_out": found.left_out,
        "notes": list(found.notes),
        "index": of_freshness(found.index),
    }


def of_symbol(symbol: SymbolPlace) -> Json:
    return asdict(symbol)


def of_caller(caller: Caller) -> Json:
    return asdict(caller)


def of_hierarchy(hierarchy: Hierarchy) -> Json:
    return {
        side: list(found) if isinstance(found, tuple) else found for side, found in asdict(hierarchy).items()
    }


def of_rule(rule: Rule) -> Json:
    return {
        **asdict(rule),
        "interval": list(rule.interval),
        "examples": list(rule.examples),
        "counter_examples": list(rule.counter_examples),
        "written": list(rule.written),
        "against": list(rule.against),
        "ordinary": rule.ordinary,
    }


def of_conventions(found: Conventions) -> Json:
    return {
        "conventions": [of_rule(rule) for rule in found.rules],
        "written": [asdict(saying) for saying in found.sayings],
        "contradictions": [asdict(clash) for clash in found.contradictions],
        "rejected": [of_rule(rule) for rule in found.rejected],
        "problems": list(found.problems),
    }


def of_check(report: Report) -> Json:
    return {
        "findings": [of_finding(finding) for finding in report.findings],
        "suppressed": [of_finding(finding) for finding in report.suppressed],
        "unused": list(report.unused),
        "left_out": [asdict(left) for left in report.left_out],
        "files": report.files,
        "lines": report.lines,
    }


def of_finding(finding: Finding) -> Json:
    return {**asdict(finding), "also": list(finding.also)}


def of_report(report: SyncReport) -> Json:
    return {**asdict(report), "failed": list(report.failed)}


def of_verdict(verdict: Verdict) -> Json:
    return {"ok": verdict.ok, **asdict(verdict)}


def of_ledger(ledger: Ledger) -> Json:
    return asdict(ledger)


def of_fate(fate: Fate) -> Json:
    return {**asdict(fate), "chunks": [list(chunk) for chunk in fate.chunks], "redacted": list(fate.redacted)}


def of_repo(repo: RepoRow) -> Json:
    """A repository as a list shows it; times are UTC by ISO 8601."""
    return {
        "name": repo.name,
        "root": repo.root,
        "generation": repo.generation,
        "commit": repo.commit,
        "pending": repo.pending,
        "complete": repo.complete,
        "synced_at": of_time(repo.synced_at),
    }


def seconds_of(time_: str) -> float:
    return calendar.timegm(time.strptime(time_, "%Y-%m-%dT%H:%M:%SZ"))


def of_time(seconds: float | None) -> str | None:
    return None if seconds is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
