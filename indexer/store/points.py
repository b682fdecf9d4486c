"""Refuse what a store would take in part or misread: a batch goes in whole or not at all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import numpy as np

from indexer.errors import BadInput
from indexer.store import Points, Stored, VectorQuery


def check(points: Points, dimensions: int) -> None:
    """Raise BadInput unless the columns fit together, every number is finite and no word comes twice.

    Qdrant applies the good points of a bad batch, and Edge takes NaN and repeated indices without a
    word: the first breaks the order of every later answer, the second counts a word double.
    """
    number = len(points.ids)
    if points.dense.shape != (number, dimensions):
        raise BadInput(
            f"the dense vectors have the shape {points.dense.shape}, this collection takes "
            f"({number}, {dimensions}); is it another model's?"
        )
    if len(points.payloads) != number or len(points.offsets) != number + 1:
        raise BadInput(
            f"{number} ids came with {len(points.payloads)} payloads and {len(points.offsets)} offsets; "
            "a batch has one payload per id and one offset more"
        )
    for id in points.ids:
        as_uuid(id)
    lengths = np.diff(points.offsets)
    total = int(points.offsets[-1])
    if (
        points.offsets[0] != 0
        or (lengths < 0).any()
        or not total == len(points.indices) == len(points.values)
    ):
        raise BadInput(
            f"the offsets do not divide {len(points.indices)} indices and {len(points.values)} values"
        )
    if not (np.isfinite(points.dense).all() and np.isfinite(points.values).all()):
        raise BadInput("a vector holds NaN or infinity; see to the model that made it")
    rows = np.repeat(np.arange(number, dtype=np.uint64), lengths)
    places = (rows << np.uint64(32)) | points.indices.astype(np.uint64)
    places.sort()
    if (places[1:] == places[:-1]).any():
        raise BadInput("a sparse vector holds the same index twice; add its values up first")


def check_query(query: VectorQuery, dimensions: int) -> None:
    """Raise BadInput unless the query's vectors fit the collection."""
    if query.limit < 1:
        raise BadInput(f"a search for {query.limit} candidates finds none; ask for at least one")
    if query.dense is not None and (query.dense.shape != (dimensions,) or not np.isfinite(query.dense).all()):
        raise BadInput(
            f"the query's vector has the shape {query.dense.shape}, this collection takes ({dimensions},) "
            "of finite numbers; was it made by another model?"
        )
    if (query.indices is None) != (query.values is None) or (
        query.indices is not None and query.values is not None and len(query.indices) != len(query.values)
    ):
        raise BadInput("a query's words need as many values as indices")


def stored(dense: Any, indices: Any, values: Any, payload: Any) -> Stored:
    """A point that a store gave back, its words in ascending order."""
    words = np.array(indices, dtype=np.uint32)
    order = np.argsort(words)
    weights = np.array(values, dtype=np.float32)
    return Stored(np.array(dense, dtype=np.float16), words[order], weights[order], dict(payload or {}))


def as_uuid(id: str) -> UUID:
    try:
        return UUID(id)
    except ValueError as error:
        raise BadInput(f"{id!r} is no point id; an id is a UUID") from error
