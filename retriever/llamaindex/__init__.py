"""Cairn in LlamaIndex: a retriever over an index, our chunker as node parser, our model as embedding.

Importing this imports llama-index-core (two seconds). docs/integrations.md shows each at work.
"""

from __future__ import annotations

from indexer.errors import MissingExtra

try:
    import llama_index.core.schema  # noqa: F401
except ImportError as error:
    raise MissingExtra(
        "llama-index-core is not installed; run: pip install 'cairn-context[llama-index]'"
    ) from error

from .embedding import CairnEmbedding, sparse_documents, sparse_queries
from .parsing import CairnNodeParser
from .retrieving import CairnRetriever

__all__ = ["CairnEmbedding", "CairnNodeParser", "CairnRetriever", "sparse_documents", "sparse_queries"]
