from collections.abc import Iterator
from threading import Event
from typing import Any

import numpy as np
import pytest

from indexer.embed.hashed import HashedEmbedder
from indexer.embed.openai import OpenAIEmbedder
from indexer.errors import EmbeddingFailed

from .endpoint import Endpoint, serving

TEXTS = [f"def number_{i}(): return socket_{i % 7}" for i in range(150)]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving(Endpoint()) as running:
        yield running


def embedder_at(endpoint: Endpoint, **options: Any) -> OpenAIEmbedder:
    embedder = OpenAIEmbedder("small", endpoint.url, **options)
    endpoint.asked.clear()
    return embedder


def test_vectors_come_back_in_order_and_with_length_one(endpoint: Endpoint) -> None:
    matrix = embedder_at(endpoint).encode(TEXTS)
    np.testing.assert_allclose(matrix, HashedEmbedder(16).encode(TEXTS), atol=1e-6)
    assert matrix.dtype == np.float32


def test_the_dimensions_are_learnt_and_belong_to_the_fingerprint(endpoint: Endpoint) -> None:
    endpoint.dimensions = 48
    embedder = embedder_at(endpoint)
    assert (embedder.dimensions, embedder.fingerprint) == (48, "openai-small-48")


def test_wanted_dimensions_are_asked_for(endpoint: Endpoint) -> None:
    embedder = embedder_at(endpoint, dimensions=8)
    assert embedder.encode(["a word"]).shape == (1, 8)
    assert endpoint.asked[0]["dimensions"] == 8


def test_vectors_shuffled_by_the_server_are_put_in_order(endpoint: Endpoint) -> None:
    endpoint.spoil = lambda items: items[::-1]
    np.testing.assert_allclose(
        embedder_at(endpoint).encode(TEXTS[:9]), HashedEmbedder(16).encode(TEXTS[:9]), atol=1e-6
    )


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_batch_that_is_refused_is_split(endpoint: Endpoint, status: int) -> None:
    endpoint.most_texts, endpoint.too_many = 32, status
    matrix = embedder_at(endpoint).encode(TEXTS)
    np.testing.assert_allclose(matrix, HashedEmbedder(16).encode(TEXTS), atol=1e-6)
    assert endpoint.sizes == [64, 32, 32, 64, 32, 32, 22]


def test_one_text_too_long_is_shortened_and_its_neighbours_are_not(endpoint: Endpoint) -> None:
    endpoint.most_words = 100
    long = "word " * 150 + "unseen " * 150
    matrix = embedder_at(endpoint).encode(["first one", long, "third one"])
    expected = HashedEmbedder(16).encode(["first one", "word " * 75, "third one"])
    np.testing.assert_allclose(matrix, expected, atol=0.2)
    np.testing.assert_allclose(matrix[[0, 2]], expected[[0, 2]], atol=1e-6)


def test_blank_texts_are_not_sent_and_get_a_row_of_zeros(endpoint: Endpoint) -> None:
    matrix = embedder_at(endpoint).encode(["", "a word", " \n"])
    assert matrix.any(axis=1).tolist() == [False, True, False]
    assert endpoint.asked[0]["input"] == ["a word"]


def test_no_texts_ask_nothing(endpoint: Endpoint) -> None:
    assert embedder_at(endpoint).encode([]).shape == (0, 16)
    assert endpoint.asked == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_failure_is_tried_again(endpoint: Endpoint, status: int) -> None:
    embedder = embedder_at(endpoint)
    endpoint.troubles = [(status, {"Retry-After-Ms": "5"}, "{}")] * 2
    assert embedder.encode(["a word"]).any()
    assert len(endpoint.asked) == 3


def test_retry_after_in_seconds_is_obeyed(endpoint: Endpoint) -> None:
    embedder = embedder_at(endpoint)
    endpoint.troubles = [(429, {"Retry-After": "1"}, "{}")]
    assert embedder.encode(["a word"]).any()
    assert len(endpoint.asked) == 2


