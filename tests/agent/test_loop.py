import re
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from agent.log.budget import Limits
from agent.loop import Agent, Prompt
from agent.model import Usage
from agent.model.errors import Unreachable
from agent.model.openai import ModelOptions, OpenAIModel
from agent.tools import Ending
from indexer.errors import Cancelled
from tests.agent.conftest import Bench, Planned
from tests.agent.endpoint import Call, Rules, Said, serve
from tests.agent.test_history import sound

LOOK = ("list_files", {"pattern": "*.py"})
STOP = ("escalate", {"reason": "enough"})


def agent(bench: Bench, model: Planned, **limits: Any) -> Agent:
    return Agent("work", model, bench.tools, bench.record, Limits(**limits))


def work(bench: Bench, model: Planned, **limits: Any) -> Ending:
    return agent(bench, model, **limits).run(lambda: Prompt("You are an agent.", "# Task"))


def test_a_run_ends_where_the_model_ends_it(bench: Bench) -> None:
    ending = work(bench, Planned([LOOK], [STOP]))
    assert (ending.status, ending.summary) == ("escalated", "enough")


def test_the_model_sees_what_its_call_gave(bench: Bench) -> None:
    model = Planned([LOOK], [STOP])
    work(bench, model)
    assert "payments/retry.py" in model.results[0]
    assert model.sent[1][2]["tool_calls"][0]["function"] == {
        "name": "list_files",
        "arguments": '{"pattern": "*.py"}',
    }


def test_every_request_is_one_an_endpoint_accepts(bench: Bench) -> None:
    many = [("read_file", {"path": f"file{n}"}) for n in range(10)]
    wrong = [LOOK, ("nope", {}), ("read_file", "{broken"), ("", {})]
    model = Planned(wrong, "Just talking.", many, [STOP, LOOK])
    work(bench, model)
    assert len(model.sent) == 4
    for messages in model.sent:
        assert sound(messages)
        ids = [call["id"] for message in messages for call in message.get("tool_calls") or ()]
        assert len(ids) == len(set(ids))
        assert all(re.fullmatch("[a-zA-Z0-9]{9}", one) for one in ids)


def test_broken_arguments_are_answered_and_do_not_stay_in_the_history(bench: Bench) -> None:
    model = Planned([("read_file", '{"path": "a'), LOOK], [STOP])
    work(bench, model)
    assert "no JSON" in model.results[0]
    assert model.sent[1][2]["tool_calls"][0]["function"]["arguments"] == "{}"


def test_an_unknown_tool_is_answered_with_the_known_ones(bench: Bench) -> None:
    model = Planned([("git_push", {})], [STOP])
    work(bench, model)
    assert "there is no tool 'git_push'; there are search_code, context" in model.results[0]


def test_only_so_many_calls_of_one_message_are_run(bench: Bench) -> None:
    model = Planned([("read_file", {"path": f"file{n}"}) for n in range(40)], [STOP])
    work(bench, model, calls_per_message=8)
    assert len(model.results) == 40
    assert sum("at most 8 calls" in result for result in model.results) == 32
    assert len(bench.events("tool.call")) == 9


def test_nothing_runs_after_the_task_has_ended(bench: Bench) -> None:
    model = Planned([STOP, ("create_file", {"path": "late.txt", "content": "x"})])
    work(bench, model)
    assert not (bench.workspace.tree / "late.txt").exists()


def test_steps_are_limited(bench: Bench) -> None:
    model = Planned(*[[("read_file", {"path": f"f{n}"})] for n in range(99)])
    ending = work(bench, model, steps=7)
    assert (ending.status, ending.summary) == (
        "escalated",
        "Stopped by a limit: 7 steps. An answer grants it anew; "
        "`--limit steps=N`, or `steps` of [agent.limits] in .cairn.toml, gives a new run more.",
    )
    assert len(model.sent) == 7
    assert "[1 of 7 steps, " in model.sent[-1][-1]["content"]


