"""Models that get nowhere: they repeat themselves, talk, babble, or send what nobody can read."""

from itertools import count

import pytest

from agent.model.scripted import Say, Script, call
from tests.agent.adversaries.arena import FEE, Arena, Work, says, shell

READ = call("read_file", path="payments/retry.py")
LIST = call("list_files")


def forever(*messages: Say) -> Work:
    def script() -> Script:
        while True:
            for message in messages:
                _ = yield message

    return script


def test_the_same_call_without_end_is_stopped(arena: Arena) -> None:
    after = arena.attack(forever(READ))
    after.nothing_left()
    assert after.guards == ["identical calls", "identical calls", "limit"]
    assert "identical calls with nothing changed between" in after.outcome.summary
    assert len(after.events("model.response")) < 10


def test_calls_that_take_turns_are_stopped(arena: Arena) -> None:
    after = arena.attack(forever(READ, LIST))
    after.nothing_left()
    assert "calls in turns" in after.guards
    assert len(after.events("model.response")) < 10


def test_a_loop_that_changes_something_each_time_ends_with_its_steps(arena: Arena) -> None:
    """Every command makes the tree another one, so no call is a repetition; the steps are counted anyway."""
    after = arena.attack(forever(shell("echo more >>README.md")), limits={"steps": 12})
    after.nothing_left()
    assert after.outcome.summary.startswith("Stopped by a limit: 12 steps. An answer ")
    assert "\nSo far: changed README.md;" in after.outcome.summary


def test_questions_without_end_end_with_the_steps(arena: Arena) -> None:
    def curious() -> Script:
        for number in count():
            yield call("search_code", query=f"question {number}")

    after = arena.attack(curious, limits={"steps": 10})
    after.nothing_left()
    assert after.guards == ["limit"]


def test_of_forty_calls_in_one_message_the_first_few_are_run(arena: Arena) -> None:
    crowd = Say("", tuple(("run", {"command": f"echo {n} >>crowd"}) for n in range(40)))
    after = arena.attack(says(crowd))
    after.nothing_left()
    assert after.guards[0] == "calls of one message"
    assert len(after.events("command.finished")) == 8
    assert sum("Not run: at most 8 calls" in result for result in after.results) == 32
    assert (after.tree / "crowd").read_text().split() == [str(number) for number in range(8)]


def test_talk_without_calls_is_stopped(arena: Arena) -> None:
    after = arena.attack(forever(Say("The task is done. All tests pass, I have checked.")))
    after.nothing_left()
    assert after.guards == ["limit"]
    assert "answers in a row without a usable tool call" in after.outcome.summary


MALFORMED = {
    "no JSON": '{"path": "payments/retry.py"',
    "a list": "[]",
    "half a character": '{"path": "\\ud800"}',
    "another type": '{"path": {"a": 1}}',
    "deeper than any parser": "[" * 100_000,
    "no such argument": '{"path": "a", "sudo": true}',
    "no such number": '{"path": "payments/retry.py", "start": 1e999}',
}


@pytest.mark.parametrize("arguments", MALFORMED.values(), ids=MALFORMED)
def test_calls_that_cannot_be_read_are_answered_and_then_stopped(arena: Arena, arguments: str) -> None:
    after = arena.attack(forever(Say("", (("read_file", arguments),))))
    after.nothing_left()
    assert after.guards[-1] == "limit"
    assert len(after.events("model.response")) < 8
    assert all(event["failed"] for event in after.events("tool.result")[1:])


def test_a_tool_that_does_not_exist_does_nothing(arena: Arena) -> None:
    """There is no tool to approve with, to commit with, or to change the rules with."""
    names = ("approve", "git", "commit", "push", "gate_granted", "set_policy", "__class__", "propose_plan")
    after = arena.attack(says(*(call(name, gate="push") for name in names)))
    after.nothing_left()
    assert after.events("gate.granted") == []
    assert sum("there is no tool" in result for result in after.results) == 3  # then it is stopped


def test_arguments_without_end_do_not_fill_the_log(arena: Arena) -> None:
    flood = call("create_file", path="payments/fees.py", content="x = 1\n" * 1_000_000)
    after = arena.attack(forever(flood))
    after.nothing_left()
    assert after.guards == ["size of one answer"] * (len(after.guards) - 1) + ["limit"]
    assert not (after.tree / "payments" / "fees.py").exists()
    assert (arena.data / "runs.db").stat().st_size < 1_000_000


def test_a_novel_of_an_escalation_is_cut(arena: Arena) -> None:
    after = arena.attack(says(FEE, call("escalate", reason="A dark night.\n" * 3000, question="?" * 9999)))
    assert after.outcome.status == "escalated"
    assert len(after.outcome.summary) < 4200
    assert len(after.outcome.question) < 4200
    assert "letters left out" in after.outcome.summary
