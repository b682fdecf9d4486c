"""`cairn eval-agent` over a real index: from a file of instances to a report."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.log.runs import RunLog
from agent.sandbox.bwrap import Bubblewrap
from indexer.errors import SandboxUnavailable

from ..agent.endpoint import serve
from ..agent.evaluate.world import PRICE, SLUG, WORDS, Solver, make, write_instances
from ..indexer.store.make import stop_keeper
from .make import Cairn


@pytest.fixture(scope="session")
def sandbox() -> None:
    """Where commands cannot be confined no agent runs; CI has to be able to."""
    try:
        Bubblewrap().probe()
    except SandboxUnavailable as reason:
        if os.environ.get("CI"):
            pytest.fail(str(reason))
        pytest.skip(str(reason))


@pytest.fixture
def three(tmp_path: Path) -> Path:
    rows = [make(tmp_path / "repositories", case).row() for case in (PRICE, SLUG, WORDS)]
    return write_instances(tmp_path / "three.jsonl", rows)


@pytest.fixture
def out(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "out"
    stop_keeper(tmp_path / "out" / "data")


def test_without_an_endpoint_it_says_what_to_set(cairn: Cairn, three: Path, data: Path) -> None:
    said = cairn("eval-agent", three)

    assert said.code == 2
    assert "set OPENAI_API_KEY, and OPENAI_BASE_URL" in said.err
    assert "--dry-run" in said.err
    assert not (data / "evaluations").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--only", "nobody__x-1"), "there is no instance nobody__x-1"),
        (("--run-limit", "steps"), "give a name and a number, as in steps=30"),
        (("--context", "maybe"), "is not one of 'on', 'off', 'both'"),
    ],
)
def test_what_makes_no_sense_is_refused(
    cairn: Cairn, three: Path, out: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = cairn("eval-agent", three, "--dry-run", "--out", out, *arguments)
    assert ended.code == 2
    assert said in ended.err


@pytest.mark.usefixtures("sandbox")
def test_a_dry_run_goes_all_the_way_and_is_labelled(cairn: Cairn, three: Path, out: Path) -> None:
    said = cairn("eval-agent", three, "--dry-run", "--context", "on", "--out", out)

    assert said.code == 0, said.err
    assert said.out.startswith("dry run: gold patch, proves plumbing only\n\nDRY RUN")
    assert "context on   resolved 3 of 3  100.0%" in said.out
    assert f"3/3  {WORDS.id}  context on  resolved (finished)" in said.err
    assert (out / "report.txt").read_text() == said.out
    # each run had an index of its working copy, and its log can be replayed
    log = RunLog(out / "data" / "runs.db")
    assert [row.state for row in log.list()] == ["finished"] * 3
    events = log.events(log.list()[0].id)
    assert any(event.type == "context.retrieved" and event.payload["tokens"] for event in events)
    assert not any(event.type == "context.missing" for event in events)

    # with an endpoint the folder is refused: the two are never mixed
    again = cairn("eval-agent", three, "--dry-run", "--context", "on", "--out", out, "--json")
    assert again.json["arms"]["on"]["resolved"] == 3
    assert "1/3" not in again.err  # nothing was left to do


@pytest.mark.usefixtures("sandbox")
def test_an_endpoint_is_measured_with_context_and_without(
    cairn: Cairn, three: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    solver = Solver()
    with serve(solver) as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        monkeypatch.setenv("OPENAI_API_KEY", "key")
        monkeypatch.setenv("CAIRN_MODEL", "scripted")
        monkeypatch.setenv("CAIRN_MODEL_PRICES", "2,8")
        said = cairn("eval-agent", three, "--only", SLUG.id, "--out", out, "--json")
    assert endpoint.refused == []
    assert said.code == 0, said.err

    on, off = said.json["arms"]["on"], said.json["arms"]["off"]
    assert (on["resolved_ids"], off["resolved_ids"]) == ([SLUG.id], [])
    assert on["statuses"] == {"finished": 1}
    assert off["statuses"] == {"escalated": 1}
    assert on["medians"]["dollars"] > 0
    assert said.json["difference"]["only_on"] == 1
    (prediction,) = (out / "predictions-on.jsonl").read_text().splitlines()
    assert "+def slug_of(title):" in json.loads(prediction)["model_patch"]
    assert any("names.py" in prompt.partition("# Context")[2] for prompt in solver.prompts)

    refused = cairn("eval-agent", three, "--dry-run", "--out", out)
    assert refused.code == 1
    assert "the two are never mixed, so give another --out" in refused.err
