"""Turn Points into a collection on a Qdrant server, and a VectorQuery into Candidates."""

from __future__ import annotations

import pickle
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import numpy as np
from numpy.typing import NDArray
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from indexer.errors import BadInput, CairnError, IndexDamaged, StoreUnreachable
from indexer.store import Candidates, Points, Stored, VectorQuery, Where
from indexer.store.points import as_uuid, check, check_query, stored

ALIAS = "cairn"  # names the collection that answers; a collection of ours is called cairn-…
_UPSERT_POINTS = 256  # about 1.5 MB of JSON; the server takes 32 MB at most
_PAGE = 1000
_PAUSES = (0.2, 1.0)  # seconds before the second and the third try: a lost packet
_WRITE_PAUSES = (*_PAUSES, 2.0, 4.0, 8.0)  # nobody waits at a write, and a server restarts in seconds
_FILTERED = {
    "repo": models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, is_tenant=True),
    "path": models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD, prefix=True),
    "language": models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD),
    "kind": models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD),
}
_Answer = TypeVar("_Answer")


class ServerVectors:
    """The points of one fingerprint in `collection` at `url`; made there on first use if missing.

    `transport` replaces the network below httpx. Raises StoreUnreachable when the server does not
    answer after three tries (a write waits longer, for a restart) or refuses the key, IndexDamaged when
    the collection was made for another model or vanished while in use. The key appears in no message.
    """

    def __init__(
        self,
        url: str,
        collection: str,
        dimensions: int,
        *,
        api_key: str | None = None,
        timeout: int = 30,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._url = _shown(url)
        self._collection = collection
        self._dimensions = dimensions
        self._api_key = api_key
        self._ready = False
        self._preparing = threading.Lock()
        if api_key is not None and not (api_key.isascii() and api_key.isprintable()):
            raise BadInput(f"the API key for {self._url} holds characters that no header can carry")
        with warnings.catch_warnings():
            # A key over plain http is a choice for a private network; docs/deploy.md says so.
            warnings.filterwarnings("ignore", "Api key is used with an insecure connection", UserWarning)
            self._client = QdrantClient(
                url=url,
                api_key=api_key,
                timeout=timeout,
                check_compatibility=False,  # it warns from a thread; `_prepare` raises instead
                transport=transport,
            )

    def upsert(self, points: Points) -> None:
        check(points, self._dimensions)
        for start in range(0, len(points.ids), _UPSERT_POINTS):
            batch = _build(points, start, min(start + _UPSERT_POINTS, len(points.ids)))
            self._ask(self._client.upsert, _WRITE_PAUSES, points=batch, wait=True)

    def upsert_packed(self, blob: bytes) -> None:
        self.upsert(pickle.loads(blob))

    def delete(self, ids: Sequence[str]) -> None:
        known = [str(as_uuid(id)) for id in ids]
        for start in range(0, len(known), _PAGE):
            selected = models.PointIdsList(points=list(known[start : start + _PAGE]))
            self._ask(self._client.delete, _WRITE_PAUSES, points_selector=selected, wait=True)

    def delete_repo(self, repo: str) -> None:
        selected = models.FilterSelector(filter=_filter(Where(repo)))
        self._ask(self._client.delete, _WRITE_PAUSES, points_selector=selected, wait=True)

    def search(self, query: VectorQuery) -> Candidates:
        return next(self._found([query]))

    @contextmanager
    def ask(self, queries: Iterable[VectorQuery]) -> Iterator[Iterator[Candidates]]:
        """One request for all: the way to a server is longer than what could be done meanwhile."""
        yield self._found(queries)

    def _found(self, queries: Iterable[VectorQuery]) -> Iterator[Candidates]:
        asked = [self._requests(query) for query in queries]
        requests = [request for both in asked for request in both]
        answers = self._ask(self._client.query_batch_points, requests=requests) if requests else []
        following = iter(answers)
        for both in asked:
            found = {request.using: _best(next(following)) for request in both}
            yield Candidates(found.get("dense", []), found.get("sparse", []))

    def _requests(self, query: VectorQuery) -> list[models.QueryRequest]:
        check_query(query, self._dimensions)
        where = _filter(query.where)
        requests: list[models.QueryRequest] = []
        if query.dense is not None:
            nearest = models.NearestQuery(nearest=query.dense.tolist())
            requests.append(
                models.QueryRequest(query=nearest, using="dense", filter=where, limit=query.limit)
            )
        if query.indices is not None and query.values is not None and len(query.indices):
            words = models.SparseVector(indices=query.indices.tolist(), values=query.values.tolist())
            # Word statistics of this repository's live points, as in the embedded store.
            corpus = models.IdfCorpusParams(corpus=_filter(Where(query.where.repo)))
            requests.append(
                models.QueryRequest(
                    query=models.NearestQuery(nearest=words),
                    using="sparse",
                    filter=where,
                    limit=query.limit,
                    params=models.SearchParams(idf=corpus),
                )
            )
        return requests

    def dense(self, ids: Sequence[str]) -> dict[str, NDArray[np.float16]]:
        found: dict[str, NDArray[np.float16]] = {}
        for start in range(0, len(ids), _PAGE):
            asked = [str(as_uuid(id)) for id in ids[start : start + _PAGE]]
            for record in self._ask(
                self._client.retrieve, ids=asked, with_payload=False, with_vectors=["dense"]
            ):
                vectors: Any = record.vector
                found[str(record.id)] = np.array(vectors["dense"], dtype=np.float16)
        return found

    def stored(self, ids: Sequence[str]) -> dict[str, Stored]:
        found: dict[str, Stored] = {}
        for start in range(0, len(ids), _PAGE):
            asked = [str(as_uuid(id)) for id in ids[start : start + _PAGE]]
            for record in self._ask(self._client.retrieve, ids=asked, with_payload=True, with_vectors=True):
                vectors: Any = record.vector or {}
                words = vectors.get("sparse")
                indices, values = (words.indices, words.values) if words else ((), ())
                found[str(record.id)] = stored(vectors.get("dense", ()), indices, values, record.payload)
        return found

    def ids(self, repo: str) -> Iterator[str]:
        offset: Any = None
        while True:
            records, offset = self._ask(
                self._client.scroll,
                scroll_filter=_filter(Where(repo)),
                limit=_PAGE,
                offset=offset,
                with_payload=False,
                with_vectors=False,
            )
            yield from (str(record.id) for record in records)
            if offset is None:
                return

    def drop(self, repos: Iterable[str]) -> None:
        """Delete the points of these repositories, and the collection when nobody else's are left in it."""
        try:
            self._try(self._client.get_collection, collection_name=self._collection)
        except _Missing:
            return
        for repo in repos:
            self.delete_repo(repo)
        try:
            if not self._try(self._client.count, collection_name=self._collection, exact=True).count:
                self._try(self._client.delete_collection, collection_name=self._collection)
        except _Missing:
            pass  # somebody else was faster
        finally:
            self._ready = False

    def point_here(self) -> None:
        """Let the alias name this collection, for readers that know nothing of fingerprints."""
        moved = [
            models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=alias.alias_name))
            for alias in self._try(self._client.get_aliases).aliases
            if alias.alias_name == ALIAS
        ]
        named = models.CreateAlias(collection_name=self._collection, alias_name=ALIAS)
        changes = [*moved, models.CreateAliasOperation(create_alias=named)]
        self._try(self._client.update_collection_aliases, change_aliases_operations=changes)

    def count(self, repo: str) -> int:
        return self._ask(self._client.count, count_filter=_filter(Where(repo)), exact=True).count

    def flush(self) -> None:
        """Nothing to do: every write waited until the server had logged and applied it."""

    def close(self) -> None:
        self._client.close()

    def _ask(
        self, call: Callable[..., _Answer], pauses: Sequence[float] = _PAUSES, **arguments: Any
    ) -> _Answer:
        with self._preparing:
            if not self._ready:
                self._prepare()
                self._ready = True
        try:
            return self._try(call, pauses, collection_name=self._collection, **arguments)
        except _Missing as error:
            self._ready = False
            raise IndexDamaged(
                f"the collection {self._collection} vanished from Qdrant at {self._url}; "
                "index the repositories again"
            ) from error

    def _prepare(self) -> None:
        """Make the collection if it is missing, and finish one whose making was cut short."""
        try:
            info = self._try(self._client.get_collection, collection_name=self._collection)
        except _Missing:
            with suppress(_Exists):  # somebody else was faster
                self._try(
                    self._client.create_collection,
                    collection_name=self._collection,
                    vectors_config={"dense": _dense_vectors(self._dimensions)},
                    sparse_vectors_config={"sparse": models.SparseVectorParams(modifier=models.Modifier.IDF)},
                    # Every query names its repository: a graph for each tenant, none across them.
                    hnsw_config=models.HnswConfigDiff(m=0, payload_m=16),
                )
            info = self._try(self._client.get_collection, collection_name=self._collection)
        self._inspect(info.config.params)
        for field, parameters in _FILTERED.items():
            if field not in info.payload_schema:
                self._try(
                    self._client.create_payload_index,
                    collection_name=self._collection,
                    field_name=field,
                    field_schema=parameters,
                    wait=True,
                )

    def _inspect(self, made: models.CollectionParams) -> None:
        dense = made.vectors.get("dense") if isinstance(made.vectors, dict) else None
        sparse = (made.sparse_vectors or {}).get("sparse")
        if dense is None or sparse is None or sparse.modifier != models.Modifier.IDF:
            raise IndexDamaged(
                f"the collection {self._collection} at {self._url} was not made by this program; "
                "remove or rename it, and index again"
            )
        if dense.size != self._dimensions:
            raise IndexDamaged(
                f"the collection {self._collection} at {self._url} holds vectors of {dense.size} numbers, "
                f"the model makes {self._dimensions}; go back to that model, or remove the collection and "
                "index again"
            )

    def _try(
        self, call: Callable[..., _Answer], pauses: Sequence[float] = _PAUSES, **arguments: Any
    ) -> _Answer:
        """Call until it succeeds, once more after each pause: every call may be repeated."""
        for pause in (*pauses, None):
            try:
                return call(**arguments)
            except (ResponseHandlingException, UnexpectedResponse, ResourceExhaustedResponse) as error:
                if isinstance(error, UnexpectedResponse) and _final(error):
                    raise self._refusal(error) from None
                reason = self._told(error)
            if pause is not None:
                time.sleep(pause)
        raise StoreUnreachable(
            f"Qdrant at {self._url} does not answer ({reason}); nothing is lost, try again"
        )

    def _refusal(self, error: UnexpectedResponse) -> Exception:
        said = self._told(error)
        if error.status_code == 404:
            return _Missing(f"Qdrant at {self._url} has no collection {self._collection}")
        if error.status_code == 409:
            return _Exists(f"Qdrant at {self._url} has a collection {self._collection} already")
        if error.status_code in (401, 403):
            return StoreUnreachable(f"Qdrant at {self._url} refused the API key ({said}); set the right one")
        return BadInput(f"Qdrant at {self._url} refused a request: {said}")

    def _told(self, error: Exception) -> str:
        if isinstance(error, UnexpectedResponse):
            told = f"{error.status_code} {error.content.decode(errors='replace')[:300]}"
        else:
            source = getattr(error, "source", error)
            told = f"{type(source).__name__}: {source}"
        return told.replace(self._api_key, "***") if self._api_key else told


