from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from indexer.bags import count_all, together
from indexer.embed import ENCODED_BYTES
from indexer.embed.packed import ROWS, SCALES, WORDS, load
from indexer.embed.static import MODEL, StaticEmbedder
from indexer.errors import IndexDamaged
from indexer.words import as_bag, count, packed


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return Path(copytree(MODEL, tmp_path / "model"))


def test_vectors_have_length_one(embedder: StaticEmbedder) -> None:
    matrix = embedder.encode(["def open_socket(host): ...", "class Invoice {}", "retry"])
    assert matrix.shape == (3, embedder.dimensions)
    assert matrix.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(matrix, axis=1), 1, atol=1e-5)


def test_a_text_without_words_is_a_row_of_zeros_between_its_neighbours(
    embedder: StaticEmbedder,
) -> None:
    matrix = embedder.encode(["parse json", "", "((( )))", "parse json"])
    assert not matrix[1:3].any()
    np.testing.assert_array_equal(matrix[0], matrix[3])


def test_no_texts_make_an_empty_matrix(embedder: StaticEmbedder) -> None:
    assert embedder.encode([]).shape == (0, embedder.dimensions)
    assert embedder.encode([], "query").shape == (0, embedder.dimensions)


@pytest.mark.parametrize(
    ("question", "answer", "others"),
    [
        (
            "how is a password checked",
            "def verify_credentials(user, secret):\n    return same(hash_secret(secret), user.hash)",
            [
                "def draw_circle(x, y, radius): canvas.arc(x, y, radius)",
                "fn sort_list(v: &mut Vec<i32>) { v.sort() }",
            ],
        ),
        (
            "retry failed requests with backoff",
            "async function fetchAgain(url, attempts) { await sleep(2 ** attempts); return fetch(url) }",
            ["function renderTable(rows) { return rows.map(toCell) }", "const palette = ['red', 'green']"],
        ),
        (
            "remove expired entries from the cache",
            "func (c *Cache) evictStale() { for k, v := range c.items { if v.isOld() { c.delete(k) } } }",
            ["func parseFlags(args []string) (*Options, error) {}", "func (l *Logger) Debug(msg string) {}"],
        ),
    ],
)
def test_a_question_is_nearest_to_the_code_that_means_it(
    embedder: StaticEmbedder, question: str, answer: str, others: list[str]
) -> None:
    near = embedder.encode([question], "query") @ embedder.encode([answer, *others]).T
    assert near.argmax() == 0


def test_counted_words_give_the_vector_of_their_text(embedder: StaticEmbedder) -> None:
    texts = ["class HttpServer: def listen(self, port): self.port = port", "SELECT * FROM users"]
    np.testing.assert_array_equal(
        embedder.encode(texts), embedder.encode_bags(count_all([packed(text) for text in texts]))
    )


def test_the_vector_is_the_weighted_sum_that_the_docstring_says(embedder: StaticEmbedder) -> None:
    words = as_bag(count("socket socket socket timeout unheardofwordqqq"))
    known, rows, scales = (np.load(MODEL / name) for name in (WORDS, ROWS, SCALES))
    expected = np.zeros(embedder.dimensions)
    for word, n in zip(words.ids, words.counts, strict=True):
        places = np.flatnonzero(known == word).tolist() or [len(known) + word % (len(rows) - len(known))]
        expected += n ** (2 / 3) * scales[places[0]] * rows[places[0]]
    expected /= np.linalg.norm(expected)
    np.testing.assert_allclose(embedder.encode_bags(together([words]))[0], expected, atol=1e-5)


def test_every_word_stands_where_a_search_in_the_whole_vocabulary_finds_it() -> None:
    model = load(MODEL)
    edges = np.array([0, 1, 2**16 - 1, 2**16, 2**31, 2**32 - 2**16, 2**32 - 1], dtype=np.uint32)
    ids = np.concatenate([edges, model.words, model.words + np.uint32(1), model.words - np.uint32(1)])
    places = np.minimum(np.searchsorted(model.words, ids), len(model.words) - 1)
    np.testing.assert_array_equal(model.nearest(ids), places)


def test_a_word_the_model_has_never_seen_still_finds_its_like(embedder: StaticEmbedder) -> None:
    rare = embedder.encode(["frobnicatorxq"], "query")
    near = rare @ embedder.encode(["call frobnicatorxq(value)", "call wibblezapper(value)"]).T
    assert near[0, 0] > near[0, 1] + 0.2


def test_a_model_without_buckets_knows_only_its_words(model: Path) -> None:
    words, rows, scales = (np.load(model / name) for name in (WORDS, ROWS, SCALES))
    np.save(model / ROWS, rows[: len(words)])
    np.save(model / SCALES, scales[: len(words)])
    plain = StaticEmbedder(model)
    assert not plain.encode(["frobnicatorxq"]).any()
    np.testing.assert_array_equal(*plain.encode(["frobnicatorxq socket", "socket"]))


def test_many_texts_give_what_each_gives_alone(embedder: StaticEmbedder) -> None:
    source = Path(__file__).read_text().split("\n")
    texts = ["\n".join(source[i : i + 9]) for i in range(len(source))] + [" ".join(source) * 3, ""]
    together = embedder.encode(texts)
    alone = np.concatenate([embedder.encode([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-6)


def test_only_the_beginning_of_a_long_text_counts(embedder: StaticEmbedder) -> None:
    start = "socket timeout " * (ENCODED_BYTES // 15 + 1)
    np.testing.assert_array_equal(*embedder.encode([start + "invoice " * 999, start + "bézier " * 999]))


def test_a_cut_inside_a_character_is_no_error(embedder: StaticEmbedder) -> None:
    assert embedder.encode(["é" * ENCODED_BYTES + " word", "\ud800 lone " * 4000]).shape[0] == 2


def test_the_model_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in MODEL.iterdir()) < 16_000_000


@pytest.mark.parametrize("name", [WORDS, ROWS, SCALES])
@pytest.mark.parametrize("damage", ["cut", "empty", "missing", "text", "pickle"])
def test_a_damaged_file_is_named_with_what_to_do(model: Path, name: str, damage: str) -> None:
    path = model / name
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-1000])
    elif damage == "missing":
        path.unlink()
    elif damage == "pickle":
        np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    else:
        path.write_text("" if damage == "empty" else "version https://git-lfs.github.com/spec/v1\n" * 9)
    with pytest.raises(IndexDamaged, match=f"{name}.*install cairn-context again"):
        StaticEmbedder(model)


def test_files_of_two_models_are_not_mixed(model: Path) -> None:
    np.save(model / SCALES, np.load(model / SCALES)[:-1])
    with pytest.raises(IndexDamaged, match="not one static model"):
        StaticEmbedder(model)


def test_words_out_of_order_are_damage(model: Path) -> None:
    np.save(model / WORDS, np.load(model / WORDS)[::-1])
    with pytest.raises(IndexDamaged, match="not one static model"):
        StaticEmbedder(model)
