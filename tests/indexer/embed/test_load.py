import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from indexer.embed.hashed import HashedEmbedder
from indexer.embed.load import EmbedderOptions, load_embedder
from indexer.embed.packed import pack
from indexer.embed.static import MODEL, StaticEmbedder
from indexer.errors import BadInput, IndexDamaged


def test_the_default_is_the_shipped_model() -> None:
    embedder = load_embedder()
    assert isinstance(embedder, StaticEmbedder)
    assert embedder.fingerprint.startswith("cairn-static-")


def test_a_model_packed_elsewhere_is_named_by_its_folder() -> None:
    assert load_embedder(f"static:{MODEL}").dimensions == load_embedder("static").dimensions


def test_a_model_packed_elsewhere_shares_no_index_with_another(tmp_path: Path) -> None:
    shipped = load_embedder(f"static:{MODEL}").fingerprint
    assert shipped == load_embedder("static").fingerprint
    words = np.array([1, 2], dtype=np.uint32)
    for name, number in (("one", 1.0), ("same", 1.0), ("other", 2.0)):
        vectors = np.eye(3, 256, dtype=np.float32)
        vectors[0, 1] = number
        pack(words, vectors, tmp_path / name)
    one, same, other = (
        load_embedder(f"static:{tmp_path / name}").fingerprint for name in ("one", "same", "other")
    )
    assert one == same
    assert len({shipped, one, other}) == 3


def test_a_folder_without_a_model_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match=str(tmp_path)):
        load_embedder(f"static:{tmp_path}")


def test_the_hashed_embedder_can_be_asked_for() -> None:
    assert isinstance(load_embedder("hashed"), HashedEmbedder)


@pytest.mark.parametrize(
    "spec", ["", "word2vec", "openai", "openai:", "sentence-transformers", "STATIC", ":static"]
)
def test_an_unknown_name_is_answered_with_the_known_ones(spec: str) -> None:
    with pytest.raises(
        BadInput, match="static, hashed, sentence-transformers:<name or path>, openai:<model>"
    ):
        load_embedder(spec)


def test_an_endpoint_gets_its_address_and_key_from_the_options() -> None:
    options = EmbedderOptions(base_url="http://127.0.0.1:9/v1", api_key="k", dimensions=32)
    embedder = load_embedder("openai:some-model", options)
    assert embedder.dimensions == 32
    assert "some-model" in embedder.fingerprint


def test_the_default_needs_neither_torch_nor_the_openai_client() -> None:
    code = (
        "import sys; from indexer.embed.load import load_embedder; load_embedder().encode(['a text']); "
        "sys.exit(any(name in sys.modules for name in ('torch', 'sentence_transformers', 'openai')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
