from pathlib import Path
from zlib import crc32

import numpy as np
import pytest

from indexer.bags import Bags, count_all, document_weights, together, without
from indexer.words import Bag, as_bag, count, packed, terms

SOURCE = Path(__file__).read_text()
TEXTS = [
    "def getUserName(self): return self.user_name",
    "",
    "---",
    "naïveParser 重试支付请求",
    "\ud800 lone",
    SOURCE,
]


def bag_of(bags: Bags, i: int) -> dict[int, float]:
    own = slice(bags.offsets[i], bags.offsets[i + 1])
    return dict(zip(bags.ids[own].tolist(), bags.counts[own].tolist(), strict=True))


def crc(word: str) -> int:
    return crc32(word.encode())


def test_texts_counted_together_have_the_words_that_each_has_alone() -> None:
    bags = count_all([packed(text) for text in TEXTS])
    assert len(bags) == len(TEXTS)
    assert [bag_of(bags, i) for i in range(len(bags))] == [dict(count(text)) for text in TEXTS]


def test_the_words_of_a_text_ascend_so_that_a_store_need_not_look_for_one_said_twice() -> None:
    bags = count_all([packed(SOURCE)])
    assert (bags.ids[1:] > bags.ids[:-1]).all()


def test_no_texts_have_no_words() -> None:
    for none in (count_all([]), together([])):
        assert len(none) == len(none.ids) == len(document_weights(none)) == 0


def test_a_word_is_packed_as_the_crc32_of_its_term() -> None:
    said = [
        "getUserName",
        "HTTPServer2",
        "__init__",
        "a",
        "x1234567",
        "q" * 65,
        "Zugriffsschlüssel",
        "重试支付请求",
    ]
    for identifier in said:
        ids = np.frombuffer(packed(identifier), np.uint32).tolist()
        assert ids == [crc32(term.encode("utf-8", "replace")) for term in terms(identifier)], identifier


def test_what_is_said_three_times_counts_three_times() -> None:
    (times,) = bag_of(count_all([packed("pay") + 2 * packed("pay")]), 0).values()
    assert times == 3


def test_a_text_loses_the_words_of_its_path_and_keeps_those_it_says_itself() -> None:
    text, path = packed("retry retry payment"), packed("src/retry.py")
    left = without(count_all([packed("other"), text + path]), count_all([packed(""), path]))
    assert bag_of(left, 1) == {
        crc("retri"): 2, crc("payment"): 1, crc("src"): 0, crc("py"): 0,
    }  # fmt: skip
    assert list(bag_of(left, 0).values()) == [1]


def test_the_weight_of_a_word_depends_on_no_other_text() -> None:
    together_ = count_all([packed(text) for text in TEXTS])
    weights = document_weights(together_)
    for i, text in enumerate(TEXTS):
        alone = document_weights(count_all([packed(text)]))
        np.testing.assert_array_equal(weights[together_.offsets[i] : together_.offsets[i + 1]], alone)


@pytest.mark.parametrize("n", [1, 3])
def test_the_weight_is_the_formula_of_bm25(n: int) -> None:
    bag = Bag(np.array([1, 2], np.uint32), np.array([n, 180 - n], np.float32))  # of average length
    assert document_weights(together([bag]))[0] == pytest.approx(n * 2.2 / (n + 1.2))


def test_bags_of_single_texts_lie_side_by_side() -> None:
    bags = together([as_bag(count(text)) for text in TEXTS])
    assert [bag_of(bags, i) for i in range(len(bags))] == [dict(count(text)) for text in TEXTS]
