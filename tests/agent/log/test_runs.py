import sqlite3
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from agent.log.runs import Event, Recorder, RunLog
from indexer.errors import NotFound
from tests.indexer.store.make import forked


@pytest.fixture
def log(tmp_path: Path) -> RunLog:
    return RunLog(tmp_path / "data" / "runs.db")


def test_a_run_is_its_events_in_order(log: RunLog) -> None:
    run = log.create("mend it", "shop", "a model").run
    log.append(run, "run.started", {})
    log.append(run, "tool.call", {"name": "read_file"})
    assert [(event.seq, event.type) for event in log.events(run)] == [
        (1, "task.created"),
        (2, "run.started"),
        (3, "tool.call"),
    ]
    assert log.events(run, after=2)[0].payload == {"name": "read_file"}
    assert log.events(run, after=3) == ()


@pytest.mark.parametrize("ending", ["finished", "escalated", "failed", "cancelled"])
def test_the_state_follows_the_events(log: RunLog, ending: str) -> None:
    run = log.create("mend it", "shop", "a model").run
    states = [log.show(run).state]
    for event in ("run.started", "tool.call", ending):
        log.append(run, event, {})
        states.append(log.show(run).state)
    assert states == ["queued", "running", "running", ending]


def test_runs_are_listed_with_the_newest_first(log: RunLog) -> None:
    runs = [log.create(f"task {number}", "shop", "m").run for number in range(3)]
    assert [row.id for row in log.list()] == runs[::-1]
    assert [row.task for row in log.list(limit=1)] == ["task 2"]


def test_an_unknown_run_is_not_found(log: RunLog) -> None:
    with pytest.raises(NotFound, match="no run 'abc'; `cairn runs` lists them"):
        log.show("abc")


KEY = "sk-proj-" + "a1B2c3D4e5F6g7H8i9J0" * 2


def test_no_secret_reaches_the_log(log: RunLog, tmp_path: Path) -> None:
    seen: list[Event] = []
    run = log.create(f"use {KEY} or live-key-value", "shop", "m", hidden=("live-key-value",)).run
    record = Recorder(log, run, ("live-key-value",), seen.append)
    record("tool.result", text=f"OPENAI_API_KEY={KEY}", nested={"list": ["the live-key-value here"]})
    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    shown = repr(seen) + repr(log.events(run)) + repr(log.list())
    for secret in (KEY, "live-key-value"):
        assert secret.encode() not in stored
        assert secret not in shown
    assert "redacted" in shown


def test_bytes_that_are_no_text_can_be_logged(log: RunLog) -> None:
    run = log.create("x", "shop", "m").run
    log.append(run, "tool.result", {"text": "caf\udce9"})
    assert log.events(run)[-1].payload == {"text": "caf?"}


def test_several_threads_write_without_losing_an_event(log: RunLog) -> None:
    run = log.create("x", "shop", "m").run
    threads = [
        threading.Thread(target=lambda: [log.append(run, "tool.call", {}) for _ in range(20)])
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [event.seq for event in log.events(run)] == list(range(1, 82))


def test_what_was_logged_survives_a_kill(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from agent.log.runs import RunLog\n"
        "log = RunLog(Path(sys.argv[1])); run = log.create('t', 'r', 'm').run\n"
        "log.append(run, 'run.started', {}); os.kill(os.getpid(), signal.SIGKILL)"
    )
    path = tmp_path / "runs.db"
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=root, check=False)
    assert done.returncode == -9
    log = RunLog(path)
    assert [event.type for event in log.events(log.list()[0].id)] == ["task.created", "run.started"]


def test_an_event_is_never_changed_or_removed(log: RunLog, tmp_path: Path) -> None:
    run = log.create("x", "shop", "m").run
    connection = sqlite3.connect(tmp_path / "data" / "runs.db")
    for change in ("update events set type = 'forged'", "delete from events"):
        with pytest.raises(sqlite3.DatabaseError, match="append-only"):
            connection.execute(change)
    connection.close()
    assert log.events(run)[0].type == "task.created"


def test_a_run_can_be_worked_on_again_though_a_forked_child_lives(log: RunLog) -> None:
    run = log.create("a task", "shop", "planned").run
    with ExitStack() as children:
        with log.lease(run):
            children.enter_context(forked())
        assert not log.worked_on(run)
