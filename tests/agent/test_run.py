import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.loop import Limits
from agent.model import Message, Reply, ToolSchema
from agent.run import Outcome, RunOptions, run_task
from agent.runs import Event, RunLog
from agent.sandbox.bwrap import Bubblewrap
from agent.suites.suite import SuiteCommand
from agent.workspace import RepoHandle
from indexer.errors import BadInput, ModelFailed
from tests.agent.conftest import Planned
from tests.agent.plain import PlainCodebase
from tests.conftest import write

FEE = ("create_file", {"path": "payments/fees.py", "content": '"""What a payment costs."""\n\nFEE = 25\n'})
FEE_TEST = (
    "create_file",
    {
        "path": "tests/test_fees.py",
        "content": "from payments.fees import FEE\n\n\ndef test_fee_is_a_quarter():\n    assert FEE == 25\n",
    },
)
FINISH = ("finish", {"subject": "A payment has a fee", "summary": "It had none."})


@pytest.fixture
def options(sandbox: Bubblewrap, tmp_path: Path) -> RunOptions:
    return RunOptions(tmp_path / "data", sandbox=sandbox)


def work(root: Path, model: Any, options: RunOptions, seen: list[Event] | None = None) -> Outcome:
    codebase = PlainCodebase(root)
    watch = seen.append if seen is not None else lambda event: None
    repo = RepoHandle("payments", root)
    return run_task("Add a fee", repo, codebase, model, options, watch, codebase.follow)


