"""LlamaIndex's and LangChain's retrievers say what the Retriever says, here and over HTTP."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda
from llama_index.core.base.response.schema import Response
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, NodeWithScore
from llama_index.core.vector_stores import FilterOperator, MetadataFilter, MetadataFilters

from api.service import Service
from api.settings import Settings
from indexer.errors import BadInput, MissingExtra, NotFound, StoreUnreachable
from retriever import langchain, llamaindex
from retriever.client import Client
from retriever.metadata import Searches, id_of
from retriever.types import Filters, Query

from ..api.make import SHOP, run_cairn, serving, write_tree
from ..conftest import Index
from ..indexer.store.make import stop_keeper

QUESTION = "where do we retry failed payments?"
Build = Callable[[Searches], llamaindex.CairnRetriever]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Searches]]:
    """The same index, asked in this process and over HTTP."""
    data, root = tmp_path_factory.mktemp("d"), tmp_path_factory.mktemp("s") / "shop"
    run_cairn("index", write_tree(root, SHOP), data=data)
    service = Service(Settings(data=data, embedder="hashed"))
    with serving("--port", 0, data=data) as server, closing(Client(server.url)) as client:
        client.catch_up("shop", 30.0)
        yield {"here": service.retriever, "over HTTP": client}
    service.close()
    stop_keeper(data)


@pytest.mark.parametrize("where", ["here", "over HTTP"])
def test_the_nodes_of_llamaindex_are_the_hits_with_their_places(
    both: dict[str, Searches], where: str
) -> None:
    expected = both["here"].search(Query(QUESTION, ("shop",), 3))
    retriever = llamaindex.CairnRetriever(both[where], ["shop"], limit=3)

    nodes = retriever.retrieve(QUESTION)

    assert nodes == asyncio.run(retriever.aretrieve(QUESTION))
    assert [(n.score, n.node.get_content(MetadataMode.NONE), n.node.node_id) for n in nodes] == [
        (hit.score, hit.text, id_of(hit)) for hit in expected.hits
    ]
    for node, hit in zip(nodes, expected.hits, strict=True):
        said = node.node.metadata
        assert (said["repo"], said["path"], said["language"], said["kind"]) == (
            "shop", hit.path, hit.language, hit.kind,
        )  # fmt: skip
        assert (said["start_line"], said["end_line"], said.get("symbol")) == (
            hit.start_line, hit.end_line, hit.symbol,
        )  # fmt: skip
        assert said["reasons"] == list(hit.reasons)
        assert said["generation"] == expected.index[0].generation
        assert said.get("commit") == expected.index[0].commit
        assert node.node.ref_doc_id == f"shop/{hit.path}"


@pytest.mark.parametrize("where", ["here", "over HTTP"])
def test_the_documents_of_langchain_are_the_hits_with_their_places(
    both: dict[str, Searches], where: str
) -> None:
    expected = both["here"].search(Query(QUESTION, ("shop",), 3))
    retriever = langchain.CairnRetriever(verbs=both[where], repos=("shop",), limit=3)

    documents = retriever.invoke(QUESTION)

    assert documents == asyncio.run(retriever.ainvoke(QUESTION))
    assert [(d.id, d.page_content, d.metadata["path"], d.metadata["score"]) for d in documents] == [
        (id_of(hit), hit.text, hit.path, hit.score) for hit in expected.hits
    ]
    assert documents[0].metadata["symbol"] == expected.hits[0].symbol


def test_two_definitions_of_one_chunk_are_two_documents(both: dict[str, Searches]) -> None:
    hit = both["here"].search(Query(QUESTION, ("shop",), 1)).hits[0]
    beside = replace(hit, start_line=hit.end_line + 1, end_line=hit.end_line + 2)
    assert id_of(hit) == id_of(replace(hit, score=0.5))
    assert id_of(hit) != id_of(beside)


def test_a_prompt_sees_the_place_and_not_the_bookkeeping(both: dict[str, Searches]) -> None:
    node = llamaindex.CairnRetriever(both["here"]).retrieve(QUESTION)[0].node

    prompt, vector = node.get_content(MetadataMode.LLM), node.get_content(MetadataMode.EMBED)

    assert f"path: {node.metadata['path']}" in prompt
    assert "start_line: " in prompt
    assert "generation" not in prompt
    assert "start_line" not in vector


def test_a_query_engine_of_llamaindex_answers_over_it(both: dict[str, Searches]) -> None:
    engine = RetrieverQueryEngine.from_args(llamaindex.CairnRetriever(both["here"], limit=2), llm=MockLLM())

    answer = engine.query(QUESTION)

    assert isinstance(answer, Response)
    assert "def retry_with_backoff" in str(answer)  # the model in it repeats its prompt
    assert len(answer.source_nodes) == 2


def test_a_chain_of_langchain_runs_over_it(both: dict[str, Searches]) -> None:
    def places(found: list[Document]) -> list[str]:
        return [f"{one.metadata['path']}:{one.metadata['start_line']}" for one in found]

    chain = langchain.CairnRetriever(verbs=both["over HTTP"], limit=1) | RunnableLambda(places)

    assert [len(found) for found in chain.batch([QUESTION, "charge a card"])] == [1, 1]
    assert chain.invoke("retry_with_backoff")[0].startswith("shop/retry.py:")


def test_filters_of_either_kind_narrow_the_answer(project: Path, index: Index) -> None:
    index.sync(project)
    ours = Filters(("tests", "*.md"), (), ("code",))
    theirs = MetadataFilters(
        filters=[
            MetadataFilter(key="path", value=["tests", "*.md"], operator=FilterOperator.IN),
            MetadataFilter(key="kind", value="code"),
        ]
    )

    def paths(found: list[NodeWithScore]) -> list[str]:
        return [node.node.metadata["path"] for node in found]

    everything = paths(llamaindex.CairnRetriever(index.retriever).retrieve("charge"))
    narrow = paths(llamaindex.CairnRetriever(index.retriever, filters=ours).retrieve("charge"))
    documents = langchain.CairnRetriever(verbs=index.retriever, filters=ours).invoke("charge")

    assert len(everything) > 1
    assert narrow == ["tests/test_client.py"] == [document.metadata["path"] for document in documents]
    assert paths(llamaindex.CairnRetriever(index.retriever, filters=theirs).retrieve("charge")) == narrow


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        ([MetadataFilter(key="author", value="me")], "author.*filter by path, language, kind"),
        ([MetadataFilter(key="kind", value="code", operator=FilterOperator.NE)], "kind !=.*use '=='"),
        ([MetadataFilter(key="kind", value=kind) for kind in ("code", "docs")], "kind is filtered twice"),
        ([MetadataFilters(filters=[])], "side by side"),
    ],
)
def test_a_filter_without_a_like_is_refused_and_never_dropped(
    index: Index, filters: list[MetadataFilter | MetadataFilters], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        llamaindex.CairnRetriever(index.retriever, filters=MetadataFilters(filters=filters))


def test_filters_joined_by_or_are_refused(index: Index) -> None:
    filters = [MetadataFilter(key="kind", value="code"), MetadataFilter(key="language", value="go")]
    with pytest.raises(BadInput, match="'or' have no like"):
        llamaindex.CairnRetriever(index.retriever, filters=MetadataFilters(filters=filters, condition="or"))


def test_what_is_wrong_rises_as_it_is(both: dict[str, Searches]) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        llamaindex.CairnRetriever(both["over HTTP"], ["nowhere"]).retrieve("x")
    with pytest.raises(StoreUnreachable, match="cairn serve"):
        langchain.CairnRetriever.over_http("http://127.0.0.1:9").invoke("x")
    with pytest.raises(StoreUnreachable, match="cairn serve"):
        llamaindex.CairnRetriever.over_http("http://127.0.0.1:9").retrieve("x")


@pytest.mark.parametrize(
    ("module", "library", "extra"),
    [
        ("retriever.llamaindex", "llama_index.core.schema", "llama-index"),
        ("retriever.langchain", "langchain_core.documents", "langchain"),
    ],
)
def test_without_its_extra_the_import_names_the_command(
    monkeypatch: pytest.MonkeyPatch, module: str, library: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, module)

    with pytest.raises(MissingExtra, match=rf"pip install 'cairn-context\[{extra}\]'"):
        importlib.import_module(module)
