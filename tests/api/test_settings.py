"""Environment variables become settings, or a sentence that names the variable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.settings import VARIABLES, Settings
from indexer.errors import BadInput

ROOT = Path(__file__).parents[2]


def test_without_any_variable_everything_has_a_default() -> None:
    settings = Settings.load({"HOME": "/home/me"})

    assert settings.data == Path("~/.local/share/cairn").expanduser()
    assert (settings.host, settings.port, settings.embedder) == ("127.0.0.1", None, None)


def test_the_xdg_data_home_counts_when_it_is_absolute() -> None:
    assert Settings.load({"XDG_DATA_HOME": "/srv/data"}).data == Path("/srv/data/cairn")
    assert Settings.load({"XDG_DATA_HOME": "data"}).data == Path("~/.local/share/cairn").expanduser()


def test_the_option_wins_over_the_variable() -> None:
    assert Settings.load({"CAIRN_DATA": "/a"}, Path("/b")).data == Path("/b")


def test_an_empty_variable_counts_as_unset() -> None:
    assert Settings.load({"CAIRN_PORT": "", "CAIRN_EMBEDDER": " "}) == Settings.load({})


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("CAIRN_PORT", "eighty", "whole number"),
        ("CAIRN_PORT", "65536", "0 .any free one. to 65535"),
        ("CAIRN_MAX_FILE_BYTES", "-1", "whole number"),
        ("CAIRN_RERANK", "colbert:x", "say one of cross-encoder"),
        ("CAIRN_RERANK_CANDIDATES", "1", "from 2 to 200"),
        ("CAIRN_QDRANT_TEXT", "some", "1 or 0"),
        ("CAIRN_QDRANT_URL", "qdrant:6333", "http://"),
        ("CAIRN_ROOTS", "repos", "absolute"),
        ("CAIRN_TOKENIZER", "gpt-4", "tokenizer.json"),
        ("CAIRN_KEEP", "too big", "too large"),
        ("CAIRN_SANDBOX", "none", "one of auto, bwrap"),
        ("CAIRN_SANDBOX_IMAGE", "--privileged", "dash"),
        ("CAIRN_SANDBOX_RUNTIME", "runc --debug", "one name"),
        ("CAIRN_MODEL_TOOLS", "xml", "auto, native, text"),
        ("CAIRN_MODEL_STREAM", "maybe", "1 or 0"),
        ("CAIRN_MODEL_OUTPUT_TOKENS", "0", "above 0"),
        ("CAIRN_MODEL_TEMPERATURE", "2.1", "from 0 to 2"),
        ("CAIRN_MODEL_TEMPERATURE", "nan", "from 0 to 2"),
        ("CAIRN_MODEL_PRICES", "2.5", "2.5,10"),
        ("CAIRN_MODEL_PRICES", "nan,1", "2.5,10"),
        ("CAIRN_PYTHON", "python3", "absolute"),
        ("CAIRN_TOOLCHAINS", "jdk", "absolute"),
        ("CAIRN_FORGE", "gitlab", "local, github"),
        ("CAIRN_GITHUB_API", "api.github.com", "http"),
        ("CAIRN_GITHUB_REPO", "https://github.com/a/b", "owner/name"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(variable: str, value: str, says: str) -> None:
    with pytest.raises(BadInput, match=f"{variable}.*{says}"):
        Settings.load({variable: value})


def test_a_refused_key_is_not_repeated() -> None:
    with pytest.raises(BadInput) as raised:
        Settings.load({"CAIRN_API_KEY": "geheim-ä"})

    assert "CAIRN_API_KEY" in str(raised.value)
    assert "geheim" not in str(raised.value)


def test_keys_are_in_no_representation() -> None:
    settings = Settings.load({name: "secret-1" for name in VARIABLES if name.endswith(("_KEY", "_TOKEN"))})

    assert settings.api_key == settings.qdrant_api_key == settings.openai_api_key == "secret-1"
    assert settings.github_token == "secret-1"
    assert "secret-1" not in repr(settings) + repr(settings.shown())
    assert settings.shown()["api_key"] == "set"


def test_every_variable_has_a_paragraph() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()

    undocumented = [name for name in VARIABLES if not re.search(rf"^### `{name}`\n\n\w", page, re.MULTILINE)]
    assert not undocumented


def test_no_paragraph_is_about_a_variable_that_is_gone() -> None:
    page = (ROOT / "docs" / "settings.md").read_text()

    assert set(re.findall(r"^### `(\w+)`", page, re.MULTILINE)) == set(VARIABLES)