@pytest.mark.parametrize(
    ("usage", "said"), [(Usage(600, 0), "1000 input tokens"), (Usage(0, 600), "1000 output tokens")]
)
def test_tokens_are_limited_though_the_answers_are_useless(bench: Bench, usage: Usage, said: str) -> None:
    """What cannot be read costs as much as what can."""
    model = Planned([("nope", "{")], usage=usage)
    ending = work(bench, model, input_tokens=1000, output_tokens=1000, useless_answers=99)
    assert f"{said}, after 2 of 60 steps. An answer grants it anew" in ending.summary
    assert f"--limit {said.partition(' ')[2].replace(' ', '_')}=N" in ending.summary
    assert len(model.sent) == 2


def test_time_is_limited(bench: Bench) -> None:
    assert "seconds" in work(bench, Planned([LOOK]), seconds=1e-9).summary


class Busy(Planned):
    """Wants a pause before its first answer."""

    def __init__(self, pause: float, *answers: Any) -> None:
        super().__init__(*answers)
        self._pauses = [pause]

    def reply(self, messages: Any, tools: Any) -> Any:
        if self._pauses:
            pause = self._pauses.pop()
            raise Unreachable(f"429; it wants {pause:.0f} s of pause", pause)
        return super().reply(messages, tools)


def test_a_pause_that_the_endpoint_wants_is_sat_out(bench: Bench) -> None:
    started = time.monotonic()
    assert work(bench, Busy(0.5, [STOP]), seconds=60).summary == "enough"
    assert time.monotonic() - started >= 0.5
    assert bench.events("model.busy")[0]["reason"] == "429; it wants 0 s of pause"


def test_a_pause_beyond_the_time_of_the_run_is_not_begun(bench: Bench) -> None:
    with pytest.raises(
        Unreachable, match=r"wants 3600 s of pause, and \d+ s are left of the limit `seconds`"
    ):
        work(bench, Busy(3600, [STOP]), seconds=60.4)


def test_a_run_is_cancelled_in_the_middle_of_a_pause(bench: Bench) -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    asked = Agent("work", Busy(60, [STOP]), bench.tools, bench.record, Limits(), stop.is_set)
    with pytest.raises(Cancelled):
        asked.run(lambda: Prompt("You are an agent.", "# Task"))


def test_talking_without_acting_is_answered_and_then_stopped(bench: Bench) -> None:
    model = Planned("I think.", "I think.", "I think.", [STOP])
    ending = work(bench, model)
    assert "3 answers in a row without a usable tool call" in ending.summary
    assert "You called no tool" in model.sent[1][-1]["content"]


def test_one_usable_call_forgives_useless_answers(bench: Bench) -> None:
    model = Planned("Hm.", "Hm.", [LOOK], "Hm.", "Hm.", [STOP])
    assert work(bench, model).summary == "enough"


def test_an_answer_that_was_cut_off_is_not_carried_out(bench: Bench) -> None:
    model = Planned([("create_file", {"path": "half.txt", "content": "x"})], cut=True)
    work(bench, model)
    assert not (bench.workspace.tree / "half.txt").exists()
    assert "cut off" in model.sent[1][-1]["content"]


def test_the_same_call_again_and_again_is_warned_blocked_and_stopped(bench: Bench) -> None:
    model = Planned([LOOK])
    ending = work(bench, model)
    assert "5 identical calls with nothing changed between" in ending.summary
    assert "made this very call before, with the same result" in model.sent[3][-1]["content"]
    assert "Not run: you made this very call before" in model.sent[4][-1]["content"]
    assert len(bench.events("tool.call")) == 3
    assert bench.events("guard.tripped")[0] == {"guard": "identical calls", "name": "list_files"}


def test_two_calls_in_turns_are_a_loop_too(bench: Bench) -> None:
    other = ("read_file", {"path": "README.md"})
    model = Planned(*([[LOOK], [other]] * 20))
    assert "2 calls that take turns, 3 times over" in work(bench, model).summary
    assert len(model.sent) == 6


def test_arguments_in_another_order_are_the_same_call(bench: Bench) -> None:
    turns = ['{"path": "README.md", "start": 1}', '{"start": 1, "path": "README.md"}']
    model = Planned(*[[("read_file", turns[n % 2])] for n in range(20)])
    assert "identical calls" in work(bench, model).summary


def test_a_call_may_be_repeated_after_a_change(bench: Bench) -> None:
    edits = [("create_file", {"path": f"notes/{n}.txt", "content": "x"}) for n in range(8)]
    model = Planned(*[turn for edit in edits for turn in ([LOOK], [edit])], [STOP])
    assert work(bench, model).summary == "enough"


