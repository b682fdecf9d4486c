"""A question -> what plain BM25 finds: the same chunks and the same words, and nothing else.

No meaning, no names, no paths' worth, no file scores: what a team would have with a full-text index of the
same pieces.
"""

from __future__ import annotations

from collections.abc import Callable

from indexer.store import VectorQuery, Vectors, Where
from indexer.store.catalog import Catalog
from indexer.words import query_bag, query_weights

from .ranks import Find, Spot

NAME = "bm25"
SOURCES = "bm25-sources"  # tests, documents and settings left out, which the history never wants


def bm25(catalog: Catalog, vectors: Vectors, repo: str, only: Callable[[str], bool] | None = None) -> Find:
    """A search of one repository whose places are chunks in the order of their BM25 sums; with `only`, those
    of the paths it takes."""

    def best(question: str, places: int) -> list[Spot]:
        words = query_bag(question)
        query = VectorQuery(Where(repo), places, indices=words.ids, values=query_weights(words))
        found = vectors.search(query).by_words
        chunks = catalog.chunks([id_ for id_, _ in found])
        return [Spot(c.path, c.start, c.end) for c in (chunks[id_] for id_, _ in found if id_ in chunks)]

    def find(question: str, places: int) -> list[Spot]:
        asked = places
        while True:
            found = best(question, asked)
            kept = [spot for spot in found if only is None or only(spot.path)]
            if len(kept) >= places or len(found) < asked:
                return kept[:places]
            asked *= 4

    return find