class _Missing(CairnError):
    """The collection is not there."""


class _Exists(CairnError):
    """The collection is there already."""


def _final(error: UnexpectedResponse) -> bool:
    status = error.status_code or 500
    return 400 <= status < 500 and status not in (408, 429)


def _shown(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput(f"{url!r} is no address of a Qdrant server; write http://host:6333 or https://…")
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _dense_vectors(dimensions: int) -> models.VectorParams:
    # Dot on unit vectors is the cosine, and keeps the bits it was given.
    return models.VectorParams(
        size=dimensions, distance=models.Distance.DOT, datatype=models.Datatype.FLOAT16
    )


def _build(points: Points, start: int, stop: int) -> list[models.PointStruct]:
    dense = points.dense[start:stop].astype(np.float32).tolist()
    built = []
    for row in range(start, stop):
        part = slice(int(points.offsets[row]), int(points.offsets[row + 1]))
        words = models.SparseVector(
            indices=points.indices[part].tolist(), values=points.values[part].tolist()
        )
        built.append(
            models.PointStruct(
                id=points.ids[row],
                vector={"dense": dense[row - start], "sparse": words},
                payload=dict(points.payloads[row]),
            )
        )
    return built


def _best(answer: models.QueryResponse) -> list[tuple[str, float]]:
    hits = [(str(point.id), float(point.score)) for point in answer.points]
    return sorted(hits, key=lambda hit: (-hit[1], hit[0]))  # the server leaves the order of ties open


def _filter(where: Where) -> models.Filter:
    must: list[Any] = [models.FieldCondition(key="repo", match=models.MatchValue(value=where.repo))]
    for field, allowed in (("language", where.languages), ("kind", where.kinds)):
        if allowed:
            must.append(models.FieldCondition(key=field, match=models.MatchAny(any=list(allowed))))
    places: list[Any] = [
        models.FieldCondition(key="path", match=models.MatchPrefix(prefix=folder)) for folder in where.folders
    ]
    if where.paths:
        places.append(models.FieldCondition(key="path", match=models.MatchAny(any=list(where.paths))))
    if places:
        must.append(models.Filter(should=places))
    return models.Filter(must=must)
