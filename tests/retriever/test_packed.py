"""Stems as numbers say the same as stems."""

from indexer.words import stems
from retriever.packed import BYTES, pack, pack_name, pack_text, said_by_each, sizes_of

TEXTS = (
    "def retry_payment(self, client: HTTPClient, retries=3)",
    "retry retries retrying",  # one stem, said three times
    "",
    "x = _ + 1",
    "Straße für Überweisungen, 支払い",
)


def test_each_text_counts_the_asked_stems_it_says_once() -> None:
    asked = list(
        dict.fromkeys(stems("how are payments of an HTTP client retried für Überweisungen", question=True))
    )
    packed = [pack_text(text) for text in TEXTS]
    counted = said_by_each(pack(asked), packed, sizes_of(packed)).tolist()
    assert counted == [len(set(asked) & set(stems(text))) for text in TEXTS]
    assert counted[:4] == [4, 1, 0, 0]
    assert counted[4] > 0


def test_who_asks_for_nothing_is_told_nothing() -> None:
    packed = [pack_text(text) for text in TEXTS]
    assert said_by_each(b"", packed, sizes_of(packed)).tolist() == [0] * len(TEXTS)
    assert said_by_each(pack(["retri"]), [], sizes_of([])).tolist() == []


def test_a_name_has_each_of_its_stems_once() -> None:
    assert len(pack_name("test_tests_of_testing")) == 2 * BYTES  # test, of
    assert pack_name("_") == b""
