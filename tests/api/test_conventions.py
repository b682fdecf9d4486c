"""`cairn conventions` and `GET .../conventions`: the same answer, for people and for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import schemas
from api.service import Service

from .make import Cairn, write_tree

ITEM = "from dataclasses import dataclass\n\n\n@dataclass(frozen=True)\nclass Item{}:\n    x: int\n"
FROZEN = "python/dataclass.frozen=yes"
FILES = {f"shop/item{n:02}.py": ITEM.format(n) for n in range(12)} | {
    "CONTRIBUTING.md": "# Style\n\n- Data classes should be frozen.\n- Never log a card's number.\n",
    "pyproject.toml": '[tool.ruff.lint]\nselect = ["N"]\n',
}


@pytest.fixture
def items(cairn: Cairn, tmp_path: Path) -> Path:
    root = write_tree(tmp_path / "items", FILES)
    assert cairn("index", root).code == 0
    return root


def test_a_rule_is_read_quickly_with_what_is_written_and_an_example(cairn: Cairn, items: Path) -> None:
    out = cairn("conventions", "--repo", "items").out
    assert (
        "Structure\n"
        "  Data classes are frozen.  12 of 12, python\n"
        "     written in CONTRIBUTING.md:3\n"
        "     as in shop/item00.py:4, shop/item01.py:4\n"
    ) in out
    assert "Written, not counted\n  Style: “Never log a card's number.”  CONTRIBUTING.md:4\n" in out


def test_families_languages_and_paths_narrow_the_list(cairn: Cairn, items: Path) -> None:
    def keys(*options: str) -> list[str]:
        said = cairn("conventions", "--repo", "items", *options, "--json").json
        return [rule["key"] for rule in said["conventions"]]

    assert FROZEN in keys("--family", "structure", "--language", "py", "--path", "shop/new.py")
    assert FROZEN not in keys("--family", "naming")
    assert keys("--language", "rust") == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--family", "style"), "there is no family 'style'; it is one of naming, errors"),
        (("--language", "klingon"), "there is no language 'klingon'; here there are git, python"),
    ],
)
def test_what_does_not_exist_is_refused(
    cairn: Cairn, items: Path, options: tuple[str, ...], said: str
) -> None:
    answer = cairn("conventions", "--repo", "items", *options)
    assert answer.code == 2
    assert said in answer.err


def test_rejected_rules_are_listed_with_their_reason(cairn: Cairn, items: Path) -> None:
    (items / ".cairn.toml").write_text(f'[conventions.reject]\n"{FROZEN}" = "too slow"\nodd = 1\n')
    told = cairn("conventions", "--repo", "items")
    assert "Data classes are frozen" not in told.out
    assert "1 rejected in .cairn.toml" in told.out
    assert ".cairn.toml:3: conventions.reject: 'odd' is" in told.err
    assert f"{FROZEN}: too slow" in cairn("conventions", "--repo", "items", "--rejected").out


def test_an_agents_md_is_proposed(cairn: Cairn, items: Path) -> None:
    text = cairn("conventions", "--repo", "items", "--export", "agents-md").out
    assert text.startswith("# Working on items\n")
    assert "- Data classes are frozen. See `shop/item00.py`.\n" in text
    assert "[CONTRIBUTING.md](CONTRIBUTING.md)" in text


@pytest.fixture
def served(client: TestClient, service: Service, tmp_path: Path) -> TestClient:
    repo, _ = service.add_repo(write_tree(tmp_path / "items", FILES))
    service.sync(repo)
    return client


def asked(served: TestClient, **parameters: Any) -> dict[str, Any]:
    answer = served.get("/v1/repos/items/conventions", params=parameters)
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    assert schemas.Conventions.model_validate(document)
    assert set(document) == set(schemas.Conventions.model_fields)
    return document


def test_over_http_it_is_the_same(served: TestClient) -> None:
    rule = next(rule for rule in asked(served)["conventions"] if rule["key"] == FROZEN)
    assert set(rule) == set(schemas.Rule.model_fields)
    assert (rule["support"], rule["total"], rule["written"]) == (12, 12, ["CONTRIBUTING.md:3"])
    assert rule["interval"][0] < 1.0
    (saying,) = asked(served)["written"]
    assert set(saying) == set(schemas.Saying.model_fields)
    ordinary = [rule["key"] for rule in asked(served, all=True)["conventions"] if rule["ordinary"]]
    assert ordinary
    assert not set(ordinary) & {rule["key"] for rule in asked(served)["conventions"]}
    assert asked(served, family="naming", language="python", path="shop")["written"] == []


@pytest.mark.parametrize("wrong", [{"family": "style"}, {"language": "klingon"}, {"path": "a\0b"}])
def test_over_http_what_does_not_exist_is_refused(served: TestClient, wrong: dict[str, str]) -> None:
    answer = served.get("/v1/repos/items/conventions", params=wrong)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:cairn:bad-input")