def test_trying_again_has_an_end(endpoint: Endpoint) -> None:
    embedder = embedder_at(endpoint, retries=2)
    endpoint.troubles = [(429, {"Retry-After-Ms": "1"}, '{"error": {"message": "quota"}}')] * 9
    with pytest.raises(EmbeddingFailed, match=r"answers 429.*quota.*check its address, key and model"):
        embedder.encode(["a word"])
    assert len(endpoint.asked) == 3


def test_a_wrong_key_is_not_tried_again(endpoint: Endpoint) -> None:
    endpoint.key = "right"
    with pytest.raises(EmbeddingFailed, match=r"answers 401.*Incorrect API key"):
        OpenAIEmbedder("small", endpoint.url, "wrong")
    assert len(endpoint.asked) == 1
    assert OpenAIEmbedder("small", endpoint.url, "right").dimensions == 16


def test_a_refusal_that_splitting_cannot_cure_ends(endpoint: Endpoint) -> None:
    embedder = embedder_at(endpoint)
    endpoint.troubles = [(400, {}, '{"error": {"message": "unknown model"}}')] * 50
    with pytest.raises(EmbeddingFailed, match=r"refuses even a short text.*unknown model"):
        embedder.encode(TEXTS[:64])
    assert endpoint.sizes == [64, 32, 16, 8, 4, 2, 1]


@pytest.mark.parametrize(
    ("spoil", "story"),
    [
        (lambda items: items[:-1], "gives 2 vectors for 3 texts"),
        (lambda items: [*items, items[0]], "gives 4 vectors for 3 texts"),
        (lambda items: [items[0]] * 3, "gives 3 vectors for 3 texts"),
        (lambda items: [i | {"embedding": i["embedding"][:7]} for i in items], "gives 7 dimensions, not 16"),
        (lambda items: [i | {"embedding": [float("nan")] * 16} for i in items], "not numbers, or zero"),
        (lambda items: [i | {"embedding": [0.0] * 16} for i in items], "not numbers, or zero"),
        (lambda items: [items[0], items[1] | {"embedding": [1.0]}, items[2]], "no list of vectors"),
        (lambda items: [i | {"embedding": None} for i in items], "no list of vectors|dimensions"),
        (lambda items: [i | {"embedding": "abc"} for i in items], "no list of vectors|dimensions"),
        (lambda items: [], "no list of vectors|gives 0 vectors"),
        (lambda items: None, "no list of vectors"),
        (lambda items: 7, "no list of vectors"),
    ],
)
def test_an_answer_that_makes_no_sense_is_refused(endpoint: Endpoint, spoil: Any, story: str) -> None:
    embedder = embedder_at(endpoint)
    endpoint.spoil = spoil
    with pytest.raises(EmbeddingFailed, match=story):
        embedder.encode(TEXTS[:3])


@pytest.mark.parametrize(
    "trouble",
    [
        (200, {}, '{"data": [{"index": 0, "embed'),
        (200, {}, "[]"),
        (200, {"Content-Type": "text/html"}, "<html>a proxy's greeting</html>"),
        (200, {}, "null"),
    ],
)
def test_an_answer_that_is_no_embedding_is_refused(endpoint: Endpoint, trouble: Any) -> None:
    embedder = embedder_at(endpoint)
    endpoint.troubles = [trouble]
    with pytest.raises(EmbeddingFailed, match="no list of vectors"):
        embedder.encode(["a word"])


def test_an_endpoint_that_is_not_there_is_named() -> None:
    with serving(Endpoint()) as gone:
        url = gone.url
    with pytest.raises(EmbeddingFailed, match=f"{url} cannot be reached"):
        OpenAIEmbedder("small", url, retries=0)


def test_an_endpoint_that_hangs_is_left(endpoint: Endpoint) -> None:
    embedder = embedder_at(endpoint, seconds=0.05, retries=0)
    answer, left = endpoint.answer, Event()

    def dawdle(*request: Any) -> Any:
        left.wait(10)
        return answer(*request)

    endpoint.answer = dawdle  # type: ignore[method-assign]
    with pytest.raises(EmbeddingFailed, match="does not answer in time"):
        embedder.encode(["a word"])
    left.set()
