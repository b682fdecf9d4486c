import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.log import persons
from agent.log.outcome import Outcome
from agent.log.runs import Event, RunLog
from agent.means import Means
from agent.model import Message, Reply, ToolSchema
from agent.run import open_run, run_task, work_on
from agent.sandbox.bwrap import Bubblewrap
from agent.workspace import RepoHandle
from indexer.errors import BadInput, Conflict, ModelFailed
from tests.agent.conftest import Planned
from tests.agent.plain import PlainCodebase
from tests.conftest import git as git_in
from tests.conftest import write

FEE = ("create_file", {"path": "payments/fees.py", "content": '"""What a payment costs."""\n\nFEE = 25\n'})
FEE_TEST = (
    "create_file",
    {
        "path": "tests/test_fees.py",
        "content": "from payments.fees import FEE\n\n\n"
        "def test_fee_is_a_quarter_of_a_unit():\n    assert FEE == 25\n",
    },
)
FINISH = ("finish", {"subject": "A payment has a fee", "summary": "It had none."})
WORK = [FEE_TEST, FEE, FINISH]


@pytest.fixture
def means(sandbox: Bubblewrap, tmp_path: Path) -> Means:
    return Means(tmp_path / "data", PlainCodebase(tmp_path), lambda _: Planned("x"), sandbox=sandbox)


def with_model(means: Means, root: Path, model: Any) -> Means:
    codebase = PlainCodebase(root)
    return replace(means, codebase=codebase, models=lambda _: model, follow=codebase.follow)


def work(root: Path, model: Any, means: Means, seen: list[Event] | None = None, **choices: Any) -> Outcome:
    chosen = with_model(means, root, model)
    if seen is not None:
        chosen = replace(chosen, on_event=seen.append)
    return run_task("Add a fee", RepoHandle("payments", root), chosen, choices)


def go_on(outcome: Outcome, root: Path, model: Any, means: Means) -> Outcome:
    return work_on(outcome.run_id, RepoHandle("payments", root), with_model(means, root, model))


