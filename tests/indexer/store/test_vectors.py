"""What every engine of the vector store does alike."""

from __future__ import annotations

import math
import pickle
import uuid

import numpy as np
import pytest

from indexer.errors import BadInput
from indexer.store import Points, VectorQuery, Vectors, Where
from indexer.store.vectors import VectorOptions, collection_name, open_vectors

from .make import DIMENSIONS, make_many, make_points, point_id, words

TREE = {
    "src/pay/retry.py": (1, 2),
    "src/pay/client.py": (1, 3),
    "src/payroll.py": (1, 4),
    "docs/pay.md": (1, 5),
}


def test_the_nearest_vector_comes_first_with_its_cosine(vectors: Vectors) -> None:
    points = make_points("shop", TREE)
    vectors.upsert(points)
    asked = points.dense[2].astype(np.float32)
    found = vectors.search(VectorQuery(Where("shop"), 4, dense=asked)).by_meaning
    cosines = points.dense.astype(np.float32) @ asked
    best_first = sorted(zip(points.ids, cosines, strict=True), key=lambda pair: -pair[1])
    assert [id for id, _ in found] == [id for id, _ in best_first]
    assert [score for _, score in found] == pytest.approx([score for _, score in best_first], abs=1e-3)


def test_a_word_weighs_by_its_rarity_in_the_repository_asked(vectors: Vectors) -> None:
    vectors.upsert(make_points("shop", TREE))
    vectors.upsert(make_many("other", 40))  # these hold the words 1 to 4 too, and must not count
    found = dict(vectors.search(words("shop", 1, 2)).by_words)
    rare = math.log(1 + (4 - 1 + 0.5) / (1 + 0.5))
    common = math.log(1 + (4 - 4 + 0.5) / (4 + 0.5))
    assert found[point_id("shop", "src/pay/retry.py")] == pytest.approx(rare + common, rel=1e-5)
    assert found[point_id("shop", "docs/pay.md")] == pytest.approx(common, rel=1e-5)
    assert len(found) == 4


def test_a_deleted_point_counts_for_no_words_rarity(vectors: Vectors) -> None:
    vectors.upsert(make_points("shop", TREE))
    before = dict(vectors.search(words("shop", 1, 3)).by_words)
    extra = make_points("shop", {f"src/old{i}.py": (1, 2, 3) for i in range(20)})
    vectors.upsert(extra)
    assert dict(vectors.search(words("shop", 1, 3, limit=50)).by_words) != before
    vectors.delete(extra.ids)
    vectors.flush()
    assert dict(vectors.search(words("shop", 1, 3)).by_words) == pytest.approx(before)


def test_a_repository_that_was_not_always_alone_is_answered_as_if_it_were(vectors: Vectors) -> None:
    vectors.upsert(make_points("shop", TREE))
    everything = VectorQuery(Where("shop"), 9, np.full(DIMENSIONS, 8**-0.5, np.float32))
    alone = vectors.search(words("shop", 1, 3)).by_words, vectors.search(everything).by_meaning
    vectors.upsert(make_points("other", {"a.py": (1, 3)}))
    both = vectors.search(words("shop", 1, 3)).by_words, vectors.search(everything).by_meaning
    vectors.delete_repo("other")
    left = vectors.search(words("shop", 1, 3)).by_words, vectors.search(everything).by_meaning
    assert alone == both == left
    assert len(alone[1]) == len(TREE)


def test_answers_come_in_the_order_of_the_questions(vectors: Vectors) -> None:
    points = make_points("shop", TREE)
    vectors.upsert(points)
    nearest = VectorQuery(Where("shop"), 1, points.dense[1].astype(np.float32))
    with vectors.ask([words("shop", 5), nearest, words("shop", 2)]) as answers:
        found = [[*one.by_words, *one.by_meaning][0][0] for one in answers]
    assert found == [
        point_id("shop", path) for path in ("docs/pay.md", "src/pay/client.py", "src/pay/retry.py")
    ]
    assert len(vectors.search(words("shop", 1)).by_words) == len(TREE)


def test_one_query_answers_by_meaning_and_by_words(vectors: Vectors) -> None:
    points = make_points("shop", TREE)
    vectors.upsert(points)
    query = VectorQuery(
        Where("shop"), 2, points.dense[0].astype(np.float32), np.array([5], np.uint32), np.ones(1, np.float32)
    )
    found = vectors.search(query)
    assert found.by_meaning[0][0] == point_id("shop", "src/pay/retry.py")
    assert len(found.by_meaning) == 2
    assert [id for id, _ in found.by_words] == [point_id("shop", "docs/pay.md")]


