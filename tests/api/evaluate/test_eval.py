"""`cairn eval`: tables, documents, gates and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ...conftest import git
from ..make import Cairn
from .world import ASKED, state


@pytest.fixture
def shop(history: Path) -> Path:
    """Nothing here changes it."""
    return history


def test_a_person_reads_figures_with_intervals_and_a_verdict(cairn: Cairn, shop: Path, data: Path) -> None:
    said = cairn("eval", shop, "--losses", 2)
    assert said.code == 0, said.err
    assert (
        f"shop at {git(shop, 'rev-parse', 'HEAD')[:12]}: n = 5 commits of 6 that qualify among 10" in said.out
    )
    assert "recall@10  1.000 [1.000, 1.000]" in said.out
    assert "cairn minus bm25\n" in said.out
    assert "no difference can be told" in said.out
    assert "1 of 5 questions name a wanted file or its path (20%); without them:" in said.out
    assert (
        "note: with 5 questions only large differences can be told; it takes 30 at the very least" in said.out
    )
    assert not list(data.iterdir())


def test_the_same_is_said_again_and_as_one_document(cairn: Cairn, shop: Path) -> None:
    one, two = cairn("eval", shop, "--json").json, cairn("eval", "--repo", shop, "--json").json
    one.pop("cost"), two.pop("cost")
    assert one == two
    assert [answer["query"] for answer in one["answers"]] == list(ASKED)
    assert one["source"]["refused"]["a chore, release or revert"] == 1
    assert one["leakage"]["without"]["cairn"]["mrr"]["value"] <= 1
    assert [found["other"] for found in one["differences"]] == ["bm25", "bm25-sources"]
    assert one["gate"] == {"passed": True, "failed": []}


def test_settings_are_compared_on_the_same_commits(cairn: Cairn, shop: Path) -> None:
    said = cairn("eval", shop, "--compare", "embedder=static", "--compare", "max_file_bytes=1", "--json")
    assert said.code == 0, said.err
    arms = said.json["arms"]
    assert list(arms) == ["cairn", "embedder=static", "max_file_bytes=1", "bm25", "bm25-sources"]
    assert arms["max_file_bytes=1"]["recall@20"]["value"] == 0  # its index is empty
    assert arms["embedder=static"]["recall@20"]["value"] == 1
    worse = said.json["differences"][1]["measures"]["recall@20"]
    assert (worse["difference"], worse["better"], worse["n"]) == (1, 5, 5)


def test_a_floor_that_is_not_met_fails(cairn: Cairn, shop: Path) -> None:
    said = cairn("eval", shop, "--compare", "max_file_bytes=1", "--fail-under", "recall@20=1")
    assert said.code == 0  # the settings as they are, not what they are compared with
    failed = cairn("eval", shop, "--fail-under", "RECALL@1=1", "--json")
    assert failed.code == 1
    (sentence,) = failed.json["gate"]["failed"]
    assert sentence == "recall@1 is 0.900, below the 1 of --fail-under"
    assert sentence in failed.err


def test_a_baseline_asks_the_same_commits_and_fails_on_a_fall(
    cairn: Cairn, shop: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "base.json"
    assert cairn("eval", shop, "--commits", 3, "--seed", 5, "--save", kept).code == 0
    again = cairn("eval", shop, "--baseline", kept, "--json")
    assert again.code == 0, again.err
    assert again.json["baseline"]["pairs"] == 3
    assert again.json["baseline"]["measures"]["mrr"]["difference"] == 0
    assert again.json["source"]["seed"] == 5

    assert cairn("eval", shop, "--save", kept).code == 0
    better = json.loads(kept.read_text())
    for answer in better["answers"] * 2:  # as if everything had been the first file, in more questions
        answer["ranks"]["cairn"] = [1]
    kept.write_text(json.dumps(better))
    said = cairn("eval", shop, "--baseline", kept)
    assert said.code == 0  # five questions prove nothing
    assert "now minus the baseline" in said.out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--fail-under", "recall@3=0.5"), 2, "measures are recall@1"),
        (("--fail-under", "mrr=60"), 2, "a number from 0 to 1"),
        (("--compare", "port=80"), 2, "give NAME=VALUE with one of embedder"),
        (("--compare", "max_file_bytes=many"), 2, "give a whole number"),
        (("--compare", "keep=data", "--compare", "keep=data"), 2, "names the same twice"),
        (("--baseline", "nowhere.json"), 1, "there is no file nowhere.json; make it with: cairn eval --save"),
        (("--questions", "q.jsonl", "--commits", "5"), 2, "leave out --commits"),
        (("--since", "2035-01-01"), 1, "none of the 0 commits looked at"),
    ],
)
def test_what_makes_no_sense_is_refused(
    cairn: Cairn, shop: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ended = cairn("eval", shop, *arguments)
    assert ended.code == code
    assert said in ended.err


def test_a_baseline_that_is_none_is_refused(cairn: Cairn, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text('{"format": 1}')
    assert (
        "is no run that cairn eval --save kept" in cairn("eval", shop, "--baseline", tmp_path / "b.json").err
    )
    (tmp_path / "b.json").write_text('{"format": 9}')
    assert "is of format 9" in cairn("eval", shop, "--baseline", tmp_path / "b.json").err


def test_a_name_of_an_indexed_repository_is_enough(cairn: Cairn, shop: Path, data: Path) -> None:
    assert cairn("index", shop, "--name", "store").code == 0
    before, repos = state(shop), cairn("status", "--json").json["repos"]
    said = cairn("eval", "store", "--commits", 2, "--json")
    assert (said.json["repo"], said.json["questions"]) == ("store", 2)
    assert (state(shop), cairn("status", "--json").json["repos"]) == (before, repos)
    assert "there is no folder elsewhere" in cairn("eval", "elsewhere", "--data", data / "none").err


def test_questions_of_a_team_are_asked_of_the_present_index(cairn: Cairn, shop: Path, tmp_path: Path) -> None:
    assert cairn("index", shop).code == 0
    asked = tmp_path / "questions.jsonl"
    asked.write_text(
        '{"query": "who waits after a failed payment", "paths": ["shop/retry.py"], '
        '"lines": {"shop/retry.py": [1, 2]}}\n'
        '{"query": "keep articles in the warehouse", "paths": ["shop/stock.py", "README.md"]}\n'
    )
    kept = tmp_path / "base.json"
    said = cairn("eval", shop, "--questions", asked, "--save", kept, "--json")
    assert said.code == 0, said.err
    assert list(said.json["arms"]) == ["cairn", "bm25"]
    assert said.json["answers"][0]["ranks"]["cairn"] == [1]
    assert said.json["lines"]["arms"]["cairn"]["value"] == 1
    shown = cairn("eval", shop, "--questions", asked, "--baseline", kept, "--compare", "embedder=static")
    assert shown.code == 0, shown.err
    assert "n = 2 questions of questions.jsonl, 1.5 wanted files on average" in shown.out
    assert "ndcg@10" in shown.out
    assert "of the other kind" in cairn("eval", shop, "--baseline", kept).err
    asked.write_text('{"query": "who waits", "paths": ["shop/gone.py"]}\n')
    missing = cairn("eval", shop, "--questions", asked)
    assert missing.code == 2
    assert "'who waits' wants shop/gone.py, which is not in the index of shop" in missing.err