def test_attempts_that_fail_in_the_same_way_are_limited(bench: Bench) -> None:
    turns: list[Any] = []
    for n in range(9):
        turns += [
            [("create_file", {"path": f"tests/test_{n}.py", "content": "X = 1\n"})],
            [("finish", {"subject": f"Done {n}", "summary": "It works."})],
        ]
    ending = work(bench, Planned(*turns))
    assert "3 attempts in a row that fail in the same way" in ending.summary


def test_a_long_conversation_is_shortened_and_stays_sound(bench: Bench) -> None:
    model = Planned(*[[("read_file", {"path": "README.md", "start": n})] for n in range(1, 16)], [STOP])
    work(bench, model, conversation_tokens=2000)
    assert sound(model.sent[-1])
    assert "left out to save space" in model.results[0]
    assert "How we write it" in model.results[-1]


@pytest.mark.parametrize("wants_back", ["reasoning_content", "extra_content"])
def test_a_resumed_stage_still_has_the_thoughts_that_an_endpoint_wants_back(
    bench: Bench, wants_back: Any
) -> None:
    calls, thought = [Call(*LOOK), Call(*STOP)], "Which files are there?"
    if wants_back == "extra_content":
        calls, thought = [Call(*LOOK, seal={"s": "1"}), Call(*STOP, seal={"s": "2"})], ""
    said = [Said("", [call], thoughts=thought) for call in calls]
    stop = threading.Event()
    with serve(
        lambda messages, tools: said[len(messages) // 2 - 1], Rules(wants_back=wants_back)
    ) as endpoint:
        first, second = (OpenAIModel(ModelOptions("scripted", "key", endpoint.url)) for _ in said)
        cut = Agent("work", first, bench.tools, bench.record, Limits(), stop.is_set)
        with (
            bench.record.followed_by(lambda event: stop.set() if event.type == "tool.result" else None),
            pytest.raises(Cancelled),
        ):
            cut.run(lambda: Prompt("system", "task"))
        ending = Agent("work", second, bench.tools, bench.record, Limits()).run(lambda: pytest.fail("again"))
        first.close()
        second.close()
    assert ending.summary == "enough"
    assert len(endpoint.refused) == 1


def test_a_run_can_be_cancelled_between_two_steps(bench: Bench) -> None:
    stop = threading.Event()
    model = Planned([LOOK], [STOP])
    one = Agent("work", model, bench.tools, bench.record, Limits(), stop.is_set)
    with (
        bench.record.followed_by(lambda event: stop.set() if event.type == "tool.call" else None),
        pytest.raises(Cancelled),
    ):
        one.run(lambda: Prompt("system", "task"))
    assert len(model.sent) == 1


def test_a_stage_goes_on_where_it_was_cut_off(bench: Bench) -> None:
    """Another agent on the same log, as after a kill: the first prompt is not made again."""
    first = Planned([LOOK], [("create_file", {"path": "a.txt", "content": "x"})], [STOP])
    stop = threading.Event()
    cut = Agent("work", first, bench.tools, bench.record, Limits(), stop.is_set)
    with (
        bench.record.followed_by(lambda event: stop.set() if event.type == "edit.applied" else None),
        pytest.raises(Cancelled),
    ):
        cut.run(lambda: Prompt("system", "the task"))
    second = Planned([STOP])
    ending = agent(bench, second).run(lambda: pytest.fail("a second prompt"))
    assert ending.summary == "enough"
    assert second.sent[0][: len(first.sent[-1])] == first.sent[-1]
    assert "a.txt created" in second.results[-1]


def test_usage_and_every_answer_are_logged(bench: Bench, tmp_path: Path) -> None:
    work(bench, Planned([LOOK], [STOP], usage=Usage(123, 45)))
    responses = bench.events("model.response")
    assert [(event["input_tokens"], event["output_tokens"]) for event in responses] == [(123, 45)] * 2
    assert [[call["name"] for call in event["calls"]] for event in responses] == [
        ["list_files"],
        ["escalate"],
    ]
    assert [event["step"] for event in bench.events("model.request")] == [1, 2]
