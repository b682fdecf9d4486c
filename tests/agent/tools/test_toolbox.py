from typing import Any

import pytest

from agent.model import ToolCall
from agent.observation import Observation
from agent.plan import FileChange, Plan, Step
from tests.agent.conftest import Bench, BenchMaker
from tests.agent.tools.test_change import CREATE, MISSED, Place, place

__all__ = ["place"]


def say(bench: Bench, *calls: tuple[str, str]) -> dict[str, Observation]:
    made = [ToolCall(f"call_{number}", name, written) for number, (name, written) in enumerate(calls)]
    return {call.name: observation for call, observation in bench.tools.carry_out(made)}


def test_after_a_refused_edit_nothing_of_the_message_is_changed_or_run(bench: Bench) -> None:
    missed = '{"path": "payments/money.py", "old": "no such line", "new": "x"}'
    heard = say(
        bench,
        ("str_replace", missed),
        ("run", '{"command": "touch ran"}'),
        ("create_file", '{"path": "late.txt", "content": "x\\n"}'),
        ("list_files", '{"pattern": "*.toml"}'),
    )
    assert "an edit of this message was refused" in heard["run"].text
    assert "an edit of this message was refused" in heard["create_file"].text
    assert heard["list_files"].text == "pyproject.toml"
    assert not (bench.workspace.tree / "ran").exists()
    assert not (bench.workspace.tree / "late.txt").exists()


def test_a_file_may_be_added_to_the_plan_and_created_in_one_message(benches: BenchMaker) -> None:
    bench = benches(Plan("x", "feature", (Step("Do it"),), (FileChange("payments/money.py", "change"),)))
    heard = say(
        bench,
        ("str_replace", '{"path": "payments/money.py", "old": "minor units", "new": "smallest units"}'),
        ("update_plan", '{"add_files": [{"path": "late.txt", "action": "create", "why": "needed"}]}'),
        ("create_file", '{"path": "late.txt", "content": "x\\n"}'),
    )
    assert [name for name, observation in heard.items() if observation.failed] == []


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("read_file", {"path": "a\0b"}),
        ("read_file", {"path": "\ud800"}),
        ("run", {"command": "echo \0"}),
        ("run", {"command": "echo \udc80"}),
        ("run_tests", {"tests": ["\ud800.py"]}),
        ("create_file", {"path": "x.txt", "content": "a\0"}),
        ("update_plan", {"add_files": [{"path": "\ud800", "action": "create", "why": "x"}]}),
    ],
)
def test_what_is_no_text_is_refused_before_it_reaches_the_system(
    bench: Bench, tool: str, given: dict[str, Any]
) -> None:
    said = bench.refusal(tool, **given)
    assert "holds a NUL; leave it out" in said or "holds half a character" in said


def test_a_refused_batch_names_the_edit_that_was_wrong(place: Place) -> None:
    first, _ = place.say(CREATE, MISSED)
    assert "payments/money.py" in first.text
