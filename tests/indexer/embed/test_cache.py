import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from indexer.embed.cache import CachedEmbedder
from indexer.embed.hashed import HashedEmbedder
from indexer.embed.openai import OpenAIEmbedder
from indexer.errors import EmbeddingFailed, IndexDamaged

from .endpoint import Endpoint, serving

TEXTS = [f"def number_{i}(): return socket_{i % 7}" for i in range(40)]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving(Endpoint()) as running:
        yield running


@pytest.fixture
def embedder(endpoint: Endpoint) -> OpenAIEmbedder:
    found = OpenAIEmbedder("small", endpoint.url, retries=0)
    endpoint.asked.clear()
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "vectors.sqlite"


def asked_for(endpoint: Endpoint) -> list[str]:
    return [text for body in endpoint.asked for text in body["input"]]


def test_a_text_is_encoded_once(embedder: OpenAIEmbedder, endpoint: Endpoint, path: Path) -> None:
    first = CachedEmbedder(embedder, path).encode(TEXTS)
    again = CachedEmbedder(embedder, path).encode(TEXTS)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_allclose(first, HashedEmbedder(16).encode(TEXTS), atol=1e-3)
    assert asked_for(endpoint) == TEXTS


def test_only_new_texts_are_encoded_and_each_stands_in_its_place(
    embedder: OpenAIEmbedder, endpoint: Endpoint, path: Path
) -> None:
    cached = CachedEmbedder(embedder, path)
    cached.encode(TEXTS[:3])
    endpoint.asked.clear()
    matrix = cached.encode(["new one", TEXTS[2], "new two", TEXTS[0], "new one"])
    expected = HashedEmbedder(16).encode(["new one", TEXTS[2], "new two", TEXTS[0], "new one"])
    np.testing.assert_allclose(matrix, expected, atol=1e-3)
    assert asked_for(endpoint) == ["new one", "new two"]


def test_a_text_that_differs_in_a_space_is_another_text(
    embedder: OpenAIEmbedder, endpoint: Endpoint, path: Path
) -> None:
    cached = CachedEmbedder(embedder, path)
    cached.encode(["price = 12", "price =  12", "price = 12\n"])
    assert asked_for(endpoint) == ["price = 12", "price =  12", "price = 12\n"]


def test_more_texts_than_sqlite_takes_parameters(path: Path) -> None:
    texts = [f"word_{i}" for i in range(1200)]
    cached = CachedEmbedder(HashedEmbedder(), path)
    np.testing.assert_array_equal(cached.encode(texts), cached.encode(texts))


def test_questions_are_not_kept(embedder: OpenAIEmbedder, endpoint: Endpoint, path: Path) -> None:
    cached = CachedEmbedder(embedder, path)
    for _ in range(2):
        np.testing.assert_array_equal(cached.encode(["a word"], "query"), embedder.encode(["a word"]))
    assert not path.exists()


def test_models_do_not_see_each_others_vectors(path: Path) -> None:
    wide, narrow = (CachedEmbedder(HashedEmbedder(n), path) for n in (64, 32))
    assert wide.encode(["a word"]).shape == (1, 64)
    assert narrow.encode(["a word"]).shape == (1, 32)
    assert (wide.fingerprint, narrow.fingerprint) == ("hashed-64", "hashed-32")


def test_what_a_failed_batch_did_not_bring_is_asked_for_again(
    embedder: OpenAIEmbedder, endpoint: Endpoint, path: Path
) -> None:
    cached = CachedEmbedder(embedder, path)
    endpoint.troubles = [(500, {}, "{}")]
    with pytest.raises(EmbeddingFailed, match="answers 500"):
        cached.encode(TEXTS)
    endpoint.asked.clear()
    assert cached.encode(TEXTS).any(axis=1).all()
    assert asked_for(endpoint) == TEXTS


def test_several_processes_share_one_file(path: Path) -> None:
    code = dedent("""
        import sys
        from pathlib import Path
        from indexer.embed.cache import CachedEmbedder
        from indexer.embed.hashed import HashedEmbedder
        cached = CachedEmbedder(HashedEmbedder(), Path(sys.argv[1]))
        for i in range(60):
            assert cached.encode([f"word_{i}", f"word_{i + 1}", f"own_{sys.argv[2]}_{i}"]).any(axis=1).all()
    """)
    running = [subprocess.Popen([sys.executable, "-c", code, path, str(n)]) for n in range(4)]
    assert [process.wait() for process in running] == [0] * 4
    with sqlite3.connect(path) as connection:
        assert connection.execute("select count(*) from vectors").fetchone() == (61 + 4 * 60,)
    connection.close()


def test_a_vector_of_the_wrong_size_is_computed_again(path: Path) -> None:
    cached = CachedEmbedder(HashedEmbedder(), path)
    right = cached.encode(["a word"])
    with sqlite3.connect(path) as connection:
        connection.execute("update vectors set vector = x'0000'")
    connection.close()
    np.testing.assert_array_equal(cached.encode(["a word"]), right)


def test_a_damaged_file_is_named_with_what_to_do(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database, " * 1000)
    with pytest.raises(IndexDamaged, match=f"{path} is damaged .*; delete it"):
        CachedEmbedder(HashedEmbedder(), path).encode(["a word"])