def test_a_query_for_nothing_finds_nothing(vectors: Vectors) -> None:
    vectors.upsert(make_points("shop", TREE))
    found = vectors.search(VectorQuery(Where("shop"), 5))
    assert (list(found.by_meaning), list(found.by_words)) == ([], [])


def test_equal_scores_are_ordered_by_id(vectors: Vectors) -> None:
    vectors.upsert(make_points("shop", {f"{i}.py": (1,) for i in range(30)}))
    found = [id for id, _ in vectors.search(words("shop", 1, limit=30)).by_words]
    assert found == sorted(found)
    assert len(found) == 30


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"folders": ("src/pay/",)}, {"src/pay/retry.py", "src/pay/client.py"}),
        ({"paths": ("docs/pay.md",)}, {"docs/pay.md"}),
        ({"folders": ("src/pay/",), "paths": ("docs/pay.md", "no/such.py")},
         {"src/pay/retry.py", "src/pay/client.py", "docs/pay.md"}),
        ({"folders": ("src/", "docs/")}, set(TREE)),
        ({"languages": ("go",)}, {"main.go"}),
        ({"languages": ("go", "python"), "folders": ("src/pay/",)},
         {"src/pay/retry.py", "src/pay/client.py"}),
        ({"kinds": ("docs",)}, {"README.md"}),
        ({"kinds": ("docs", "code"), "languages": ("markdown",)}, {"README.md"}),
        ({"kinds": ("config",)}, set()),
        ({"folders": ("src/pay",), "kinds": ("code",)},
         {"src/pay/retry.py", "src/pay/client.py", "src/payroll.py"}),
    ],
)  # fmt: skip
def test_a_filter_lets_only_its_points_answer(
    vectors: Vectors, where: dict[str, tuple[str, ...]], expected: set[str]
) -> None:
    vectors.upsert(make_points("shop", TREE))
    vectors.upsert(make_points("shop", {"main.go": (1,)}, language="go"))
    vectors.upsert(make_points("shop", {"README.md": (1,)}, language="markdown", kind="docs"))
    vectors.upsert(make_points("other", TREE))
    by_words = {id for id, _ in vectors.search(words("shop", 1, **where)).by_words}
    nearest = VectorQuery(Where("shop", **where), 10, dense=np.full(DIMENSIONS, 8**-0.5, np.float32))
    by_meaning = {id for id, _ in vectors.search(nearest).by_meaning}
    assert by_words == by_meaning == {point_id("shop", path) for path in expected}


def test_a_filter_narrows_the_answers_but_not_the_words_rarity(vectors: Vectors) -> None:
    vectors.upsert(make_points("shop", TREE))
    everywhere = dict(vectors.search(words("shop", 1, 5)).by_words)
    in_docs = dict(vectors.search(words("shop", 1, 5, folders=("docs/",))).by_words)
    readme = point_id("shop", "docs/pay.md")
    assert in_docs == {readme: pytest.approx(everywhere[readme])}


def test_a_point_sent_again_is_replaced(vectors: Vectors) -> None:
    vectors.upsert(make_points("shop", TREE))
    vectors.upsert(make_points("shop", {"src/payroll.py": (77,)}, seed=5))
    assert vectors.count("shop") == 4
    assert [id for id, _ in vectors.search(words("shop", 77)).by_words] == [
        point_id("shop", "src/payroll.py")
    ]
    assert vectors.search(words("shop", 4)).by_words == []


def test_packed_points_are_points(vectors: Vectors) -> None:
    points = make_many("shop", 600)
    vectors.upsert_packed(pickle.dumps(points, 5))
    assert vectors.count("shop") == 600
    assert [id for id, _ in vectors.search(words("shop", 399)).by_words] == [points.ids[299]]


def test_dense_vectors_come_back_bit_for_bit(vectors: Vectors) -> None:
    points = make_many("shop", 300)
    vectors.upsert(points)
    unknown = point_id("shop", "nowhere.py")
    found = vectors.dense([*points.ids, unknown])
    assert set(found) == set(points.ids)
    assert all(found[id].dtype == np.float16 for id in points.ids)
    assert np.array_equal(np.stack([found[id] for id in points.ids]), points.dense)


