"""The estimate of tokens never falls below what real tokenizers make of a text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retriever.tokens import count_tokens

GOLDEN = Path(__file__).parent / "golden"
REAL: dict[str, dict[str, int]] = json.loads((GOLDEN / "tokens.json").read_text())


@pytest.mark.parametrize("sample", sorted(REAL))
def test_no_real_tokenizer_makes_more_of_a_sample(sample: str) -> None:
    text = (GOLDEN / "tokens" / sample).read_text()
    assert count_tokens(text) >= max(REAL[sample].values())


@pytest.mark.parametrize("sample", ["client.ts.txt", "ledger.py.txt", "prose.md.txt", "retry.go.txt"])
def test_code_and_prose_are_not_counted_far_too_high(sample: str) -> None:
    text = (GOLDEN / "tokens" / sample).read_text()
    assert count_tokens(text) <= 1.6 * min(REAL[sample].values())


def test_nothing_costs_nothing_and_more_text_costs_more() -> None:
    assert count_tokens("") == 0
    assert count_tokens("retry()\n" * 10) > count_tokens("retry()\n" * 9)


def test_rulers_digests_and_emoji_are_counted() -> None:
    assert count_tokens("=" * 80) >= 10
    assert count_tokens("9f86d081884c7d659a2feaa0c55ad015") >= 20
    assert count_tokens("🚀🚀") >= 2
