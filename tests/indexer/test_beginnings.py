"""What one look says may stand in a text: every group that does, and next to none that does not."""

import random
import string

import pytest

from indexer.beginnings import Beginnings

WORDS = [
    (["AKIA", "ASIA"], False),
    (["sk-"], False),
    (["://"], False),
    (["token"], True),
    (["rk_live_"], False),
]


@pytest.mark.parametrize("before", ["", "x", "xy", "日本", "\0"])
@pytest.mark.parametrize("after", ["", "x", "xy", "é", "\0"])
def test_a_string_is_seen_wherever_it_stands(before: str, after: str) -> None:
    beginnings = Beginnings(WORDS)
    for number, word in enumerate(["ASIA", "sk-", "://", "tOkEn", "rk_live_"]):
        assert beginnings.in_text(before + word + after) == [number]


@pytest.mark.parametrize(
    "text", ["", "s", "sk", "k-", "AK IA", "akia", "rk_", "toke", "pass", "s" * 9, "\ud800"]
)
def test_what_does_not_stand_there_is_not_looked_for(text: str) -> None:
    assert Beginnings(WORDS).in_text(text) == []


def test_no_string_is_missed_in_random_texts() -> None:
    chance = random.Random(1)
    beginnings = Beginnings(WORDS)
    for _ in range(300):
        text = "".join(chance.choices(string.ascii_letters + "_-:/é", k=40))
        words = chance.sample([word for group, _ in WORDS for word in group], 2)
        text = text[:7] + words[0] + text[7:30] + words[1] + text[30:]
        there = [n for n, (group, _) in enumerate(WORDS) if any(word in text for word in group)]
        assert set(there) <= set(beginnings.in_text(text))


def test_the_last_group_there_is_room_for_is_seen() -> None:
    groups = [([f"{number:02}-"], False) for number in range(64)]
    assert Beginnings(groups).in_text("a 63- b 07-") == [7, 63]
