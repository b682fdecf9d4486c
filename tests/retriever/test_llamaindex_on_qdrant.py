"""A collection that Cairn wrote to a Qdrant server is read by LlamaIndex's own QdrantVectorStore."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from llama_index.core import VectorStoreIndex
from llama_index.core.schema import TextNode
from llama_index.core.vector_stores import MetadataFilter, MetadataFilters
from llama_index.core.vector_stores.types import VectorStoreQueryMode
from llama_index.vector_stores.qdrant import QdrantVectorStore
from qdrant_client import QdrantClient

from api import opened
from api.migration import migrate, wanted
from api.service import Service
from api.settings import Settings
from api.verify import Scope, verify
from indexer.store.server import ALIAS, ServerVectors
from indexer.store.vectors import VectorOptions, collection_name
from retriever.llamaindex import CairnEmbedding, sparse_documents, sparse_queries
from retriever.types import Query

from ..contract.qdrant import StrictTransport, load_contract
from ..contract.qdrant_double import QdrantDouble
from ..indexer.store.make import stop_keeper

URL = "http://qdrant:6333"
LIVE, KEY = os.environ.get("CAIRN_QDRANT_URL", ""), os.environ.get("CAIRN_QDRANT_API_KEY")
PLAIN = {"repo", "path", "language", "kind"}


@pytest.fixture
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("d")  # short enough for the socket of a rebuild's keeper
    yield folder
    stop_keeper(folder)


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> QdrantDouble:
    """A server in this process, which every service of the test writes to."""
    double = QdrantDouble()
    transport = StrictTransport(load_contract(), double)

    def on_the_server(options: VectorOptions, fingerprint: str, dimensions: int) -> ServerVectors:
        return ServerVectors(URL, collection_name(fingerprint), dimensions, transport=transport)

    monkeypatch.setattr(opened, "open_vectors", on_the_server)
    return double


@contextmanager
def indexed(project: Path, settings: Settings) -> Iterator[Service]:
    service = Service(settings)
    repo, _ = service.add_repo(project)
    service.sync(repo)
    yield service
    service.close()


def read_by_llamaindex(client: QdrantClient, collection: str, mode: VectorStoreQueryMode) -> list[TextNode]:
    """What docs/integrations.md tells a team to write."""
    store = QdrantVectorStore(
        collection,
        client=client,
        dense_vector_name="dense",
        sparse_vector_name="sparse",
        text_key="text",
        enable_hybrid=mode is not VectorStoreQueryMode.DEFAULT,
        sparse_doc_fn=sparse_documents,
        sparse_query_fn=sparse_queries,
    )
    index = VectorStoreIndex.from_vector_store(store, embed_model=CairnEmbedding())
    only = MetadataFilters(
        filters=[MetadataFilter(key="repo", value="shop"), MetadataFilter(key="kind", value="code")]
    )
    retriever = index.as_retriever(
        similarity_top_k=9, sparse_top_k=9, vector_store_query_mode=mode, filters=only
    )
    found = retriever.retrieve("call again after a failed payment")
    return [one.node for one in found if isinstance(one.node, TextNode)]


MODES = (VectorStoreQueryMode.DEFAULT, VectorStoreQueryMode.SPARSE, VectorStoreQueryMode.HYBRID)


@pytest.mark.parametrize("mode", MODES)
def test_their_store_reads_texts_and_places_that_ours_wrote(
    project: Path, data: Path, double: QdrantDouble, mode: VectorStoreQueryMode
) -> None:
    settings = Settings(data, qdrant_url=URL, qdrant_text=True, embedder="static", workers=1)
    with indexed(project, settings) as service:
        nodes = read_by_llamaindex(double.memory, service.current.edition.collection, mode)

        texts = {
            hit.chunk_id: hit.text for hit in service.retriever.search(Query("retry payment", limit=50)).hits
        }
        assert nodes[0].metadata["path"] == "shop/retry.py"
        assert nodes[0].text == (project / "shop/retry.py").read_text()
        assert nodes[0].metadata == {
            "repo": "shop", "path": "shop/retry.py", "language": "python", "kind": "code",
            "start_line": 1, "end_line": 13, "symbols": "retry_with_backoff",
        }  # fmt: skip
        assert all(node.text == texts[node.node_id] for node in nodes if node.node_id in texts)


def test_the_setting_is_an_index_of_its_own_and_verify_holds_it_to_it(
    project: Path, data: Path, double: QdrantDouble
) -> None:
    plain = Settings(data, qdrant_url=URL, embedder="static", workers=1)
    with indexed(project, plain) as service:
        before = service.current.edition
        assert payload_keys(double, before.collection) == PLAIN

        telling = Service(Settings(data, qdrant_url=URL, qdrant_text=True, embedder="static", workers=1))
        assert telling.current.edition == before
        assert "carry no text, CAIRN_QDRANT_TEXT asks for the other; run: cairn migrate" in str(
            telling.advice
        )
        to = wanted(telling)
        assert to is not None
        migrate(telling, to)
        after = service.current.edition  # the service without the setting follows, and asks for nothing else
        assert after.parts.with_text
        assert after.parts.tables == before.parts.tables
        assert (service.advice, wanted(service)) == (None, None)
        assert payload_keys(double, after.collection) == PLAIN | {"text", "symbols", "start_line", "end_line"}

        (project / "shop" / "retry.py").write_text("\n\ndef once():\n    return 1\n")
        service.sync(service.named("shop"))
        nodes = read_by_llamaindex(double.memory, ALIAS, VectorStoreQueryMode.DEFAULT)
        assert {node.text for node in nodes} & {"\n\ndef once():\n    return 1\n"}
        assert not any("retry_with_backoff(call" in node.text for node in nodes)
        assert verify(service, service.named("shop"), Scope(sample=50)).ok
        telling.close()


def payload_keys(double: QdrantDouble, collection: str) -> set[str]:
    records, _ = double.memory.scroll(collection, limit=100, with_payload=True)
    assert records
    return {key for record in records for key in record.payload or {}}


def test_an_empty_index_takes_the_setting_at_once(data: Path, double: QdrantDouble) -> None:
    plain = Settings(data, qdrant_url=URL, embedder="static")
    assert not Service(plain).current.edition.parts.with_text
    assert Service(replace(plain, qdrant_text=True)).current.edition.parts.with_text
    assert Service(plain).current.edition.parts.with_text  # unset asks for what there is


def test_embedded_points_never_carry_text(project: Path, data: Path) -> None:
    settings = Settings(data, qdrant_text=True, embedder="static", workers=1)

    assert not settings.with_text(now=False)
    assert Service(settings).advice is None


@pytest.mark.live
@pytest.mark.skipif(not LIVE, reason="CAIRN_QDRANT_URL names no Qdrant server")
@pytest.mark.parametrize("mode", MODES)
def test_their_store_reads_a_real_server(project: Path, data: Path, mode: VectorStoreQueryMode) -> None:
    settings = Settings(
        data, qdrant_url=LIVE, qdrant_api_key=KEY, qdrant_text=True, embedder="static", workers=1
    )
    with indexed(project, settings) as service:
        client = QdrantClient(url=LIVE, api_key=KEY, check_compatibility=False)
        try:
            nodes = read_by_llamaindex(client, service.current.edition.collection, mode)
            assert nodes[0].text == (project / "shop/retry.py").read_text()
        finally:
            service.remove(service.named("shop"))
