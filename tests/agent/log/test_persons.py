from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.log import persons
from agent.log.outcome import Outcome, outcome_of
from agent.log.runs import Event
from agent.means import Means
from agent.run import open_run, work_on
from agent.workspace import RepoHandle
from indexer.errors import Conflict
from tests.agent.conftest import Planned, Played
from tests.agent.test_run import FEE, FEE_TEST, FINISH, go_on, means, types, with_model, work

__all__ = ["means"]

WORK: list[Played] = [FEE_TEST, FEE, FINISH]
NOTHING: Played = ("report", {"summary": "Nothing."})
STUCK: list[Played] = [("escalate", {"reason": "stuck"})]
TOKEN = "ghp_" + "a1B2c3D4e5" * 4


def played(tool: str, given: dict[str, Any]) -> Played:
    return tool, given


def killed_at(seen: Callable[[Event], bool], root: Path, model: Any, means: Means, **choices: Any) -> str:
    """Work until an event, and no further. Returns the id of the run."""

    def watch(event: Event) -> None:
        if seen(event):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work(root, model, means, Killing(watch), **choices)
    return means.log.list()[0].id


class Killing(list[Event]):
    """Keeps what it sees, until it sees what the worker dies of."""

    def __init__(self, watch: Callable[[Event], None]) -> None:
        super().__init__()
        self._watch = watch

    def append(self, event: Event) -> None:
        super().append(event)
        self._watch(event)


def resumed(run_id: str, root: Path, model: Any, means: Means) -> Outcome:
    return work_on(run_id, RepoHandle("payments", root), with_model(means, root, model))


def result_of(tool: str) -> Callable[[Event], bool]:
    return lambda event: event.type == "tool.result" and event.payload["name"] == tool


def test_a_plan_that_held_before_a_kill_is_not_made_again(sample: Path, means: Means) -> None:
    run_id = killed_at(result_of("propose_plan"), sample, Planned(WORK), means)
    assert means.log.events(run_id)[-1].type == "failed"
    rest = Planned(WORK)
    outcome = resumed(run_id, sample, rest, means)
    assert (outcome.status, rest.plans) == ("finished", 0)


def test_a_report_that_was_made_before_a_kill_is_not_asked_for_again(sample: Path, means: Means) -> None:
    report = played("report", {"summary": "All is well."})
    run_id = killed_at(result_of("report"), sample, Planned([report]), means, mode="read-only")
    outcome = resumed(run_id, sample, Planned("I was asked again."), means)
    assert (outcome.status, outcome.summary) == ("finished", "All is well.")


def test_a_question_that_was_asked_before_a_kill_is_still_asked(sample: Path, means: Means) -> None:
    asks = played("escalate", {"reason": "Two fees.", "question": "Which?"})
    run_id = killed_at(result_of("escalate"), sample, Planned([asks]), means)
    outcome = resumed(run_id, sample, Planned("I was asked again."), means)
    assert (outcome.status, outcome.question) == ("escalated", "Which?")
    persons.answer(means.log, run_id, "Ada", "The flat one.")
    rest = Planned(WORK, plan=Planned(WORK)._derived())
    resumed(run_id, sample, rest, means)
    assert rest.sent[0][-1]["content"] == "A person says: The flat one."


def test_a_word_comes_before_what_was_open_when_the_run_was_killed(sample: Path, means: Means) -> None:
    """Killed with the change handed in and the call not answered; what the person wants is done instead."""
    run_id = killed_at(lambda event: event.type == "work.finished", sample, Planned(WORK), means)
    persons.answer(means.log, run_id, "Ada", "Call it 30.")
    assert outcome_of(means.log, run_id, means.data).proof == ()
    edit = played("str_replace", {"path": "payments/fees.py", "old": "FEE = 25", "new": "FEE = 30"})
    test = played("str_replace", {"path": "tests/test_fees.py", "old": "FEE == 25", "new": "FEE == 30"})
    rest = Planned([edit, test, FINISH])
    outcome = resumed(run_id, sample, rest, means)
    assert outcome.status == "finished"
    assert [message["role"] for message in rest.sent[0][-3:]] == ["tool", "tool", "user"]
    assert "a person has spoken since" in rest.sent[0][-2]["content"]
    assert "+FEE = 30" in outcome.diff
    assert types(outcome).count("work.finished") == 2


def test_what_is_said_before_any_model_was_asked_reaches_the_first(sample: Path, means: Means) -> None:
    run_id = open_run(
        "Add a fee",
        RepoHandle("payments", sample),
        with_model(means, sample, Planned("x")),
        {"mode": "read-only"},
    )
    persons.cancel(means.log, run_id, "Ada")
    persons.answer(means.log, run_id, "Ada", "Look at refunds only.")
    model = Planned([NOTHING])
    resumed(run_id, sample, model, means)
    assert model.sent[0][-1]["content"] == "A person says: Look at refunds only."


def test_a_plan_that_holds_something_like_a_secret_can_be_approved(sample: Path, means: Means) -> None:
    plan = {**Planned(WORK)._derived(), "summary": f"It takes the token {TOKEN}."}
    waiting = work(sample, Planned(WORK, plan=plan), means, gates=["plan"])
    assert waiting.gate is not None
    assert waiting.plan is not None
    assert TOKEN not in waiting.plan.summary
    assert waiting.plan.digest == waiting.gate.subject
    edited = {**plan, "verification": f"With {TOKEN}."}
    persons.approve(means.log, waiting.run_id, "Ada", subject=waiting.gate.subject, plan=edited)
    outcome = go_on(waiting, sample, Planned(WORK), means)
    assert outcome.status == "finished"
    assert outcome.plan is not None
    assert outcome.plan.verification.startswith("With [redacted")
    message = next(e.payload["message"] for e in outcome.events if e.type == "commit.created")
    assert "Approved-by" not in message  # Ada saw the plan, not the change


def test_a_live_key_in_a_persons_word_is_masked(sample: Path, means: Means) -> None:
    hidden = replace(means, hidden=("live-key-value",))
    stuck = work(sample, Planned(STUCK), hidden)
    event = persons.answer(hidden.log, stuck.run_id, "Ada", "Use live-key-value.")
    assert event.payload["text"] == "Use [redacted:key]."


def test_a_gate_is_found_by_the_beginning_of_an_id(sample: Path, means: Means) -> None:
    waiting = work(sample, Planned(WORK), means, gates=["plan"])
    assert persons.pending_gate(means.log, waiting.run_id[:6]) == waiting.gate


def test_a_rejected_run_says_why(sample: Path, means: Means) -> None:
    waiting = work(sample, Planned(WORK), means, gates=["plan"])
    persons.reject(means.log, waiting.run_id, "Ada", note="Not this year.")
    outcome = outcome_of(means.log, waiting.run_id, means.data)
    assert (outcome.status, outcome.summary) == ("rejected", "Not this year.")
    with pytest.raises(Conflict, match="it asks nothing"):
        persons.answer(means.log, waiting.run_id, "Ada", "But next year?")


def test_a_link_that_a_command_left_is_no_reason_to_lose_the_outcome(sample: Path, means: Means) -> None:
    link = played("run", {"command": "rm README.md && ln -s /etc/passwd README.md"})
    outcome = work(sample, Planned([FEE], [link], STUCK), means)
    assert (outcome.status, outcome.diff) == ("escalated", "")
    assert outcome.summary.splitlines()[0] == "stuck"
