from dataclasses import replace
from typing import Any

import pytest

from agent.intake import Brief
from agent.intake.brief import Criterion, Tick
from agent.plan import FileChange, Plan, PlannedTest, Step
from tests.agent.conftest import PLAN, Bench, BenchMaker
from tests.conftest import write

TASKS = "openspec/changes/fees/tasks.md"
FEE = ("create_file", {"path": "payments/fees.py", "content": '"""Fees."""\n\nFEE = 25\n'})
FEE_TEST = (
    "create_file",
    {
        "path": "tests/test_fees.py",
        "content": "from payments.fees import FEE\n\n\n"
        "def test_fee_is_a_quarter_of_a_unit():\n    assert FEE == 25\n",
    },
)
DONE = {"subject": "A payment has a fee", "summary": "It had none."}


def brief(*criteria: str, ticks: tuple[Tick, ...] = ()) -> Brief:
    found = tuple(Criterion(f"C{n}", text, "text") for n, text in enumerate(criteria, 1))
    return Brief("Add a fee", "Add a fee", found, "text", None, ticks)


def met(name: str, evidence: str, is_met: bool = True) -> dict[str, Any]:
    return {"id": name, "met": is_met, "evidence": evidence}


def add_fee(bench: Bench) -> None:
    for name, given in (FEE_TEST, FEE):
        bench.say(name, **given)


def test_every_criterion_is_judged_and_only_evidence_that_is_there_counts(benches: BenchMaker) -> None:
    bench = benches(brief=brief("The fee is flat", "It is documented", "Refunds have none"))
    add_fee(bench)
    said = bench.refusal("finish", **DONE, criteria=[met("C1", "test_fee_is_a_quarter_of_a_unit")])
    assert "say in `criteria` whether each is met, and what shows it: C2, C3" in said
    assert "no criterion C9" in bench.refusal("finish", **DONE, criteria=[met("C9", "x")])
    judged = [
        met("C1", "test_fee_is_a_quarter_of_a_unit"),
        met("C2", "I am sure"),
        met("C3", "out of scope", False),
    ]
    bench.say("finish", **DONE, criteria=judged)
    (work,) = bench.events("work.finished")
    assert work["criteria"] == {"C1": "met", "C2": "not shown", "C3": "not met"}
    assert work["review"]["coverage"] == {"covered": 1, "total": 1}
    assert work["review"]["command"] == "pytest"


def test_tasks_that_are_done_are_ticked_in_their_list_and_only_those(benches: BenchMaker) -> None:
    tasks = "# Tasks\n\n- [ ] 1.1 Add the fee\n- [ ] 1.2 Announce it\n"
    write(benches.sample / TASKS, tasks)
    ticks = (Tick(TASKS, 3, "Add the fee", False, "1.1"), Tick(TASKS, 4, "Announce it", False, "1.2"))
    bench = benches(brief=brief("Add a fee", ticks=ticks))
    bench.say(*FEE_TEST[:1], **FEE_TEST[1])
    path = bench.workspace.tree / TASKS
    both = [met("C1", "x"), met("1.1", "x"), met("1.2", "x")]
    bench.refusal("finish", **DONE, criteria=both)
    assert path.read_text() == tasks.replace("[ ]", "[x]")
    bench.say(*FEE[:1], **FEE[1])
    first = [
        met("C1", "test_fee_is_a_quarter_of_a_unit"),
        met("1.1", "payments/fees.py"),
        met("1.2", "nobody", False),
    ]
    bench.say("finish", **DONE, criteria=first)
    assert path.read_text() == tasks.replace("[ ] 1.1", "[x] 1.1")
    assert TASKS in bench.events("work.finished")[0]["review"]["paths"]


@pytest.mark.parametrize("kind", ["refactoring", "dependencies"])
def test_a_kind_that_has_to_prove_less_than_the_plans_asks_a_person(bench: Bench, kind: str) -> None:
    bench.say("str_replace", path="payments/retry.py", old="attempts: int = 3", new="attempts: int = 4")
    assert "No test fails on the old code" in bench.refusal("finish", **DONE)
    bench.say("finish", **DONE, kind=kind)
    (work,) = bench.events("work.finished")
    reason = f"planned as feature and handed in as {kind}, which has to prove less"
    assert reason in work["review"]["asks"]
    assert work["review"]["risky"][0] == reason


def test_a_secret_must_not_leave_and_is_an_attempt(bench: Bench) -> None:
    token = "ghp_" + "a1B2c3D4e5" * 4
    add_fee(bench)
    bench.say("run", command=f"printf 'KEY = \"{token}\"\\n' >> payments/money.py")
    said = bench.refusal("finish", **DONE)
    assert "This must not leave the machine; take it out:\n- " in said
    assert "payments/money.py" in said
    assert token not in said
    assert bench.events("guard.tripped")[-1]["guard"] == "must not leave"
    assert bench.events("cycle")[-1]["signature"] == "must not leave"


def test_what_a_command_changed_beyond_the_plan_is_refused(benches: BenchMaker) -> None:
    files = (FileChange("payments/fees.py", "create"), FileChange("tests/test_fees.py", "create"))
    plan = Plan("x", "feature", (Step("y"),), files, (PlannedTest("tests/test_fees.py", "z"),))
    bench = benches(replace(plan, kind=PLAN.kind))
    add_fee(bench)
    bench.say("run", command="echo more >> README.md")
    said = bench.refusal("finish", **DONE)
    assert "README.md changed and is not in the plan" in said


def test_a_file_that_was_handed_in_and_moved_is_not_committed_twice(bench: Bench) -> None:
    add_fee(bench)
    bench.say("create_file", path="tests/test_red.py", content="def test_red():\n    assert False\n")
    bench.refusal("finish", **DONE)
    bench.say("delete_file", path="tests/test_red.py")
    bench.say("finish", **DONE)
    assert bench.handing_in.reviewed is not None
    assert [row[1] for row in bench.workspace.summary(bench.handing_in.reviewed.tree)] == [
        "payments/fees.py",
        "tests/test_fees.py",
    ]
