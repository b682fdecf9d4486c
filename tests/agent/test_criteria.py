import pytest

from agent.criteria import states
from agent.log.progress import Met, Progress
from agent.plan import Plan, Step

PASSED = ("tests/test_fees.py::TestFee::test_flat[1-EUR]", "example.com/shop/TestSum/zero")
PATHS = ("payments/fees.py", "README.md")


def state(met: bool, evidence: str) -> str:
    progress = Progress(Plan("x", "feature", (Step("y"),), ()), ("C1",))
    progress.criteria["C1"] = Met("C1", met, evidence)
    return states(progress, PASSED, PATHS)["C1"]


@pytest.mark.parametrize(
    "evidence",
    [
        "tests/test_fees.py::TestFee::test_flat[1-EUR]",
        "`test_flat` asks for it.",
        "see payments/fees.py:12",
        "README.md.",
        "TestSum/zero, and zero",
    ],
)
def test_what_names_a_test_that_passed_or_a_file_is_met(evidence: str) -> None:
    assert state(True, evidence) == "met"


@pytest.mark.parametrize("evidence", ["", "It works.", "test_relative passes", "payments/tax.py:3"])
def test_what_names_nothing_that_is_there_is_not_shown(evidence: str) -> None:
    assert state(True, evidence) == "not shown"


def test_what_is_said_not_to_be_met_is_not() -> None:
    assert state(False, "payments/fees.py:12") == "not met"


def test_what_nobody_judged_is_not_shown() -> None:
    progress = Progress(Plan("x", "feature", (Step("y"),), ()), ("C1", "C2"))
    assert states(progress, PASSED, PATHS) == {"C1": "not shown", "C2": "not shown"}
