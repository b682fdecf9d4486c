"""Requests that passed the contract -> answers from qdrant-client's own in-memory implementation."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from qdrant_client import QdrantClient, models


class QdrantDouble:
    """A Qdrant server's behaviour without the server: call it with an operation that was checked."""

    def __init__(self) -> None:
        self.memory = QdrantClient(":memory:")
        self._indexes: dict[str, dict[str, Any]] = {}

    def __call__(
        self, operation: str, parameters: dict[str, str], body: Any, query: Mapping[str, str]
    ) -> tuple[int, Any]:
        answer = getattr(self, f"_{operation}", None)
        if answer is None:
            return 501, f"the double knows no {operation}"
        name = parameters.get("collection_name", "")
        if name and operation != "create_collection" and not self.memory.collection_exists(name):
            return 404, f"Not found: Collection `{name}` doesn't exist!"
        try:
            with warnings.catch_warnings():
                # The in-memory client says that it keeps no payload index and searches exactly.
                warnings.simplefilter("ignore", UserWarning)
                return answer(name, body)  # type: ignore[no-any-return]
        except ValueError as error:
            return 400, str(error)

    def _create_collection(self, name: str, body: Any) -> tuple[int, Any]:
        if self.memory.collection_exists(name):
            return 409, f"Wrong input: Collection `{name}` already exists!"
        wanted = models.CreateCollection(**body)
        self.memory.create_collection(
            name, vectors_config=wanted.vectors, sparse_vectors_config=wanted.sparse_vectors
        )
        self._indexes[name] = {}
        return 200, True

    def _get_collection(self, name: str, body: Any) -> tuple[int, Any]:
        info = _plain(self.memory.get_collection(name))
        info["payload_schema"] = self._indexes[name]
        return 200, info

    def _delete_collection(self, name: str, body: Any) -> tuple[int, Any]:
        return 200, self.memory.delete_collection(name)

    def _get_collections_aliases(self, name: str, body: Any) -> tuple[int, Any]:
        return 200, _plain(self.memory.get_aliases())

    def _update_aliases(self, name: str, body: Any) -> tuple[int, Any]:
        changes = models.ChangeAliasesOperation(**body).actions
        return 200, self.memory.update_collection_aliases(changes)

    def _create_field_index(self, name: str, body: Any) -> tuple[int, Any]:
        self.memory.create_payload_index(name, body["field_name"], field_schema=body["field_schema"])
        self._indexes[name][body["field_name"]] = {
            "data_type": body["field_schema"]["type"],
            "params": body["field_schema"],
            "points": 0,
        }
        return 200, {"operation_id": 0, "status": "completed"}

    def _upsert_points(self, name: str, body: Any) -> tuple[int, Any]:
        points = TypeAdapter(models.PointsList).validate_python(body).points
        return 200, _plain(self.memory.upsert(name, points))

    def _delete_points(self, name: str, body: Any) -> tuple[int, Any]:
        selector = TypeAdapter(models.PointsSelector).validate_python(body)
        return 200, _plain(self.memory.delete(name, selector))

    def _query_batch_points(self, name: str, body: Any) -> tuple[int, Any]:
        requests = TypeAdapter(models.QueryRequestBatch).validate_python(body).searches
        return 200, [_plain(answer) for answer in self.memory.query_batch_points(name, requests)]

    def _query_points(self, name: str, body: Any) -> tuple[int, Any]:
        return 200, _plain(self.memory.query_batch_points(name, [models.QueryRequest(**body)])[0])

    def _get_points(self, name: str, body: Any) -> tuple[int, Any]:
        wanted = models.PointRequest(**body)
        records = self.memory.retrieve(
            name, wanted.ids, with_payload=bool(wanted.with_payload), with_vectors=wanted.with_vector or False
        )
        return 200, [_plain(record) for record in records]

    def _scroll_points(self, name: str, body: Any) -> tuple[int, Any]:
        wanted = models.ScrollRequest(**body)
        records, following = self.memory.scroll(
            name,
            scroll_filter=wanted.filter,
            limit=wanted.limit or 10,
            offset=wanted.offset,
            with_payload=bool(wanted.with_payload),
            with_vectors=wanted.with_vector or False,
        )
        return 200, {"points": [_plain(record) for record in records], "next_page_offset": following}

    def _count_points(self, name: str, body: Any) -> tuple[int, Any]:
        wanted = models.CountRequest(**body)
        return 200, _plain(self.memory.count(name, count_filter=wanted.filter, exact=wanted.exact or False))


def _plain(answer: Any) -> Any:
    return json.loads(answer.model_dump_json(exclude_none=True))
