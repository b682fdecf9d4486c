import threading
from pathlib import Path
from typing import Any

import pytest

from agent.loop import Agent, Limits
from agent.model import Usage
from agent.tools import Ending
from indexer.errors import Cancelled
from tests.agent.conftest import Desk, Planned
from tests.agent.test_history import sound

LOOK = ("list_files", {"pattern": "*.py"})
STOP = ("escalate", {"reason": "enough"})


def work(desk: Desk, model: Planned, **limits: Any) -> Ending:
    return Agent(model, desk.tools, desk.record, Limits(**limits)).run("You are an agent.", "# Task")


def test_a_run_ends_where_the_model_ends_it(desk: Desk) -> None:
    ending = work(desk, Planned([LOOK], [STOP]))
    assert (ending.status, ending.summary) == ("escalated", "enough")


def test_the_model_sees_what_its_call_gave(desk: Desk) -> None:
    model = Planned([LOOK], [STOP])
    work(desk, model)
    assert "payments/retry.py" in model.results[0]
    assert model.sent[1][2]["tool_calls"][0]["function"] == {
        "name": "list_files",
        "arguments": '{"pattern": "*.py"}',
    }


def test_every_request_is_one_an_endpoint_accepts(desk: Desk) -> None:
    many = [("read_file", {"path": f"file{n}"}) for n in range(10)]
    wrong = [LOOK, ("nope", {}), ("read_file", "{broken"), ("", {})]
    model = Planned(wrong, "Just talking.", many, [STOP, LOOK])
    work(desk, model)
    assert len(model.sent) == 4
    for messages in model.sent:
        assert sound(messages)
        ids = [call["id"] for message in messages for call in message.get("tool_calls") or ()]
        assert len(ids) == len(set(ids))


def test_broken_arguments_are_answered_and_do_not_stay_in_the_history(desk: Desk) -> None:
    model = Planned([("read_file", '{"path": "a'), LOOK], [STOP])
    work(desk, model)
    assert "no JSON" in model.results[0]
    assert model.sent[1][2]["tool_calls"][0]["function"]["arguments"] == "{}"


def test_an_unknown_tool_is_answered_with_the_known_ones(desk: Desk) -> None:
    model = Planned([("git_push", {})], [STOP])
    work(desk, model)
    assert "there is no tool 'git_push'; there are search_code, context" in model.results[0]


def test_only_so_many_calls_of_one_message_are_run(desk: Desk) -> None:
    model = Planned([("read_file", {"path": f"file{n}"}) for n in range(40)], [STOP])
    work(desk, model, calls_per_message=8)
    assert len(model.results) == 40
    assert sum("at most 8 calls" in result for result in model.results) == 32
    assert len(desk.events("tool.call")) == 9


def test_nothing_runs_after_the_task_has_ended(desk: Desk) -> None:
    model = Planned([STOP, ("create_file", {"path": "late.txt", "content": "x"})])
    work(desk, model)
    assert not (desk.workspace.tree / "late.txt").exists()


def test_steps_are_limited(desk: Desk) -> None:
    model = Planned(*[[("read_file", {"path": f"f{n}"})] for n in range(99)])
    ending = work(desk, model, steps=7)
    assert (ending.status, ending.summary) == ("escalated", "Stopped by a limit: 7 steps.")
    assert len(model.sent) == 7
    assert "[1 of 7 steps are left]" in model.sent[-1][-1]["content"]


@pytest.mark.parametrize(
    ("usage", "said"), [(Usage(600, 0), "1000 input tokens"), (Usage(0, 600), "1000 output tokens")]
)
def test_tokens_are_limited_though_the_answers_are_useless(desk: Desk, usage: Usage, said: str) -> None:
    """What cannot be read costs as much as what can."""
    model = Planned([("nope", "{")], usage=usage)
    ending = work(desk, model, input_tokens=1000, output_tokens=1000, useless_answers=99)
    assert said in ending.summary
    assert len(model.sent) == 2


def test_time_is_limited(desk: Desk) -> None:
    assert "0 seconds" in work(desk, Planned([LOOK]), seconds=0.0).summary


