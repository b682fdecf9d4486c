"""The shipped model in sentence-transformers: the same vectors, by Cairn's module and from a folder."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from indexer.embed.load import load_embedder
from indexer.embed.static import StaticEmbedder

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None,
    reason="pip install 'cairn-context[transformers]', as make test does",
)

SOURCE = Path(__file__).read_text(encoding="utf-8").split("\n")
TEXTS = [
    "def open_socket(host, port): return connect(host, port, timeout=RETRY_TIMEOUT)",
    "class Invoice { unheardofword unheardofword }",
    "\n".join(SOURCE[:40]),
    "größe 接続する",
    "socket timeout " * 900,  # longer than an encoder sees
]
QUESTIONS = ["how is a connection opened", "where are invoices stored and why", "the", "SqlMapper.QueryFirst"]


@pytest.fixture(scope="module")
def model():  # type: ignore[no-untyped-def]
    from sentence_transformers import SentenceTransformer

    from indexer.embed.static_module import StaticModule

    return SentenceTransformer(modules=[StaticModule()], device="cpu")


def test_texts_and_questions_have_the_vectors_of_the_index(model) -> None:  # type: ignore[no-untyped-def]
    ours = StaticEmbedder()
    np.testing.assert_allclose(model.encode(TEXTS), ours.encode(TEXTS), atol=2e-6)
    np.testing.assert_allclose(model.encode_document(TEXTS), ours.encode(TEXTS), atol=2e-6)
    np.testing.assert_allclose(model.encode_query(QUESTIONS), ours.encode(QUESTIONS, "query"), atol=2e-6)
    assert model.get_embedding_dimension() == ours.dimensions


def test_a_text_without_words_is_zero_here_too(model) -> None:  # type: ignore[no-untyped-def]
    assert not model.encode(["", "((( )))"]).any()


def test_a_saved_folder_opens_again_with_equal_vectors(model, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    from sentence_transformers import SentenceTransformer

    model.save_pretrained(str(tmp_path / "cairn"))
    again = SentenceTransformer(str(tmp_path / "cairn"), device="cpu", trust_remote_code=True)
    np.testing.assert_array_equal(again.encode(TEXTS), model.encode(TEXTS))
    np.testing.assert_array_equal(again.encode_query(QUESTIONS), model.encode_query(QUESTIONS))


def test_a_saved_folder_is_a_model_for_cairn_both_ways(model, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "cairn"
    model.save_pretrained(str(folder))
    packed = load_embedder(f"static:{folder}")
    np.testing.assert_array_equal(packed.encode(TEXTS), StaticEmbedder().encode(TEXTS))


def test_a_folder_is_not_imported_unasked(model, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    from sentence_transformers import SentenceTransformer

    model.save_pretrained(str(tmp_path / "cairn"))
    with pytest.raises(ValueError, match="trust_remote_code"):
        SentenceTransformer(str(tmp_path / "cairn"), device="cpu")
