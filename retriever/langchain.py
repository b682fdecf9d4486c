"""A question of LangChain -> documents from a Cairn index, in this process or over HTTP.

Importing this imports langchain-core. docs/integrations.md shows it at work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from indexer.errors import MissingExtra

try:
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
except ImportError as error:
    raise MissingExtra(
        "langchain-core is not installed; run: pip install 'cairn-context[langchain]'"
    ) from error

from .client import Client
from .metadata import Searches, answers_to, id_of
from .types import Filters, Query


class CairnRetriever(BaseRetriever):
    """Asks `verbs`, a Retriever or a Client. `repos` are names, empty for all.

    A document's text is that of the hit, its metadata the place that answers best, with `score`;
    docs/integrations.md lists the fields. Raises what `verbs.search` raises.
    """

    verbs: Any  # pydantic cannot check a Protocol's signature: Searches
    repos: tuple[str, ...] = ()
    limit: int = 10
    filters: Filters = Filters()

    @classmethod
    def over_http(cls, url: str, key: str | None = None, **options: Any) -> CairnRetriever:
        """Over a running `cairn serve`; `options` as those of the constructor."""
        return cls(verbs=Client(url, key), **options)

    def _get_relevant_documents(self, query: str, *, run_manager: Any = None) -> list[Document]:
        verbs: Searches = self.verbs
        asked = Query("", self.repos, self.limit, self.filters)
        return [
            Document(id=id_of(hit), page_content=hit.text, metadata={**metadata, "score": hit.score})
            for hit, metadata in answers_to(query, verbs, asked)
        ]

    def _aget_relevant_documents(
        self, query: str, *, run_manager: Any = None
    ) -> Coroutine[Any, Any, list[Document]]:
        """In a thread of its own, so that an event loop goes on meanwhile."""
        return asyncio.to_thread(self._get_relevant_documents, query)
