"""The three repositories with their instances, and what runs on them work with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.evaluate.instances import Instance, read_instances
from agent.means import Means
from agent.model.openai import ModelOptions, OpenAIModel
from agent.sandbox.bwrap import Bubblewrap
from tests.agent.endpoint import Endpoint, serve
from tests.agent.evaluate.world import CASES, Made, Solver, make, write_instances
from tests.agent.plain import PlainCodebase


@pytest.fixture
def made(tmp_path: Path) -> list[Made]:
    return [make(tmp_path / "repositories", case) for case in CASES]


@pytest.fixture
def instances(made: list[Made], tmp_path: Path) -> list[Instance]:
    return read_instances(write_instances(tmp_path / "three.jsonl", [one.row() for one in made]))


@pytest.fixture
def solver() -> Solver:
    return Solver()


@pytest.fixture
def endpoint(solver: Solver) -> Iterator[Endpoint]:
    with serve(solver) as served:
        yield served
    assert served.refused == []


@pytest.fixture
def means(tmp_path: Path, sandbox: Bubblewrap, endpoint: Endpoint) -> Means:
    index = PlainCodebase(tmp_path)
    return Means(
        tmp_path / "data",
        index,
        lambda _: OpenAIModel(ModelOptions("scripted", "key", endpoint.url)),
        index.follow,
        sandbox,
    )
