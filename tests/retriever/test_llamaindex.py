"""Our chunker and our model do their work in LlamaIndex's own pipeline."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from llama_index.core import Document, VectorStoreIndex
from llama_index.core.ingestion import IngestionPipeline
from llama_index.core.schema import NodeRelationship, TextNode

from indexer.embed.load import load_embedder
from indexer.errors import BadInput
from indexer.languages import LANGUAGES
from retriever.llamaindex import CairnEmbedding, CairnNodeParser

PROJECTS = Path(__file__).parents[1] / "projects" / "languages"
SAMPLES = sorted(path for path in PROJECTS.rglob("*") if path.is_file())
TWICE = "def again():\n    return 1\n\n\n" * 3


def parsed(text: str, path: str = "", **options: object) -> list[TextNode]:
    document = Document(text=text, metadata={"file_path": path} if path else {}, id_="one")
    nodes = CairnNodeParser(**options).get_nodes_from_documents([document])
    return [node for node in nodes if isinstance(node, TextNode)]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_every_character_is_in_one_node_at_its_offset_and_lines(sample: Path) -> None:
    text = sample.read_bytes().decode()
    nodes = parsed(text, sample.name, limit=200)

    assert "".join(node.text for node in nodes) == text
    for node in nodes:
        assert node.start_char_idx is not None
        assert text[node.start_char_idx : node.end_char_idx] == node.text
        assert node.metadata["start_line"] == text.count("\n", 0, node.start_char_idx) + 1
        lines = node.text.count("\n") + (not node.text.endswith("\n"))
        assert node.metadata["end_line"] == node.metadata["start_line"] + lines - 1


def test_equal_texts_keep_their_own_places() -> None:
    nodes = parsed(TWICE, "a.py", limit=100, include_prev_next_rel=True)
    whole = "".join(node.text for node in nodes)

    assert whole == TWICE
    starts = [node.start_char_idx for node in nodes]
    assert starts == [0, *np.cumsum([len(node.text) for node in nodes])[:-1]]
    assert len({node.node_id for node in nodes}) == len(nodes)


@pytest.mark.parametrize("text", ["a = 1", "a = 1\n", "a = 1\n\n\n", "\r\n\r\na\r\n", "\n\nx\n", "ä\0b"])
def test_ends_of_lines_and_odd_characters_stay_as_they_are(text: str) -> None:
    assert "".join(node.text for node in parsed(text, "a.py")) == text


def test_a_node_says_what_it_defines_and_how_it_is_related() -> None:
    body = "".join(f"        value = value + {n}\n" for n in range(20))
    text = f"class Shop:\n    def buy(self, value):\n{body}\n    def sell(self, value):\n{body}"
    first, *_, last = nodes = parsed(text, "src/shop.py", limit=600)

    assert first.metadata == {
        "file_path": "src/shop.py", "language": "python", "kind": "code",
        "start_line": 1, "end_line": first.metadata["end_line"], "symbols": "Shop, Shop.buy",
    }  # fmt: skip
    assert last.metadata["symbols"] == "Shop.sell"
    for before, after in pairwise(nodes):
        assert before.relationships[NodeRelationship.NEXT].node_id == after.node_id  # type: ignore[union-attr]
        assert after.relationships[NodeRelationship.PREVIOUS].node_id == before.node_id  # type: ignore[union-attr]
    assert {node.ref_doc_id for node in nodes} == {"one"}


def test_the_language_is_told_by_the_path_then_the_first_line_then_the_parser() -> None:
    def language(text: str, path: str = "", **options: object) -> object:
        return parsed(text, path, **options)[0].metadata["language"]

    assert language("x = 1\n", "a.rb", language="go") == "ruby"
    assert language("#!/usr/bin/env python3\nx = 1\n") == "python"
    assert language("func main() {}\n", language="go") == "go"
    assert language("Dear reader,\n") == "text"
    with pytest.raises(BadInput, match="no language 'klingon'; languages are"):
        CairnNodeParser(language="klingon")
    assert len(LANGUAGES) > 20


def test_a_long_text_of_no_language_is_cut_at_blank_lines_and_a_blank_one_has_no_node() -> None:
    text = "A paragraph of some words.\n\n" * 30
    nodes = parsed(text, limit=100)

    assert len(nodes) == 10
    assert all(node.text.startswith("A paragraph") for node in nodes)
    assert parsed(" \n\n") == []


def test_ids_follow_from_the_document_and_can_be_chosen() -> None:
    assert [n.node_id for n in parsed(TWICE, "a.py")] == [n.node_id for n in parsed(TWICE, "a.py")]
    chosen = parsed(TWICE, "a.py", limit=100, id_func=lambda n, document: f"{document.node_id}-{n}")
    assert [node.node_id for node in chosen] == [f"one-{n}" for n in range(len(chosen))]


def test_an_index_of_llamaindex_is_built_and_asked_with_our_chunks_and_vectors(project: Path) -> None:
    documents = [
        Document(text=path.read_text(), metadata={"file_path": str(path.relative_to(project))})
        for path in sorted(project.rglob("*.py"))
    ]
    embedding = CairnEmbedding()
    pipeline = IngestionPipeline(transformations=[CairnNodeParser(), embedding])
    nodes = pipeline.run(documents=documents)
    index = VectorStoreIndex(nodes, embed_model=embedding)

    found = index.as_retriever(similarity_top_k=1).retrieve("call again after a failure, waiting longer")

    assert found[0].node.metadata["file_path"] == "shop/retry.py"
    assert found[0].score is not None
    assert found[0].score > 0.2


def test_the_embedding_is_the_models_own_sync_and_async() -> None:
    model, embedding = load_embedder(), CairnEmbedding()
    texts = ["def parse(text)", "close the socket"]

    assert embedding.model_name == model.fingerprint
    np.testing.assert_allclose(embedding.get_text_embedding_batch(texts), model.encode(texts))
    np.testing.assert_allclose(embedding.get_query_embedding("parse"), model.encode(["parse"], "query")[0])
    assert asyncio.run(embedding.aget_text_embedding_batch(texts)) == embedding.get_text_embedding_batch(
        texts
    )
    assert asyncio.run(embedding.aget_query_embedding("parse")) == embedding.get_query_embedding("parse")
    assert asyncio.run(embedding.aget_text_embedding("parse")) == embedding.get_text_embedding("parse")