def test_points_come_back_whole_with_their_words_in_order(vectors: Vectors) -> None:
    points = make_points("shop", {"a.py": (9, 2, 5), "b.py": (1,)})
    vectors.upsert(points)
    a, b = points.ids

    found = vectors.stored([b, a, str(uuid.uuid4())])

    assert set(found) == {a, b}
    assert found[a].dense.tobytes() == points.dense[0].tobytes()
    assert (found[a].indices.tolist(), found[a].values.tolist()) == ([2, 5, 9], [1.0, 1.0, 1.0])
    assert dict(found[b].payload) == points.payloads[1]
    assert found[b].indices.tolist() == [1]


def test_ids_and_count_are_those_of_the_repository(vectors: Vectors) -> None:
    many = make_many("shop", 1100)  # more than one page in every engine
    vectors.upsert(many)
    vectors.upsert(make_points("other", TREE))
    listed = list(vectors.ids("shop"))
    assert sorted(listed) == sorted(many.ids)
    assert (vectors.count("shop"), vectors.count("other"), vectors.count("none")) == (1100, 4, 0)


def test_deleted_points_answer_no_more_and_deleting_twice_is_harmless(vectors: Vectors) -> None:
    points = make_points("shop", TREE)
    vectors.upsert(points)
    vectors.delete(points.ids[:2])
    vectors.delete(points.ids[:2])
    vectors.flush()
    assert set(vectors.ids("shop")) == set(points.ids[2:])
    assert {id for id, _ in vectors.search(words("shop", 1)).by_words} == set(points.ids[2:])


def test_a_deleted_repository_leaves_the_others(vectors: Vectors) -> None:
    vectors.upsert(make_points("shop", TREE))
    vectors.upsert(make_points("other", TREE))
    vectors.delete_repo("shop")
    assert (vectors.count("shop"), vectors.count("other")) == (0, 4)


def test_a_dropped_collection_holds_nothing_and_takes_points_again(vectors: Vectors) -> None:
    vectors.upsert(make_points("shop", TREE))
    vectors.flush()
    vectors.drop(["shop"])
    assert vectors.count("shop") == 0
    vectors.upsert(make_points("shop", TREE))
    vectors.flush()
    assert vectors.count("shop") == len(TREE)


def test_no_points_are_no_trouble(vectors: Vectors) -> None:
    vectors.upsert(make_points("shop", {}))
    vectors.delete([])
    assert vectors.dense([]) == {}
    assert vectors.count("shop") == 0


def _broken(**changes: object) -> Points:
    points = make_points("shop", TREE)
    fields = {name: getattr(points, name) for name in Points.__slots__}
    return Points(**{**fields, **changes})


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (_broken(dense=np.zeros((4, DIMENSIONS + 1), np.float16)), "another model"),
        (_broken(dense=np.full((4, DIMENSIONS), np.nan, np.float16)), "NaN"),
        (_broken(ids=["a", "b", "c", "d"]), "UUID"),
        (_broken(payloads=[]), "payloads"),
        (_broken(indices=np.zeros(3, np.uint32)), "offsets"),
        (_broken(indices=np.array([1, 1, 1, 3, 1, 4, 1, 5], np.uint32)), "twice"),
        (_broken(values=np.full(8, np.inf, np.float32)), "infinity"),
    ],
)
def test_a_batch_with_one_bad_point_is_refused_whole(vectors: Vectors, broken: Points, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        vectors.upsert(broken)
    assert vectors.count("shop") == 0


def test_a_query_of_another_model_is_refused(vectors: Vectors) -> None:
    with pytest.raises(BadInput, match="another model"):
        vectors.search(VectorQuery(Where("shop"), 5, dense=np.zeros(DIMENSIONS + 1, np.float32)))


def test_a_fingerprint_makes_a_name_for_both_engines() -> None:
    name = collection_name("org/Model v2 (256)|chunker:3")
    assert name.startswith("cairn-org-model-v2-256-chunker-3-")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert name != collection_name("org/Model v2 (256)|chunker:4")
    assert len(collection_name("x" * 500)) < 64


def test_the_engine_is_a_setting(tmp_path, contract) -> None:  # type: ignore[no-untyped-def]
    here = open_vectors(VectorOptions(tmp_path), "model", 8)
    there = open_vectors(VectorOptions(tmp_path, url="http://qdrant:6333"), "model", 8)
    assert (type(here).__name__, type(there).__name__) == ("KeeperVectors", "ServerVectors")
    assert not list(tmp_path.iterdir()), "opening started something before anything was asked"
    there.close()
