import pytest

from indexer.bags import document_weights, together
from indexer.words import as_bag, count, parts, query_bag, stem, stems, terms


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("getUserName", ["get", "user", "name"]),
        ("HTTPServer", ["http", "server"]),
        ("retry_with_backoff", ["retry", "with", "backoff"]),
        ("__init__", ["init"]),
        ("sha256", ["sha", "256"]),
        ("XMLHttpRequest2", ["xml", "http", "request", "2"]),
        ("naïveParser", ["na", "ï", "ve", "parser"]),
    ],
)
def test_identifiers_split_where_a_reader_would(identifier: str, expected: list[str]) -> None:
    assert parts(identifier) == expected


@pytest.mark.parametrize(
    "family",
    [
        ("retry", "retries", "retried", "retrying"),
        ("parse", "parser", "parsing", "parsed", "parses"),
        ("cache", "caching", "cached", "caches"),
        ("validate", "validation", "validating", "validates"),
        ("serialize", "serialization", "serializer"),
        ("request", "requests", "requested"),
        ("map", "mapping", "mapped", "mapper"),
    ],
)
def test_forms_of_one_word_meet(family: tuple[str, ...]) -> None:
    assert len({stem(word) for word in family}) == 1


@pytest.mark.parametrize("pair", [("class", "clas"), ("status", "state"), ("this", "the"), ("bus", "bu")])
def test_different_words_stay_apart(pair: tuple[str, str]) -> None:
    assert stem(pair[0]) != stem(pair[1])


def test_a_compound_is_found_by_its_parts_and_as_a_whole() -> None:
    assert terms("getUserName") == ("get", "user", "nam", "getusername")
    assert terms("retry") == ("retri",)


def test_a_query_loses_its_question_words_but_never_all_words() -> None:
    assert set(query_bag("where do we retry payments").ids) == set(query_bag("retry payments").ids)
    assert len(query_bag("who is it").ids) == 3


def test_repeating_a_word_counts_less_and_less() -> None:
    once, twice, often = (
        float(document_weights(together([as_bag(count(("retry " * n + "pay " * (20 - n)).strip()))]))[0])
        for n in (1, 2, 10)
    )
    assert once < twice < often < 10 * once


def test_words_of_a_script_without_spaces_are_found_by_their_pairs() -> None:
    assert "支付" in terms("重试支付请求")


def test_stems_keep_the_order_of_the_text() -> None:
    assert stems("Payment retries", question=True) == ["payment", "retri"]
