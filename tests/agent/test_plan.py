from dataclasses import replace

import pytest

from agent.plan import FileChange, Ground, Plan, PlannedTest, Step, plan_from, require_sound
from agent.policy import policy_of
from agent.suites.suite import is_test
from indexer.errors import BadInput

PLAN = Plan(
    "Fees are added where amounts are.",
    "feature",
    (Step("Test the fee", ("tests/test_fee.py",)), Step("Add the fee", ("shop/fee.py", "shop/cart.py"))),
    (
        FileChange("tests/test_fee.py", "create", "the test"),
        FileChange("shop/fee.py", "create", "the fee"),
        FileChange("shop/cart.py", "change", "asks for it"),
    ),
    (PlannedTest("tests/test_fee.py", "a cart costs its fee", "unit"),),
)
GROUND = Ground(
    ["shop/cart.py", "shop/card.py", "README.md"], protected=policy_of(None).protects, is_test=is_test
)


def objections(plan: Plan, ground: Ground = GROUND) -> str:
    with pytest.raises(BadInput) as caught:
        require_sound(plan, ground)
    return str(caught.value)


def test_a_plan_that_fits_the_repository_holds() -> None:
    require_sound(PLAN, GROUND)


def test_a_plan_comes_back_from_json_with_the_same_digest() -> None:
    again = plan_from(PLAN.as_json())
    assert again == PLAN
    assert again.digest == PLAN.digest


def test_another_plan_has_another_digest() -> None:
    assert replace(PLAN, risks=("none",)).digest != PLAN.digest


def test_a_file_that_is_not_there_is_named_with_its_neighbours() -> None:
    said = objections(replace(PLAN, files=(*PLAN.files, FileChange("shop/crd.py", "change"))))
    assert "shop/crd.py does not exist; did you mean shop/card.py" in said


def test_everything_that_is_wrong_is_said_at_once() -> None:
    plan = Plan("", "fix", (Step("x", ("other.py",)),), (FileChange("shop/cart.py", "create"),))
    said = objections(plan)
    assert "summary is empty" in said
    assert "shop/cart.py exists already; its action is change" in said
    assert "step 1 names other.py, which is not in files" in said
    assert "a change of kind 'fix' needs tests" in said


@pytest.mark.parametrize(
    "path", [".cairn.toml", ".gitmodules", "sub/.git/hooks/pre-commit", "../x", "/etc/passwd"]
)
def test_a_plan_cannot_reach_what_governs_the_agent_or_lies_outside(path: str) -> None:
    said = objections(replace(PLAN, files=(*PLAN.files, FileChange(path, "create"))))
    assert path in said


def test_every_criterion_is_served_by_a_step() -> None:
    ground = replace(GROUND, criteria=("C1", "C2"))
    steps = (replace(PLAN.steps[0], criteria=("C1", "C9")), PLAN.steps[1])
    said = objections(replace(PLAN, steps=steps), ground)
    assert "there is no criterion C9" in said
    assert "no step serves criterion C2" in said


def test_the_only_criterion_of_a_task_needs_no_naming() -> None:
    require_sound(PLAN, replace(GROUND, criteria=("C1",)))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "plan needs 'summary'"),
        ({**PLAN.as_json(), "kind": "magic"}, "plan.kind must be one of fix, feature"),
        ({**PLAN.as_json(), "steps": [{"txt": "x"}]}, r"plan.steps\[0\] needs 'text'"),
        ({**PLAN.as_json(), "colour": "blue"}, "plan has no 'colour'"),
    ],
)
def test_an_edited_plan_that_cannot_be_read_names_the_field(given: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        plan_from(given)
