"""A Hit and the index it was served from -> the metadata that other frameworks carry with a text."""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID, uuid5

from indexer.errors import BadInput

from .types import Filters, Freshness, Hit, Query, SearchResult

Metadata = dict[str, Any]

# For programs, not for a prompt or a vector.
ASIDE = ("chunk", "reasons", "also", "generation", "commit", "pending")


class Searches(Protocol):
    """A Retriever, or the Client of a server: whatever answers a Query. Shared between threads."""

    def search(self, query: Query) -> SearchResult: ...


def answers_to(text: str, verbs: Searches, query: Query) -> list[tuple[Hit, Metadata]]:
    """Ask `query` with these words: each hit with its metadata, best first."""
    result = verbs.search(Query(text, query.repos, query.limit, query.filters))
    served = {index.repo: index for index in result.index}
    return [(hit, metadata_of(hit, served.get(hit.repo))) for hit in result.hits]


def id_of(hit: Hit) -> str:
    """The same as long as path, text and lines stay; two definitions of one chunk have two."""
    return str(uuid5(UUID(hit.chunk_id), f"{hit.start_line}-{hit.end_line}"))


def metadata_of(hit: Hit, index: Freshness | None) -> Metadata:
    """`path` and the fields of a Hit; `symbol` and `commit` are absent where there is none."""
    said: Metadata = {
        "repo": hit.repo,
        "chunk": hit.chunk_id,
        "path": hit.path,
        "start_line": hit.start_line,
        "end_line": hit.end_line,
        "language": hit.language,
        "kind": hit.kind,
        "reasons": list(hit.reasons),
        "also": [f"{place.start_line}-{place.end_line}" for place in hit.also],
    }
    if hit.symbol:
        said |= {"symbol": hit.symbol, "symbol_kind": hit.symbol_kind}
    if index is not None:
        said |= {"generation": index.generation, "pending": index.pending}
        if index.commit:
            said["commit"] = index.commit
    return said


def narrowed(filters: Filters, field: str, values: tuple[str, ...]) -> Filters:
    """`filters` with one more demand, named as the metadata names it. Raises BadInput for another field, or
    for a second demand on one: that would mean both at once, which these filters cannot say."""
    name = _FILTERED.get(field)
    if name is None:
        raise BadInput(f"nothing can be filtered by {field!r}; filter by {', '.join(_FILTERED)}")
    if getattr(filters, name):
        raise BadInput(f"{field} is filtered twice; name all its values in one filter")
    said = {one: getattr(filters, one) for one in _FILTERED.values()}
    return Filters(**{**said, name: values})


_FILTERED = {"path": "paths", "language": "languages", "kind": "kinds"}