def test_talking_without_acting_is_answered_and_then_stopped(desk: Desk) -> None:
    model = Planned("I think.", "I think.", "I think.", [STOP])
    ending = work(desk, model)
    assert "3 answers in a row without a usable tool call" in ending.summary
    assert "You called no tool" in model.sent[1][-1]["content"]


def test_one_usable_call_forgives_useless_answers(desk: Desk) -> None:
    model = Planned("Hm.", "Hm.", [LOOK], "Hm.", "Hm.", [STOP])
    assert work(desk, model).summary == "enough"


def test_an_answer_that_was_cut_off_is_not_carried_out(desk: Desk) -> None:
    model = Planned([("create_file", {"path": "half.txt", "content": "x"})], cut=True)
    work(desk, model)
    assert not (desk.workspace.tree / "half.txt").exists()
    assert "cut off" in model.sent[1][-1]["content"]


def test_the_same_call_again_and_again_is_warned_blocked_and_stopped(desk: Desk) -> None:
    model = Planned([LOOK])
    ending = work(desk, model)
    assert "5 identical calls with nothing changed between" in ending.summary
    assert "made this very call before, with the same result" in model.sent[3][-1]["content"]
    assert "Not run: you made this very call before" in model.sent[4][-1]["content"]
    assert len(desk.events("tool.call")) == 3
    assert desk.events("guard.tripped") == [{"guard": "identical calls", "name": "list_files"}]


def test_two_calls_in_turns_are_a_loop_too(desk: Desk) -> None:
    other = ("read_file", {"path": "README.md"})
    model = Planned(*([[LOOK], [other]] * 20))
    assert "identical calls" in work(desk, model).summary
    assert len(model.sent) < 12


def test_arguments_in_another_order_are_the_same_call(desk: Desk) -> None:
    turns = ['{"path": "README.md", "start": 1}', '{"start": 1, "path": "README.md"}']
    model = Planned(*[[("read_file", turns[n % 2])] for n in range(20)])
    assert "identical calls" in work(desk, model).summary


def test_a_call_may_be_repeated_after_a_change(desk: Desk) -> None:
    edits = [("create_file", {"path": f"notes/{n}.txt", "content": "x"}) for n in range(8)]
    model = Planned(*[turn for edit in edits for turn in ([LOOK], [edit])], [STOP])
    assert work(desk, model).summary == "enough"


def test_refused_attempts_to_finish_are_limited(desk: Desk) -> None:
    finishes = [("finish", {"subject": f"Done {n}", "summary": "It works."}) for n in range(9)]
    ending = work(desk, Planned(*[[finish] for finish in finishes]), refused_finishes=3)
    assert "3 refused attempts to finish" in ending.summary


def test_a_long_conversation_is_shortened_and_stays_sound(desk: Desk) -> None:
    model = Planned(*[[("read_file", {"path": "README.md", "start": n})] for n in range(1, 16)], [STOP])
    work(desk, model, conversation_letters=8000)
    assert sound(model.sent[-1])
    assert "left out to save space" in model.results[0]
    assert "How we write it" in model.results[-1]


def test_a_run_can_be_cancelled_between_two_steps(desk: Desk) -> None:
    stop = threading.Event()
    model = Planned([LOOK])
    desk.tools._tools["list_files"] = lambda pattern: stop.set() or "files"  # type: ignore[func-returns-value]
    agent = Agent(model, desk.tools, desk.record, Limits(), stop.is_set)
    with pytest.raises(Cancelled):
        agent.run("system", "task")
    assert len(model.sent) == 1


def test_usage_and_every_answer_are_logged(desk: Desk, tmp_path: Path) -> None:
    work(desk, Planned([LOOK], [STOP], usage=Usage(123, 45)))
    responses = desk.events("model.response")
    assert [(event["input_tokens"], event["output_tokens"]) for event in responses] == [(123, 45)] * 2
    assert [event["calls"] for event in responses] == [["list_files"], ["escalate"]]
    assert [event["step"] for event in desk.events("model.request")] == [1, 2]
