"""A task goes through the doors to the agent, and comes back as a branch, a request and an account."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from agent.log.runs import Event, RunLog
from agent.sandbox.bwrap import Bubblewrap
from api import schemas, transcript
from api.board import Board
from api.means import WorkingCopy, forget_working_copies, model_of
from api.service import Service
from api.settings import Settings
from api.tasks import Tasks
from indexer.errors import SandboxUnavailable
from tests.agent.endpoint import Rules, Said, serve

from .make import CAIRN, Cairn, environment, eventually, run_cairn, serving

SAMPLE = Path(__file__).parents[2] / "examples" / "payments"
TASK = "add a payment retry mechanism"
_PATIENCE = 240.0  # seconds; on a busy machine a suite that takes one takes ten
RESTING = ("awaiting_approval", "escalated", "finished", "failed", "cancelled", "rejected")


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


@pytest.fixture
def ready(client: TestClient, sample: Path, sandbox: None) -> TestClient:
    """A server that has the sample project indexed."""
    client.post("/v1/repos", json={"path": str(sample)})
    eventually(lambda: client.get("/v1/repos/payments").json()["complete"])
    return client


def begin(client: TestClient, **more: Any) -> str:
    answer = client.post("/v1/tasks", json={"task": TASK, "repo": "payments", **more})
    assert answer.status_code == 202, answer.text
    assert schemas.Accepted.model_validate(answer.json())
    return str(answer.json()["id"])


def at_rest(client: TestClient, run: str) -> dict[str, Any]:
    eventually(lambda: client.get(f"/v1/tasks/{run}").json()["status"] in RESTING, _PATIENCE)
    task: dict[str, Any] = client.get(f"/v1/tasks/{run}").json()
    assert schemas.Task.model_validate(task)
    return task


def events_of(text: str) -> list[tuple[int, str]]:
    return [
        (int(number), name) for number, name in re.findall(r"^id: (\d+)\nevent: (.+)$", text, re.MULTILINE)
    ]


def test_a_task_goes_through_both_gates_to_a_request(
    ready: TestClient, service: Service, sample: Path
) -> None:
    before = (sample / "payments" / "client.py").read_text()
    run = begin(ready, gates=["plan", "push"])
    followed = ready.get(f"/v1/tasks/{run}/events")  # ends where the run rests
    assert followed.headers["content-type"].startswith("text/event-stream")
    heard = events_of(followed.text)
    assert [number for number, _ in heard] == list(range(1, len(heard) + 1))
    assert (heard[0][1], heard[-1][1]) == ("task.created", "gate.requested")

    task = at_rest(ready, run)
    subject = task["gate"]["subject"]
    assert (task["status"], task["gate"]["gate"]) == ("awaiting_approval", "plan")
    wrong = ready.post(f"/v1/tasks/{run}/approve", json={"subject": "0" * 12})
    assert (wrong.status_code, wrong.json()["type"]) == (409, "urn:cairn:conflict")
    plan = ready.get(f"/v1/tasks/{run}/outcome").json()["plan"]
    bent = ready.post(f"/v1/tasks/{run}/approve", json={"plan": {**plan, "steps": "none"}})
    assert (bent.status_code, bent.json()["type"]) == (422, "urn:cairn:bad-input")
    plan["steps"][0]["text"] += ", as a person wishes"
    said = {"actor": "kim", "subject": subject[:12], "plan": plan}
    together = approve_at_once(ready, run, said)
    assert sorted(together) == [202, 409]  # one of two is heard

    last = heard[-1][0]
    rest = ready.get(f"/v1/tasks/{run}/events", headers={"Last-Event-ID": str(last)}).text
    assert events_of(rest)[0] == (last + 1, "gate.granted")
    task = at_rest(ready, run)
    assert (task["status"], task["gate"]["gate"]) == ("awaiting_approval", "push")
    diff = ready.get(f"/v1/tasks/{run}/diff")
    assert diff.headers["content-type"].startswith("text/x-diff")
    assert "+        answer = retry_with_backoff(" in diff.text
    assert ready.post(f"/v1/tasks/{run}/resume").status_code == 409  # it waits for a word
    approved = ready.post(f"/v1/tasks/{run}/approve", json={"actor": "kim"})  # at once, while it puts away
    assert approved.status_code == 202

    task = at_rest(ready, run)
    assert (task["status"], task["paths"]) == ("finished", ["payments/client.py", "tests/test_client.py"])
    outcome = ready.get(f"/v1/tasks/{run}/outcome").json()
    assert schemas.Outcome.model_validate(outcome)
    assert (outcome["scripted"], outcome["tests_after"]) == (True, "green: 31 passed")
    assert "as a person wishes" in Path(task["request"].removeprefix("file://")).read_text()
    show = ["git", "--git-dir", outcome["gitdir"], "show", f"{task['branch']}:payments/client.py"]
    after = subprocess.run(show, capture_output=True, text=True, check=True).stdout
    assert after.count("retry_with_backoff(") == before.count("retry_with_backoff(") + 1
    assert (sample / "payments" / "client.py").read_text() == before
    # the index of the working copy is gone with the run, and was never listed
    eventually(lambda: [repo.name for repo in service.catalog.repos()] == ["payments"])
    for verb, body in (("approve", {}), ("reject", {}), ("answer", {"text": "x"}), ("cancel", None)):
        assert ready.post(f"/v1/tasks/{run}/{verb}", json=body).status_code == 409, verb


def approve_at_once(client: TestClient, run: str, body: dict[str, Any]) -> list[int]:
    codes: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: codes.append(client.post(f"/v1/tasks/{run}/approve", json=body).status_code)
        )
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


def test_two_runs_at_once_do_not_disturb_each_other(ready: TestClient, service: Service) -> None:
    runs = [begin(ready), begin(ready)]

    tasks = [at_rest(ready, run) for run in runs]
    assert [task["status"] for task in tasks] == ["finished", "finished"]
    assert len({task["branch"] for task in tasks} | {task["request"] for task in tasks}) == 4
    eventually(lambda: [repo.name for repo in service.catalog.repos()] == ["payments"])


def test_the_same_key_begins_nothing_new(ready: TestClient) -> None:
    def post(task: str) -> httpx.Response:
        body = {"task": task, "repo": "payments", "gates": ["plan"]}
        return ready.post("/v1/tasks", json=body, headers={"Idempotency-Key": "a-1"})

    first, again, other = post(TASK), post(TASK), post("something else")

    assert (first.status_code, again.json()) == (202, first.json())
    assert (other.status_code, "idempotency key" in other.json()["detail"]) == (409, True)
    assert len(ready.get("/v1/tasks").json()["tasks"]) == 1
    run = first.json()["id"]
    at_rest(ready, run)
    rejected = ready.post(f"/v1/tasks/{run}/reject", json={"actor": "kim", "note": "not now"}).json()
    assert (rejected["status"], rejected["summary"]) == ("rejected", "not now")


def test_an_answer_lets_an_escalated_run_go_on(ready: TestClient) -> None:
    run = begin(ready, task="paint the shop blue")
    task = at_rest(ready, run)
    assert (task["status"], task["question"]) == ("escalated", "Which model shall do this task?")

    said = ready.post(f"/v1/tasks/{run}/answer", json={"text": "any", "actor": "kim"})
    assert said.status_code == 202
    assert at_rest(ready, run)["status"] == "escalated"
    kinds = [name for _, name in events_of(ready.get(f"/v1/tasks/{run}/events").text)]
    assert (kinds.count("escalated"), kinds.count("answered"), kinds[-1]) == (2, 1, "escalated")
    assert ready.post(f"/v1/tasks/{run}/cancel").json()["status"] == "cancelled"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"repo": "payments"}, "task: Field required"),
        ({"task": "", "repo": "payments"}, "task: "),
        ({"task": TASK, "repo": "payments", "gates": ["merge"]}, "gates.0: "),
        ({"task": TASK, "repo": "payments", "mode": "yolo"}, "mode: "),
        ({"task": TASK, "repo": "payments", "limits": {"steps": 0}}, "limits.steps: "),
        ({"task": TASK, "repo": "payments", "limits": {"wishes": 3}}, "wishes"),
        ({"task": TASK, "repo": "payments", "models": {"paint": "m"}}, "models"),
        ({"task": TASK, "repo": "payments", "sandbox": "off"}, "sandbox: Extra"),
    ],
)
def test_a_task_that_makes_no_sense_is_refused_by_field(
    client: TestClient, service: Service, copy_of_shop: Path, body: dict[str, Any], says: str
) -> None:
    service.add_repo(copy_of_shop, "payments")

    answer = client.post("/v1/tasks", json=body)

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert says in answer.json()["detail"]
    assert client.get("/v1/tasks").json() == {"tasks": []}


@pytest.mark.parametrize("steps", ["Infinity", "1e999", "NaN"])
def test_a_limit_without_end_is_no_limit(client: TestClient, steps: str) -> None:
    body = f'{{"task": "t", "repo": "payments", "limits": {{"steps": {steps}}}}}'
    answer = client.post("/v1/tasks", content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 422


def test_a_task_for_an_unknown_repository_is_not_begun(client: TestClient) -> None:
    answer = client.post("/v1/tasks", json={"task": TASK, "repo": "nowhere"})

    assert answer.status_code == 404
    assert client.get("/v1/tasks").json() == {"tasks": []}


@pytest.mark.parametrize("what", ["", "/outcome", "/diff", "/events"])
def test_an_unknown_run_is_not_found(client: TestClient, what: str) -> None:
    answer = client.get(f"/v1/tasks/12345678{what}")

    assert (answer.status_code, answer.json()["type"]) == (404, "urn:cairn:not-found")


def test_a_run_of_another_process_is_shown_and_not_stopped(client: TestClient, service: Service) -> None:
    log = RunLog(service.data.runs)
    run = log.create(TASK, "payments", "a model").run
    assert client.get(f"/v1/tasks/{run}").json()["status"] == "queued"
    with log.lease(run):
        log.append(run, "run.started", {})
        assert client.get(f"/v1/tasks/{run}").json()["interrupted"] is False
        answer = client.post(f"/v1/tasks/{run}/cancel")
        assert (answer.status_code, "another process" in answer.json()["detail"]) == (409, True)

    # its process has died
    assert client.get(f"/v1/tasks/{run}").json()["interrupted"] is True
    assert events_of(client.get(f"/v1/tasks/{run}/events").text)[-1] == (2, "run.started")
    assert client.post(f"/v1/tasks/{run}/cancel").json()["status"] == "cancelled"


def test_the_document_of_the_interface_describes_every_answer_about_tasks(shared: TestClient) -> None:
    document = shared.get("/openapi.json").json()
    for path, verbs in document["paths"].items():
        for verb, said in verbs.items() if path.startswith("/v1/tasks") else ():
            good = {code: answer for code, answer in said["responses"].items() if code.startswith("2")}
            assert all(answer["content"] for answer in good.values()), (verb, path)
            assert "4XX" in said["responses"], (verb, path)
    assert set(document["components"]["schemas"]["TaskRequest"]["properties"]) >= {"gates", "limits", "setup"}


@pytest.mark.usefixtures("sandbox")
def test_a_run_whose_server_was_killed_goes_on_in_the_next(data: Path, sample: Path) -> None:
    run_cairn("index", sample, data=data)
    with serving("--port", 0, data=data) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        run = client.post("/v1/tasks", json={"task": TASK, "repo": "payments"}).json()["id"]
        with client.stream("GET", f"/v1/tasks/{run}/events") as events:
            for line in events.iter_lines():
                if line == "event: prompt":
                    break
        server.end(signal.SIGKILL)
    assert "interrupted" in run_cairn("runs", data=data).out
    doctor = json.loads(run_cairn("doctor", "--json", data=data).out)
    said = {finding["what"]: finding for finding in doctor["findings"]}
    assert said["agent's runs"]["state"] == "note"
    assert run in said["agent's runs"]["said"]

    with serving("--port", 0, data=data) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        assert client.get(f"/v1/tasks/{run}").json()["interrupted"] is True
        assert client.post(f"/v1/tasks/{run}/resume").status_code == 202
        eventually(lambda: client.get(f"/v1/tasks/{run}").json()["status"] == "finished", _PATIENCE)
        assert client.get(f"/v1/tasks/{run}/outcome").json()["tests_after"] == "green: 31 passed"
    service = Service(Settings(data=data, embedder="hashed"))
    assert [repo.name for repo in service.catalog.repos()] == ["payments"]
    service.close()


@pytest.mark.usefixtures("sandbox")
def test_a_server_that_is_stopped_leaves_runs_that_can_be_resumed(data: Path, sample: Path) -> None:
    run_cairn("index", sample, data=data)
    with serving("--port", 0, data=data) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        run = client.post("/v1/tasks", json={"task": TASK, "repo": "payments"}).json()["id"]
        with client.stream("GET", f"/v1/tasks/{run}/events") as events:
            for line in events.iter_lines():
                if line == "event: prompt":
                    break
        assert server.end() == 0
    assert "Traceback" not in server.errors
    assert run_cairn("runs", run, "--json", data=data).json["status"] == "cancelled"

    resumed = run_cairn("resume", run, "--json", data=data)
    assert (resumed.code, resumed.json["status"]) == (0, "finished")


@pytest.mark.usefixtures("sandbox")
def test_the_command_line_tells_a_whole_story(data: Path, sample: Path) -> None:
    """Gate, edited plan, approval, request; then what `cairn runs` says of it."""
    run_cairn("index", sample, data=data)
    begun = run_cairn("run", TASK, "--repo", "payments", "--gate", "plan", "--json", data=data)
    run, subject = begun.json["id"], begun.json["gate"]["subject"]
    assert (begun.code, begun.json["status"]) == (0, "awaiting_approval")
    assert run_cairn("cancel", "zzz", data=data).code == 1

    plan = run_cairn("runs", run, "--plan", data=data).json
    plan["risks"].append("A person thought of this one.")
    edited = sample.parent / "plan.json"
    edited.write_text(json.dumps(plan))
    wrong = run_cairn("approve", run, "--subject", "00000000", data=data)
    assert (wrong.code, "look at it again" in wrong.err) == (1, True)
    later = run_cairn("approve", run, "--subject", subject[:8], "--plan", edited, "--later", data=data)
    assert (later.code, later.out.split()[:2]) == (0, [run, "queued"])

    ended = run_cairn("resume", run, data=data)
    assert ended.code == 0
    assert "finished (scripted demonstration: no model thought here): refund sent" in ended.out
    assert "tests before: green: 30 passed; after: green: 31 passed" in ended.out
    assert "\x1b" not in ended.out + ended.err  # piped: plain lines
    assert "tests.finished    during: red: 1 failed, 9 passed" in ended.err
    assert "+        answer = retry_with_backoff(" in run_cairn("runs", run, "--diff", data=data).out
    replay = run_cairn("runs", run, "--transcript", data=data).out
    assert "A person thought of this one." in replay
    assert "request.opened" in replay
    assert run_cairn("resume", run, data=data).code == 1


@pytest.mark.usefixtures("sandbox")
def test_what_the_agent_cannot_do_is_told_and_can_be_read_later(data: Path, sample: Path) -> None:
    run_cairn("index", sample, data=data)
    ended = run_cairn("run", "paint the shop blue", "--repo", "payments", "--json", data=data)

    outcome = ended.json
    assert ended.code == 1
    assert (outcome["status"], outcome["scripted"], outcome["commit"]) == ("escalated", True, None)
    assert f"{outcome['id']} · paint the shop blue" in ended.err
    shown = run_cairn("runs", outcome["id"], "--json", data=data).json
    assert (shown["status"], shown["task"]) == ("escalated", "paint the shop blue")
    assert shown["events"][-1]["seq"] == len(shown["events"])
    assert [run["id"] for run in run_cairn("runs", "--json", data=data).json["runs"]] == [outcome["id"]]
    assert run_cairn("cancel", outcome["id"], data=data).out.split()[1] == "cancelled"


@pytest.mark.usefixtures("sandbox")
def test_a_read_only_task_proposes_a_diff_and_makes_no_branch(data: Path, sample: Path) -> None:
    run_cairn("index", sample, data=data)
    ended = run_cairn("run", TASK, "--repo", "payments", "--read-only", data=data)

    assert ended.code == 0
    assert "+        answer = retry_with_backoff(" in ended.out
    assert "bring it home" not in ended.out
    assert not (data / "forge").exists()


@pytest.mark.usefixtures("sandbox")
def test_ctrl_c_stops_a_run_before_its_next_step(data: Path, sample: Path) -> None:
    run_cairn("index", sample, data=data)
    command = [CAIRN, "run", TASK, "--repo", "payments", "--json"]
    process = subprocess.Popen(
        command, env=environment(data), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("workspace.made"):
            break
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=_PATIENCE)

    assert out, err
    outcome = json.loads(out)
    assert (process.returncode, outcome["status"]) == (1, "cancelled")
    assert "press Ctrl-C again" in err
    assert run_cairn("resume", outcome["id"], data=data).code == 0


def test_runs_of_a_new_data_directory_are_none(cairn: Cairn) -> None:
    said = cairn("runs")

    assert (said.code, said.out) == (0, "")
    assert "no task was run yet" in said.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("run", "do it", "--limit", "steps=inf"), "--limit steps=inf"),
        (("run", "do it", "--limit", "steps"), "as in steps=30"),
        (("run", "do it", "--limit", "wishes=3"), "wishes"),
        (("runs", "--diff"), "--diff is of one run"),
        (("run",), "Missing argument"),
    ],
)
def test_wrong_usage_is_exit_code_2(
    cairn: Cairn, indexed: Service, words: tuple[str, ...], says: str
) -> None:
    said = cairn(*words)

    assert (said.code, says in said.err) == (2, True), said.err


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


def test_the_working_copy_of_a_killed_run_is_forgotten_and_one_at_work_is_not(
    indexed: Service, tmp_path: Path
) -> None:
    log = RunLog(indexed.data.runs)
    dead, alive = (log.create(TASK, "shop", "a model").run for _ in range(2))
    for run in (dead, alive, "nowhere"):
        (tmp_path / run / "tree").mkdir(parents=True)
        WorkingCopy(indexed, tmp_path / run / "tree")
    shutil.rmtree(tmp_path / dead / "tree")

    with log.lease(alive):
        forget_working_copies(indexed)
        assert [repo.name for repo in indexed.catalog.repos()] == [f"@{alive}", "shop"]
    forget_working_copies(indexed)
    assert [repo.name for repo in indexed.catalog.repos()] == ["shop"]


def test_a_list_shows_the_beginning_of_a_long_task(service: Service) -> None:
    RunLog(service.data.runs).create("word " * 10_000, "shop", "a model")

    assert len(Tasks(service).recent(1)[0]["task"]) == 300


def test_what_a_model_says_cannot_steer_the_terminal() -> None:
    said = {"text": "fine\x1b]0;owned\x07 \x1b[2J\nnext", "calls": []}

    assert transcript.told(Event("r", 1, 0.0, "model.response", said)) == "fine?]0;owned? ?[2J next"


def test_the_board_shows_where_the_plan_is_and_never_wraps() -> None:
    from rich.console import Console

    steps = [
        {"text": f"Do the part number {n} of a rather long plan, as it was agreed"} for n in range(1, 11)
    ]
    happened: list[tuple[str, dict[str, Any]]] = [
        ("policy.set", {"policy": {"limits": {"steps": 7}}}),
        ("plan.proposed", {"plan": {"steps": steps}}),
        ("plan.updated", {"step": 4, "status": "done"}),
        ("plan.updated", {"step": 5, "status": "doing"}),
        ("model.response", {"input_tokens": 12_000, "output_tokens": 10, "dollars": 0.5}),
        ("tests.finished", {"stage": "during", "summary": "red: 1 failed", "green": False}),
        ("tests.finished", {"stage": "old code, new tests", "summary": "red: 9 failed", "green": False}),
        ("tool.call", {"name": "read_file", "arguments": '{"path": "a/b.py"}'}),
    ]
    board = Board()
    for number, (name, payload) in enumerate(happened, 1):
        board.add(Event("r", number, time.time(), name, payload))
    console = Console(width=60, record=True, file=open(os.devnull, "w"))  # noqa: SIM115
    console.print(board.shown())
    rows = console.export_text().splitlines()
    console.file.close()

    assert len(rows) == 1 + 6 + 1 + 3
    assert all(len(row) <= 60 for row in rows)
    assert "✓ 4. Do the part" in rows[3]
    assert "▶ 5. Do the part" in rows[4]
    assert "and 4 more steps" in rows[7]
    assert "read_file a/b.py" in rows[8]
    assert "red: 1 failed" in rows[9]
    assert rows[10].strip().startswith("1 of 7 steps · 12k of 400k tokens")


@pytest.mark.parametrize("refused", [False, True])
def test_what_is_set_of_an_answer_is_sent_and_nothing_else(refused: bool) -> None:
    hello = [{"role": "user", "content": "hello"}]
    chosen = {"CAIRN_MODEL_OUTPUT_TOKENS": "3000", "CAIRN_MODEL_TEMPERATURE": "0.2"}
    with serve(lambda messages, tools: Said("Well."), Rules(None, temperature=not refused)) as endpoint:
        said = {"OPENAI_BASE_URL": endpoint.url, "CAIRN_MODEL": "scripted"}
        for environ in (said, said | chosen):
            assert model_of(Settings.load(environ)).reply(hello, ()).text == "Well."
    sent = [(body["max_tokens"], body.get("temperature")) for body in endpoint.requests]
    assert sent == [(8000, None), (3000, 0.2), *([(3000, None)] if refused else [])]


def test_a_key_makes_it_a_real_model(cairn: Cairn, monkeypatch: pytest.MonkeyPatch, data: Path) -> None:
    assert model_of(Settings(data=data)).name == "scripted demonstration"
    assert model_of(Settings.load({"OPENAI_API_KEY": "k"})).name == "gpt-4.1"
    local = Settings.load({"OPENAI_BASE_URL": "http://x/v1", "CAIRN_MODEL": "qwen"})
    assert (model_of(local).name, model_of(local, "other").name) == ("qwen", "other")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("CAIRN_FORGE", "github")
    doctor = json.loads(cairn("doctor", "--json").out)
    said = {finding["what"]: (finding["state"], finding["said"]) for finding in doctor["findings"]}
    assert said["agent's model"][1].startswith("gpt-4.1 at http://127.0.0.1:9/v1")
    assert said["agent's forge"] == (
        "bad",
        "CAIRN_FORGE=github, but there is no CAIRN_GITHUB_TOKEN, so nothing can be pushed",
    )
    assert said["agent's runs"] == ("ok", "none yet")