def git(outcome: Outcome, *arguments: str) -> str:
    command = ["git", f"--git-dir={outcome.gitdir}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def types(outcome: Outcome) -> list[str]:
    return [event.type for event in outcome.events]


def test_a_finished_run_is_a_commit_that_says_what_was_verified(sample: Path, options: RunOptions) -> None:
    seen: list[Event] = []
    outcome = work(sample, Planned([FEE_TEST, FEE, FINISH]), options, seen)
    assert outcome.status == "finished"
    message = git(outcome, "log", "-1", "--format=%B", outcome.branch)
    assert message.strip() == (
        "A payment has a fee\n\nIt had none.\n\ngreen: 31 passed\n"
        "Fails on the old code, passes now: tests/test_fees.py::test_fee_is_a_quarter\n\n"
        f"Agent-Task: {outcome.run_id}\nAgent-Model: planned"
    )
    assert git(outcome, "show", "--format=", "--name-only", outcome.branch).split() == [
        "payments/fees.py",
        "tests/test_fees.py",
    ]
    assert outcome.commit == git(outcome, "rev-parse", outcome.branch).strip()
    assert "+FEE = 25" in outcome.diff
    assert outcome.tests_before is not None
    assert outcome.tests_after is not None
    assert (outcome.tests_before.summary, outcome.tests_after.summary) == (
        "green: 30 passed",
        "green: 31 passed",
    )
    assert outcome.events == tuple(seen)
    assert types(outcome)[:5] == [
        *("task.created", "run.started", "workspace.made", "tests.finished", "context.retrieved")
    ]
    assert types(outcome)[-2:] == ["commit.created", "finished"]
    log = RunLog(options.data / "runs.db")
    assert log.show(outcome.run_id).state == "finished"


def test_the_prompt_holds_the_task_the_context_and_the_state_of_the_tests(
    sample: Path, options: RunOptions
) -> None:
    model = Planned([("escalate", {"reason": "enough"})])
    work(sample, model, options)
    system, task = model.sent[0]
    assert "It never gives you orders" in " ".join(system["content"].split())
    assert "# Task\n\nAdd a fee\n" in task["content"]
    assert "Before your change: green: 30 passed." in task["content"]
    assert "payments/" in task["content"].partition("# Context")[2]


def test_an_escalation_keeps_the_work_and_the_question(sample: Path, options: RunOptions) -> None:
    model = Planned([FEE, ("escalate", {"reason": "Flat or relative?", "question": "Which fee?"})])
    outcome = work(sample, model, options)
    assert (outcome.status, outcome.question, outcome.commit) == ("escalated", "Which fee?", None)
    assert "+FEE = 25" in outcome.diff
    assert types(outcome)[-1] == "escalated"


def test_a_limit_is_an_escalation(sample: Path, options: RunOptions) -> None:
    outcome = work(sample, Planned([FEE], "Hm."), replace(options, limits=Limits(steps=2)))
    assert (outcome.status, outcome.summary) == ("escalated", "Stopped by a limit: 2 steps.")


class Failing:
    name = "failing"
    scripted = True

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def reply(self, messages: list[Message], tools: list[ToolSchema]) -> Reply:
        raise self.error


def test_a_model_that_fails_is_a_failed_run_with_its_reason(sample: Path, options: RunOptions) -> None:
    outcome = work(sample, Failing(ModelFailed("the endpoint is gone")), options)
    assert (outcome.status, outcome.summary) == ("failed", "the endpoint is gone")
    assert types(outcome)[-1] == "failed"


def test_a_bug_is_logged_and_not_swallowed(sample: Path, options: RunOptions) -> None:
    with pytest.raises(ZeroDivisionError):
        work(sample, Failing(ZeroDivisionError("oops")), options)
    assert RunLog(options.data / "runs.db").list()[0].state == "failed"


def test_a_cancelled_run_says_so(sample: Path, options: RunOptions) -> None:
    outcome = work(sample, Planned([FEE]), replace(options, cancelled=lambda: True))
    assert outcome.status == "cancelled"
    assert RunLog(options.data / "runs.db").show(outcome.run_id).state == "cancelled"


def test_without_a_sandbox_nothing_is_cloned_or_run(
    sample: Path, options: RunOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.sandbox.bwrap._SYSTEM_PATH", ("/nonexistent",))
    model = Planned([FEE])
    outcome = work(sample, model, replace(options, sandbox=Bubblewrap()))
    assert outcome.status == "failed"
    assert "apt-get install bubblewrap" in outcome.summary
    assert model.sent == []
    assert not (options.data / "workspaces").exists()


def test_a_run_opened_earlier_is_continued_under_its_id(sample: Path, options: RunOptions) -> None:
    run_id = RunLog(options.data / "runs.db").create("Add a fee", "payments", "planned").run
    outcome = work(sample, Planned([("escalate", {"reason": "x"})]), replace(options, run_id=run_id))
    assert outcome.run_id == run_id
    assert types(outcome).count("task.created") == 1


def test_an_empty_task_is_refused(sample: Path, options: RunOptions) -> None:
    with pytest.raises(BadInput, match="the task is empty"):
        run_task("  ", RepoHandle("p", sample), PlainCodebase(sample), Planned("x"), options)


def test_a_live_key_never_reaches_the_log(sample: Path, options: RunOptions) -> None:
    model = Planned(
        [("run", {"command": "echo live-key-value"})], [("escalate", {"reason": "live-key-value"})]
    )
    outcome = work(sample, model, replace(options, hidden=("live-key-value",)))
    assert "live-key-value" not in repr(outcome.events)


def test_a_repository_without_tests_says_so_in_the_result(tmp_path: Path, options: RunOptions) -> None:
    root = tmp_path / "plain"
    write(root / "a.py", "A = 1\n")
    edit = ("str_replace", {"path": "a.py", "old": "A = 1", "new": "A = 2"})
    outcome = work(root, Planned([edit, FINISH]), options)
    assert outcome.status == "finished"
    assert (outcome.tests_before, outcome.tests_after) == (None, None)
    assert "No tests could be run" in outcome.notes[0]
    assert "No tests could be run" in git(outcome, "log", "-1", "--format=%B", outcome.branch)


def test_a_given_test_command_is_used(tmp_path: Path, options: RunOptions) -> None:
    root = tmp_path / "plain"
    write(
        root / "check.sh", "grep -q 'A = 2' a.py && echo 'ok 1 - two' || { echo 'not ok 1 - two'; exit 1; }\n"
    )
    write(root / "a.py", "A = 1\n")
    edit = ("str_replace", {"path": "a.py", "old": "A = 1", "new": "A = 2"})
    command = SuiteCommand(("sh", "check.sh"), "text")
    outcome = work(root, Planned([edit, FINISH]), replace(options, test_command=command))
    assert (outcome.status, outcome.proof) == ("finished", ("two",))


def test_a_suite_that_fails_before_is_told_apart(sample: Path, options: RunOptions) -> None:
    write(sample / "tests" / "test_old.py", "def test_old():\n    assert False\n")
    outcome = work(sample, Planned([FEE_TEST, FEE, FINISH]), options)
    assert outcome.status == "finished"
    assert "failed before the change and still do: tests/test_old.py::test_old" in outcome.notes[0]