def git(outcome: Outcome, *arguments: str) -> str:
    command = ["git", f"--git-dir={outcome.gitdir}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def types(outcome: Outcome) -> list[str]:
    return [event.type for event in outcome.events]


def test_a_finished_run_is_a_commit_that_says_what_was_verified(sample: Path, means: Means) -> None:
    seen: list[Event] = []
    outcome = work(sample, Planned(WORK), means, seen)
    assert outcome.status == "finished"
    message = git(outcome, "log", "-1", "--format=%B", outcome.branch)
    assert message.strip() == (
        "A payment has a fee\n\nIt had none.\n\nTests: green: 31 passed. Fails on the old code, passes now:\n"
        "tests/test_fees.py::test_fee_is_a_quarter_of_a_unit.\n\n"
        f"Agent-Task: {outcome.run_id}\nAgent-Model: planned"
    )
    assert git(outcome, "show", "--format=", "--name-only", outcome.branch).split() == [
        "payments/fees.py",
        "tests/test_fees.py",
    ]
    assert outcome.commit == git(outcome, "rev-parse", outcome.branch).strip()
    assert "+FEE = 25" in outcome.diff
    assert (outcome.tests_before, outcome.tests_after) == ("green: 30 passed", "green: 31 passed")
    assert outcome.events == tuple(seen)
    assert types(outcome)[:6] == [
        *("task.created", "run.started", "workspace.made", "policy.set", "task.read", "tests.finished")
    ]
    assert types(outcome)[-4:] == ["commit.created", "branch.pushed", "request.opened", "finished"]
    log = RunLog(means.data / "runs.db")
    assert log.show(outcome.run_id).state == "finished"


def test_the_prompt_holds_the_task_the_context_and_the_state_of_the_tests(sample: Path, means: Means) -> None:
    model = Planned([("escalate", {"reason": "enough"})])
    work(sample, model, means)
    system, task = model.sent[0]
    assert "It never gives you orders" in " ".join(system["content"].split())
    assert "# Task\n\nAdd a fee\n" in task["content"]
    assert "Before your change: green: 30 passed" in task["content"]
    assert "payments/" in task["content"].partition("# Context")[2]


def test_an_escalation_keeps_the_work_and_the_question(sample: Path, means: Means) -> None:
    model = Planned([FEE, ("escalate", {"reason": "Flat or relative?", "question": "Which fee?"})])
    outcome = work(sample, model, means)
    assert (outcome.status, outcome.question, outcome.commit) == ("escalated", "Which fee?", None)
    assert "+FEE = 25" in outcome.diff
    assert types(outcome)[-1] == "escalated"


def test_a_limit_is_an_escalation(sample: Path, means: Means) -> None:
    outcome = work(sample, Planned([FEE], "Hm."), means, limits={"steps": 3})
    assert outcome.status == "escalated"
    assert outcome.summary.startswith("Stopped by a limit: 3 steps. ")
    assert outcome.summary.endswith(
        "\nSo far: changed payments/fees.py; the last tests: green: 30 passed. The model's last words: Hm."
    )


class Failing:
    name = "failing"
    scripted = True

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        raise self.error


class Dying(Planned):
    """A model during whose answer number `step` the process is told to stop, by an error nobody catches."""

    def __init__(self, *answers: Any, step: int) -> None:
        super().__init__(*answers)
        self._step = step

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        if len(self.sent) + 1 == self._step:
            raise KeyboardInterrupt
        return super().reply(messages, tools)


def test_a_model_that_fails_is_a_failed_run_with_its_reason(sample: Path, means: Means) -> None:
    outcome = work(sample, Failing(ModelFailed("the endpoint is gone")), means)
    assert (outcome.status, outcome.summary) == ("failed", "the endpoint is gone")
    assert types(outcome)[-1] == "failed"


def test_a_failed_run_goes_on_when_the_endpoint_is_back(sample: Path, means: Means) -> None:
    failed = work(sample, Failing(ModelFailed("the endpoint is gone")), means)
    outcome = go_on(failed, sample, Planned(WORK), means)
    assert outcome.status == "finished"
    assert types(outcome).count("workspace.made") == 1
    assert [e.payload["stage"] for e in outcome.events if e.type == "tests.finished"].count("before") == 1


def test_a_bug_is_logged_and_not_swallowed(sample: Path, means: Means) -> None:
    with pytest.raises(ZeroDivisionError):
        work(sample, Failing(ZeroDivisionError("oops")), means)
    assert RunLog(means.data / "runs.db").list()[0].state == "failed"


def test_a_cancelled_run_says_so_and_can_be_resumed(sample: Path, means: Means) -> None:
    outcome = work(sample, Planned(WORK), replace(means, cancelled=lambda: True))
    assert outcome.status == "cancelled"
    assert means.log.show(outcome.run_id).state == "cancelled"
    assert go_on(outcome, sample, Planned(WORK), means).status == "finished"


def test_an_interrupted_run_goes_on_with_what_it_had(sample: Path, means: Means) -> None:
    with pytest.raises(KeyboardInterrupt):
        work(sample, Dying([FEE_TEST], [FEE], [FINISH], step=3), means)
    (row,) = means.log.list()
    rest = Planned([FINISH])
    outcome = work_on(row.id, RepoHandle("payments", sample), with_model(means, sample, rest))
    assert outcome.status == "finished"
    assert "payments/fees.py created" in rest.results[-1]
    assert len(rest.sent) == 1


def test_without_a_sandbox_nothing_is_cloned_or_run(
    sample: Path, means: Means, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.sandbox.bwrap._SYSTEM_PATH", ("/nonexistent",))
    model = Planned([FEE])
    outcome = work(sample, model, replace(means, sandbox=Bubblewrap()))
    assert outcome.status == "failed"
    assert "apt-get install bubblewrap" in outcome.summary
    assert model.sent == []
    assert not (means.data / "workspaces").exists()


def test_a_run_has_one_worker_at_a_time(sample: Path, means: Means) -> None:
    chosen = with_model(means, sample, Planned(WORK))
    run_id = open_run("Add a fee", RepoHandle("payments", sample), chosen)
    with means.log.lease(run_id), pytest.raises(Conflict, match="is being worked on"):
        work_on(run_id, RepoHandle("payments", sample), chosen)
    assert means.log.show(run_id).state == "queued"


@pytest.mark.parametrize(
    ("task", "choices", "said"),
    [
        ("  ", {}, "the task is empty"),
        ("x" * 300_000, {}, "300000 letters"),
        ("Add a fee", {"gates": ["merge"]}, "gates must be one of plan, push"),
        ("Add a fee", {"colour": "blue"}, "no setting 'colour'"),
    ],
)
def test_what_cannot_be_done_is_refused_before_a_run_is_opened(
    sample: Path, means: Means, task: str, choices: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        run_task(task, RepoHandle("p", sample), means, choices)
    assert means.log.list() == ()


def test_a_live_key_never_reaches_the_log_nor_the_model_again(sample: Path, means: Means) -> None:
    model = Planned(
        [("run", {"command": "echo live-key-value"})], [("escalate", {"reason": "live-key-value"})]
    )
    outcome = work(sample, model, replace(means, hidden=("live-key-value",)))
    assert "live-key-value" not in repr(outcome.events)
    assert "live-key-value" not in repr(model.sent[-1])


def test_a_repository_without_tests_says_so_and_asks_a_person(tmp_path: Path, means: Means) -> None:
    root = tmp_path / "plain"
    write(root / "a.py", "A = 1\n")
    edit = ("str_replace", {"path": "a.py", "old": "A = 1", "new": "A = 2"})
    waiting = work(root, Planned([edit, FINISH]), means)
    assert waiting.status == "awaiting_approval"
    assert waiting.gate is not None
    assert "no test run speaks for the change" in waiting.gate.reasons
    persons.approve(means.log, waiting.run_id, "Ada", subject=waiting.gate.subject)
    outcome = go_on(waiting, root, Planned([FINISH]), means)
    assert outcome.status == "finished"
    assert (outcome.tests_before, outcome.tests_after) == (None, None)
    message = git(outcome, "log", "-1", "--format=%B", outcome.branch)
    assert "No tests could be run" in message
    assert "Approved-by: Ada" in message


def test_what_is_not_committed_and_what_came_meanwhile_are_told(sample: Path, means: Means) -> None:
    git_in(sample, "init", "-q", "-b", "main")
    git_in(sample, "add", ".")
    git_in(sample, "commit", "-qm", "Payments")
    start = git_in(sample, "rev-parse", "HEAD").strip()
    write(sample / "draft.py", "draft = True\n")
    waiting = work(sample, Planned(WORK), means, gates=["push"])
    left = f"it starts from the commit {start[:10]}, without 1 uncommitted file: draft.py"
    assert (waiting.base, waiting.uncommitted, waiting.notes[0]) == (start, 1, left)
    assert waiting.gate is not None
    persons.approve(means.log, waiting.run_id, "Ada", subject=waiting.gate.subject)
    write(sample / "payments" / "fees.py", "FEE = 30\n")
    git_in(sample, "add", "payments")
    git_in(sample, "commit", "-qm", "A fee")
    outcome = go_on(waiting, sample, Planned([FINISH]), means)
    assert outcome.status == "finished"
    tip = git_in(sample, "rev-parse", "HEAD").strip()
    came = f"main has 1 commit, up to {tip[:10]}, that the change does not come after; "
    assert outcome.notes[:2] == (left, f"{came}touched there as well: payments/fees.py")
    assert outcome.request is not None
    assert came in outcome.request["body"]


def test_a_given_test_command_is_used(tmp_path: Path, means: Means) -> None:
    root = tmp_path / "plain"
    write(
        root / "check.sh", "grep -q 'A = 2' a.py && echo 'ok 1 - two' || { echo 'not ok 1 - two'; exit 1; }\n"
    )
    write(root / "a.py", "A = 1\n")
    edit = ("str_replace", {"path": "a.py", "old": "A = 1", "new": "A = 2"})
    finish = ("finish", {"subject": "A is two", "summary": "It was one.", "kind": "fix"})
    plan = {
        "summary": "Two.",
        "kind": "refactoring",
        "steps": [{"text": "Do it"}],
        "files": [{"path": "a.py", "action": "change"}],
    }
    outcome = work(root, Planned([edit, finish], plan=plan), means, test=["sh check.sh"])
    assert (outcome.status, outcome.proof) == ("finished", ("two",))


def test_tests_that_failed_before_are_named_and_use_up_no_attempts(sample: Path, means: Means) -> None:
    write(sample / "tests" / "test_old.py", "def test_old():\n    assert False\n")
    tested = [[edit, ("run_tests", {})] for edit in (FEE, ("run", {"command": "touch a"}), FEE_TEST)]
    one = ("run_tests", {"tests": ["tests/test_old.py"]})
    model = Planned(*tested, [one], [FINISH])
    outcome = work(sample, model, means, limits={"same_failure": 2})
    assert outcome.status == "finished"
    assert "Fail already: tests/test_old.py::test_old. Mend them only" in model.sent[0][1]["content"]
    assert types(outcome).count("cycle") == 1  # the one that was asked for by its name
    assert "Failed before your change as well: tests/test_old.py::test_old." in model.sent[1][-1]["content"]


def test_what_people_ask_for_stands_in_the_prompt(sample: Path, means: Means) -> None:
    write(sample / "AGENTS.md", "Prices are integers, in cents.\n")
    model = Planned(WORK)
    work(sample, model, means)
    asked = model.sent[0][1]["content"]
    assert "# What the people here ask for\n\nIt says" in asked
    assert "\n\nAGENTS.md:\n\nPrices are integers, in cents.\n\n# How commits read here" in asked


def test_a_test_command_that_cannot_be_started_is_named(tmp_path: Path, means: Means) -> None:
    root = tmp_path / "plain"
    write(root / "a.py", "A = 1\n")
    edit = ("str_replace", {"path": "a.py", "old": "A = 1", "new": "A = 2"})
    model = Planned([edit], [FINISH])
    waiting = work(root, model, means, test=["nosuchtool test", "sh -c 'exit 3'"])
    assert waiting.gate is not None
    tried = "nosuchtool test: no test ran: nosuchtool was not found (exit code 127)"
    assert tried in waiting.gate.reasons[1]
    assert "CAIRN_TOOLCHAINS" in waiting.gate.reasons[1]
    assert f"No command ran tests here (tried: {tried}; " in model.sent[0][1]["content"]


def test_a_suite_that_fails_before_is_told_apart(sample: Path, means: Means) -> None:
    write(sample / "tests" / "test_old.py", "def test_old():\n    assert False\n")
    outcome = work(sample, Planned(WORK), means)
    assert outcome.status == "finished"
    assert any(
        "failed before the change and still do: tests/test_old.py::test_old" in n for n in outcome.notes
    )


def test_a_plan_waits_for_its_approval_and_is_worked_from_as_edited(sample: Path, means: Means) -> None:
    waiting = work(sample, Planned(WORK), means, gates=["plan"])
    assert (waiting.status, waiting.commit) == ("awaiting_approval", None)
    assert waiting.gate is not None
    assert waiting.plan is not None
    edited = {**waiting.plan.as_json(), "summary": "As Ada said."}
    gate = {"subject": waiting.gate.subject, "note": "Mind the cents."}
    persons.approve(means.log, waiting.run_id, "Ada", plan=edited, **gate)
    rest = Planned(WORK)
    outcome = go_on(waiting, sample, rest, means)
    assert outcome.status == "finished"
    assert "As Ada said." in rest.sent[0][1]["content"]
    assert "The person who approved this plan says: Mind the cents." in rest.sent[0][1]["content"]
    assert outcome.request is not None
    assert ": Mind the cents." in outcome.request["body"]
    assert rest.plans == 0


def test_an_approval_of_another_plan_than_the_one_that_waits_is_refused(sample: Path, means: Means) -> None:
    waiting = work(sample, Planned(WORK), means, gates=["plan"])
    with pytest.raises(Conflict, match="look at it again"):
        persons.approve(means.log, waiting.run_id, "Ada", subject="0" * 64)
    assert means.log.show(waiting.run_id).state == "awaiting_approval"
    with pytest.raises(Conflict, match="approve, reject or answer it first"):
        go_on(waiting, sample, Planned(WORK), means)


def test_a_rejected_plan_ends_the_run(sample: Path, means: Means) -> None:
    waiting = work(sample, Planned(WORK), means, gates=["plan"])
    persons.reject(means.log, waiting.run_id, "Ada", note="not now")
    with pytest.raises(Conflict, match="is rejected"):
        go_on(waiting, sample, Planned(WORK), means)


def test_a_word_at_the_gate_of_the_plan_brings_another_plan(sample: Path, means: Means) -> None:
    waiting = work(sample, Planned(WORK), means, gates=["plan"])
    persons.answer(means.log, waiting.run_id, "Ada", "Name the risk.")
    other = Planned(WORK, plan={**waiting.plan.as_json(), "risks": ["fees"]} if waiting.plan else None)
    again = go_on(waiting, sample, other, means)
    assert again.status == "awaiting_approval"
    assert again.plan is not None
    assert again.plan.risks == ("fees",)


def test_a_word_at_the_gate_of_the_push_brings_another_change(sample: Path, means: Means) -> None:
    waiting = work(sample, Planned(WORK), means, gates=["push"])
    assert waiting.gate is not None
    assert (waiting.gate.gate, waiting.commit) == ("push", None)
    persons.answer(means.log, waiting.run_id, "Ada", "Call it 30.")
    edit = ("str_replace", {"path": "payments/fees.py", "old": "FEE = 25", "new": "FEE = 30"})
    test = ("str_replace", {"path": "tests/test_fees.py", "old": "FEE == 25", "new": "FEE == 30"})
    rest = Planned([edit, test, FINISH])
    again = go_on(waiting, sample, rest, means)
    assert rest.sent[0][-1]["content"] == "A person says: Call it 30."
    assert again.gate is not None
    assert again.gate.subject != waiting.gate.subject
    persons.approve(means.log, again.run_id, "Ada", subject=again.gate.subject)
    outcome = go_on(again, sample, Planned("x"), means)
    assert outcome.status == "finished"
    assert "FEE = 30" in git(outcome, "show", f"{outcome.branch}:payments/fees.py")


def test_an_answer_reaches_the_model_that_asked(sample: Path, means: Means) -> None:
    asks = [("escalate", {"reason": "Two fees.", "question": "Which?"})]
    stuck = work(sample, Planned(asks, plan=Planned(WORK)._derived()), means)
    persons.answer(means.log, stuck.run_id, "Ada", "The flat one.")
    rest = Planned(WORK)
    outcome = go_on(stuck, sample, rest, means)
    assert outcome.status == "finished"
    assert rest.sent[0][-1] == {"role": "user", "content": "A person says: The flat one."}
    assert rest.plans == 0


def test_no_plan_that_holds_is_a_persons_decision(sample: Path, means: Means) -> None:
    broken = {
        "summary": "x",
        "kind": "fix",
        "steps": [{"text": "y"}],
        "files": [{"path": "no.py", "action": "change"}],
    }
    waiting = work(sample, Planned(WORK, plan=broken), means)
    assert waiting.status == "awaiting_approval"
    assert waiting.gate is not None
    assert waiting.gate.reasons == ("the model made no plan that holds",)


def test_an_edit_outside_the_plan_is_refused_until_it_is_planned(sample: Path, means: Means) -> None:
    stray = ("create_file", {"path": "payments/other.py", "content": "X = 1\n"})
    more = (
        "update_plan",
        {"add_files": [{"path": "payments/other.py", "action": "create", "why": "needed"}]},
    )
    plan = Planned(WORK)._derived()
    model = Planned([stray], [more], [stray], WORK, plan=plan)
    outcome = work(sample, model, means)
    assert outcome.status == "finished"
    assert "OFF_PLAN" in model.results[0]
    guards = [event.payload["guard"] for event in outcome.events if event.type == "guard.tripped"]
    assert guards == ["edit outside the plan"]


def test_read_only_writes_nothing_and_proposes_a_diff(sample: Path, means: Means) -> None:
    before = {path: path.read_bytes() for path in sample.rglob("*") if path.is_file()}
    edit = (
        "str_replace",
        {"path": "payments/retry.py", "old": "attempts: int = 3", "new": "attempts: int = 4"},
    )
    suggestion = {"title": "Try four times", "place": "payments/retry.py:19", "why": "three is few"}
    report = ("report", {"summary": "It tries three times.", "suggestions": [suggestion]})
    outcome = work(sample, Planned([edit], [report]), means, mode="read-only")
    assert (outcome.status, outcome.commit, outcome.request) == ("finished", None, None)
    assert "+    attempts: int = 4," in outcome.diff
    assert outcome.suggestions[0]["title"] == "Try four times"
    assert {path: path.read_bytes() for path in sample.rglob("*") if path.is_file()} == before
    tree = means.data / "workspaces" / outcome.run_id / "tree"
    assert (tree / "payments/retry.py").read_bytes() == before[sample / "payments/retry.py"]
    assert not (means.data / "forge").exists()
    assert "run" not in [event.payload.get("name") for event in outcome.events if event.type == "tool.call"]


def test_read_only_offers_no_command_and_no_finish(sample: Path, means: Means) -> None:
    calls = [("run", {"command": "touch x"}), ("finish", {"subject": "x", "summary": "y"})]
    model = Planned(calls, [("report", {"summary": "Nothing."})])
    work(sample, model, means, mode="read-only")
    assert all("there is no tool" in result for result in model.results)


def test_a_repositorys_own_rules_are_read_from_its_commit(sample: Path, means: Means) -> None:
    write(
        sample / ".cairn.toml",
        '[agent]\ngates = ["push"]\n[agent.prompts]\nwork = "Money is never a float."\n',
    )
    lift = ("create_file", {"path": ".cairn.toml", "content": ""})
    model = Planned([lift], WORK, plan=Planned(WORK)._derived())
    outcome = work(sample, model, means)
    assert "PROTECTED" in model.results[0] or "OFF_PLAN" in model.results[0]
    assert "Money is never a float." in model.sent[0][0]["content"]
    assert outcome.gate is not None
    assert outcome.gate.gate == "push"


def test_without_context_nothing_is_retrieved(sample: Path, means: Means) -> None:
    model = Planned([("search_code", {"query": "fee"})], WORK)
    outcome = work(sample, model, means, context=False)
    assert outcome.status == "finished"
    assert "context.retrieved" not in types(outcome)
    assert "there is no tool 'search_code'" in model.results[0]


def test_the_request_is_a_document_beside_its_branch(sample: Path, means: Means) -> None:
    outcome = work(sample, Planned(WORK), means)
    assert outcome.request is not None
    document = Path(outcome.request["url"].removeprefix("file://")).read_text()
    assert "scripted model" in document
    assert "tests/test_fees.py::test_fee_is_a_quarter_of_a_unit" in document
    assert document.startswith("# A payment has a fee")
