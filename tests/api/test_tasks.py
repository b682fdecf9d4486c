"""A task goes through the doors to the agent, and comes back as a branch with a commit."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from agent.runs import RunLog
from agent.sandbox.bwrap import Bubblewrap
from api import schemas
from api.service import Service
from api.tasks import WorkingCopy, forget_working_copies, model_name
from indexer.errors import SandboxUnavailable

from .make import Cairn, eventually, run_cairn

SAMPLE = Path(__file__).parents[2] / "examples" / "payments"
TASK = "add a payment retry mechanism"


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
def sample(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache")
    return Path(shutil.copytree(SAMPLE, tmp_path / "payments", ignore=ignored))


@pytest.mark.usefixtures("sandbox")
def test_a_task_over_http_becomes_a_branch(client: TestClient, service: Service, sample: Path) -> None:
    before = (sample / "payments" / "client.py").read_text()
    client.post("/v1/repos", json={"path": str(sample)})
    eventually(lambda: client.get("/v1/repos/payments").json()["complete"])

    begun = client.post("/v1/tasks", json={"task": TASK, "repo": "payments"})
    assert begun.status_code == 202
    events = client.get(f"/v1/tasks/{begun.json()['id']}/events").text  # ends with the run
    task = client.get(f"/v1/tasks/{begun.json()['id']}").json()

    assert schemas.Task.model_validate(task)
    assert (task["status"], task["model"]) == ("finished", "scripted demonstration")
    assert "payments/client.py" in task["paths"]
    kinds = re.findall(r"^event: (.+)$", events, re.MULTILINE)
    assert (kinds[0], kinds[-1]) == ("task.created", "finished")
    numbers = [int(number) for number in re.findall(r"^id: (\d+)$", events, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    gitdir = service.data.workspaces / task["id"] / "git"
    show = ["git", "--git-dir", gitdir, "show", f"{task['branch']}:payments/client.py"]
    after = subprocess.run(show, capture_output=True, text=True, check=True).stdout
    assert after.count("retry_with_backoff(") == before.count("retry_with_backoff(") + 1
    assert (sample / "payments" / "client.py").read_text() == before
    # the index of the working copy is gone with the run, and was never listed
    assert [repo.name for repo in service.catalog.repos()] == ["payments"]


@pytest.mark.usefixtures("sandbox")
def test_a_run_on_the_command_line_can_be_read_later(data: Path, sample: Path) -> None:
    run_cairn("index", sample, data=data)
    ended = run_cairn("run", "paint the shop blue", "--repo", "payments", "--json", data=data)

    outcome = ended.json
    assert ended.code == 1
    assert (outcome["status"], outcome["scripted"], outcome["commit"]) == ("escalated", True, None)
    assert "task.created" in ended.err
    shown = run_cairn("runs", outcome["id"], "--json", data=data).json
    assert (shown["status"], shown["task"]) == ("escalated", "paint the shop blue")
    assert shown["events"][-1]["seq"] == len(shown["events"])
    assert [run["id"] for run in run_cairn("runs", "--json", data=data).json["runs"]] == [outcome["id"]]


def test_runs_of_a_new_data_directory_are_none(cairn: Cairn) -> None:
    said = cairn("runs")

    assert (said.code, said.out) == (0, "")
    assert "no task was run yet" in said.err


def test_a_task_for_an_unknown_repository_is_not_begun(client: TestClient) -> None:
    answer = client.post("/v1/tasks", json={"task": TASK, "repo": "nowhere"})

    assert answer.status_code == 404
    assert client.get("/v1/tasks").json() == {"tasks": []}


def test_a_run_of_another_process_is_shown_and_not_stopped(client: TestClient, service: Service) -> None:
    run = RunLog(service.data.runs).create(TASK, "payments", "a model").run

    assert client.get(f"/v1/tasks/{run}").json()["status"] == "queued"
    answer = client.post(f"/v1/tasks/{run}/cancel")
    assert (answer.status_code, "another process" in answer.json()["detail"]) == (422, True)


def test_a_working_copy_is_searched_by_name_and_listed_nowhere(indexed: Service, tmp_path: Path) -> None:
    tree = tmp_path / "run-1" / "tree"
    tree.mkdir(parents=True)
    (tree / "new.py").write_text("def only_in_the_copy():\n    return 1\n")

    copy = WorkingCopy(indexed, tree)
    assert [symbol.path for symbol in indexed.retriever.symbols(copy.repo, "only_in_the_copy")] == ["new.py"]
    assert [repo.name for repo in indexed.repos()] == ["shop"]
    (tree / "new.py").write_text("def renamed_in_the_copy():\n    return 1\n")
    copy.refresh(["new.py"])
    assert indexed.retriever.symbols(copy.repo, "renamed_in_the_copy")
    copy.close()
    assert [repo.name for repo in indexed.catalog.repos()] == ["shop"]


def test_the_working_copy_of_a_killed_run_is_forgotten(indexed: Service, tmp_path: Path) -> None:
    tree = tmp_path / "run-2" / "tree"
    tree.mkdir(parents=True)
    WorkingCopy(indexed, tree)
    shutil.rmtree(tree)

    forget_working_copies(indexed)
    assert [repo.name for repo in indexed.catalog.repos()] == ["shop"]


def test_a_key_makes_it_a_real_model(cairn: Cairn, monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    from api.settings import Settings

    assert model_name(Settings(data=data)) == "scripted demonstration"
    assert model_name(Settings.load({"OPENAI_API_KEY": "k"})) == "gpt-4.1"
    assert model_name(Settings.load({"OPENAI_BASE_URL": "http://x/v1", "CAIRN_MODEL": "qwen"})) == "qwen"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    doctor = json.loads(cairn("doctor", "--json").out)
    said = {finding["what"]: finding["said"] for finding in doctor["findings"]}
    assert said["agent's model"].startswith("gpt-4.1 at http://127.0.0.1:9/v1")
