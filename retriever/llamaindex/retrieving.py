"""A question of LlamaIndex -> scored nodes from a Cairn index, in this process or over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode
from llama_index.core.vector_stores.types import FilterCondition, FilterOperator, MetadataFilters

from indexer.errors import BadInput

from ..client import Client
from ..metadata import ASIDE, Metadata, Searches, answers_to, id_of, narrowed
from ..types import Filters, Hit, Query

_PLACE = ("start_line", "end_line")  # a model may cite them; in an embedding they are noise


class CairnRetriever(BaseRetriever):
    """Asks `verbs`, a Retriever or a Client. `repos` are names, empty for all; `filters` are ours, or
    LlamaIndex's on path, language and kind.

    A node's text is that of the hit, its metadata the place that answers best; docs/integrations.md
    lists the fields. Raises what `verbs.search` raises.
    """

    def __init__(
        self,
        verbs: Searches,
        repos: Sequence[str] = (),
        limit: int = 10,
        filters: Filters | MetadataFilters | None = None,
        **llama_index: Any,
    ) -> None:
        self._verbs = verbs
        ours = filters_of(filters) if isinstance(filters, MetadataFilters) else filters or Filters()
        self._query = Query("", tuple(repos), limit, ours)
        super().__init__(**llama_index)

    @classmethod
    def over_http(cls, url: str, key: str | None = None, **options: Any) -> CairnRetriever:
        """Over a running `cairn serve`; `options` as those of the constructor."""
        return cls(Client(url, key), **options)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = answers_to(query_bundle.query_str, self._verbs, self._query)
        return [NodeWithScore(node=_node(hit, metadata), score=hit.score) for hit, metadata in found]

    def _aretrieve(self, query_bundle: QueryBundle) -> Coroutine[Any, Any, list[NodeWithScore]]:
        """In a thread of its own, so that an event loop goes on meanwhile."""
        return asyncio.to_thread(self._retrieve, query_bundle)


def filters_of(filters: MetadataFilters) -> Filters:
    """LlamaIndex's filters as ours: `==` and `in`, joined by `and`. Raises BadInput for what has no like."""
    if filters.condition not in (FilterCondition.AND, None) and len(filters.filters) > 1:
        raise BadInput(f"filters joined by {filters.condition.value!r} have no like here; join them by 'and'")
    found = Filters()
    for one in filters.filters:
        if isinstance(one, MetadataFilters):
            raise BadInput("filters within filters have no like here; write them side by side")
        if one.operator not in (FilterOperator.EQ, FilterOperator.IN):
            raise BadInput(f"{one.key} {one.operator.value} … has no like here; use '==' or 'in'")
        values = one.value if isinstance(one.value, list) else [one.value]
        found = narrowed(found, one.key, tuple(str(value) for value in values))
    return found


def _node(hit: Hit, metadata: Metadata) -> TextNode:
    source = RelatedNodeInfo(node_id=f"{hit.repo}/{hit.path}")
    return TextNode(
        id_=id_of(hit),
        text=hit.text,
        metadata=metadata,
        excluded_llm_metadata_keys=[key for key in ASIDE if key in metadata],
        excluded_embed_metadata_keys=[key for key in (*ASIDE, *_PLACE) if key in metadata],
        relationships={NodeRelationship.SOURCE: source},
    )
