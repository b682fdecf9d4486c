from pathlib import Path

import pytest

from agent.guards import Repeats
from agent.log.runs import Recorder, RunLog
from agent.model import ToolCall


@pytest.fixture
def record(tmp_path: Path) -> Recorder:
    log = RunLog(tmp_path / "runs.db")
    return Recorder(log, log.create("a task", "shop", "a model").run)


def call(name: str, arguments: str = "{}") -> ToolCall:
    return ToolCall("x", name, arguments)


def test_the_same_call_is_warned_about_then_refused_then_ends_the_run(record: Recorder) -> None:
    repeats = Repeats(record)
    refusals = [repeats.refusal(call("read_file", '{"path": "a"}'), 0) for _ in range(3)]
    assert refusals == ["", "", ""]
    assert "this very call before" in repeats.warning(call("read_file", '{"path": "a"}'))
    assert repeats.refusal(call("read_file", '{ "path":"a" }'), 0).startswith("Not run")
    assert not repeats.stuck
    repeats.refusal(call("read_file", '{"path": "a"}'), 0)
    assert "5 identical calls" in repeats.stuck
    assert record.last("guard.tripped") is not None


def test_a_call_after_a_change_is_not_a_repetition(record: Recorder) -> None:
    repeats = Repeats(record)
    for version in range(20):
        assert repeats.refusal(call("run_tests"), version) == ""
        repeats.refusal(call("str_replace", f'{{"new": "{version}"}}'), version)
    assert not repeats.stuck


@pytest.mark.parametrize("period", [2, 3, 4])
def test_calls_that_take_turns_are_a_loop_even_with_changes_between(record: Recorder, period: int) -> None:
    repeats = Repeats(record)
    for turn in range(period * 3):
        repeats.refusal(call("str_replace", f'{{"new": "{turn % period}"}}'), turn)
    assert f"{period} calls that take turns" in repeats.stuck
