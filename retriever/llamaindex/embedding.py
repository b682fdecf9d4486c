"""An Embedder and our words -> LlamaIndex's embedding, and the sparse vectors of its hybrid search."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from itertools import pairwise
from typing import Any

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr

from indexer.bags import count_all, document_weights
from indexer.embed import Embedder
from indexer.embed.load import load_embedder
from indexer.words import packed, query_bag, query_weights

Sparse = tuple[list[list[int]], list[list[float]]]


class CairnEmbedding(BaseEmbedding):
    """The model of an index, by default the one that ships with Cairn: no network, 2,000 texts a second."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder | None = None, **llama_index: Any) -> None:
        embedder = embedder or load_embedder()
        super().__init__(**{"model_name": embedder.fingerprint, **llama_index})
        self._embedder = embedder

    @classmethod
    def class_name(cls) -> str:
        return "CairnEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        row: list[float] = self._embedder.encode([query], "query")[0].tolist()
        return row

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = self._embedder.encode(texts).tolist()
        return rows

    def _aget_query_embedding(self, query: str) -> Coroutine[Any, Any, list[float]]:
        return asyncio.to_thread(self._get_query_embedding, query)

    def _aget_text_embedding(self, text: str) -> Coroutine[Any, Any, list[float]]:
        return asyncio.to_thread(self._get_text_embedding, text)

    def _aget_text_embeddings(self, texts: list[str]) -> Coroutine[Any, Any, list[list[float]]]:
        return asyncio.to_thread(self._get_text_embeddings, texts)


def sparse_queries(texts: list[str]) -> Sparse:
    """For `sparse_query_fn` of QdrantVectorStore: the words of each question, as Cairn weighs them."""
    bags = [query_bag(text) for text in texts]
    return [bag.ids.tolist() for bag in bags], [query_weights(bag).tolist() for bag in bags]


def sparse_documents(texts: list[str]) -> Sparse:
    """For `sparse_doc_fn`. The index also counts names and paths, which a text alone does not say."""
    bags = count_all([packed(text) for text in texts])
    weights = document_weights(bags)
    of = [slice(*ends) for ends in pairwise(bags.offsets)]
    return [bags.ids[one].tolist() for one in of], [weights[one].tolist() for one in of]
