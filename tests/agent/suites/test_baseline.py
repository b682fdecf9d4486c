import json

import pytest

from agent.suites.baseline import Baseline, find_baseline
from agent.suites.reports import Failure, Results
from agent.suites.suite import SuiteCommand, SuiteRun
from indexer.errors import BadInput
from tests.agent.suites.world import Open

GOOD = {
    "cart.py": "TOTAL = 3\n",
    "tests/test_cart.py": "from cart import TOTAL\n\n\ndef test_total():\n    assert TOTAL == 3\n",
}
CHANCE = """import os


def test_sometimes():
    assert int(os.environ["NTH"]) > 1


def test_never():
    assert False
"""


def test_a_baseline_survives_as_json_with_all_its_ids() -> None:
    results = Results(
        frozenset({"t::ä", "t::b"}), frozenset({"t::c"}), frozenset({"t::d"}), (Failure("t::c", "no"),), 3
    )
    run = SuiteRun(("pytest", "x"), None, results, "said", 1.5, "timeout", "a problem", ("x",))
    command = SuiteCommand(("pytest",), "junit", "report.xml", "a file")
    baseline = Baseline(command, run, frozenset({"t::c"}), True)
    assert Baseline.from_json(baseline.to_json()) == baseline


def test_of_a_long_output_the_end_is_kept() -> None:
    run = SuiteRun(("x",), 0, Results(), "a" * 50_000 + "the end", 1.0)
    kept = Baseline.from_json(Baseline(SuiteCommand(("x",), "text"), run).to_json()).run.output
    assert len(kept) == 20_000
    assert kept.endswith("the end")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"command": {}, "run": {}}', '{"command": 1}'])
def test_what_is_no_baseline_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="the stored baseline cannot be read"):
        Baseline.from_json(text)


def test_a_run_that_goes_on_does_not_measure_again(shop: Open) -> None:
    opened = shop(GOOD)
    assert opened.stages() == ["before"]
    again = find_baseline(opened.workspace, opened.rooms, opened.record)
    assert again == opened.baseline
    assert opened.stages() == ["before"]
    assert opened.events("baseline.reused")[0]["summary"] == "green: 1 passed"


def test_half_a_file_is_measured_again(shop: Open) -> None:
    opened = shop(GOOD)
    (stored,) = opened.workspace.folder.glob("baseline-*.json")
    whole = stored.read_text()
    stored.write_text(whole[:100])
    assert find_baseline(opened.workspace, opened.rooms, opened.record) is not None
    assert opened.stages() == ["before", "before"]
    assert json.loads(stored.read_text())["run"]["results"] == json.loads(whole)["run"]["results"]


def test_a_green_suite_is_run_once_and_a_red_one_twice(shop: Open) -> None:
    opened = shop({**GOOD, "tests/test_bad.py": "def test_bad():\n    assert 0\n"})
    assert opened.stages() == ["before", "before, again"]
    assert opened.baseline is not None
    assert opened.baseline.flaky == set()
    assert not opened.baseline.broken


def test_a_test_whose_two_runs_disagree_is_flaky(shop: Open) -> None:
    opened = shop({"tests/test_chance.py": CHANCE})
    assert opened.baseline is not None
    assert opened.baseline.flaky == {"tests/test_chance.py::test_sometimes"}
    assert "tests/test_chance.py::test_never" in opened.baseline.run.results.failed


def test_a_build_that_is_broken_is_a_baseline_too(shop: Open) -> None:
    opened = shop(
        {"cart.py": "def total(:\n", "tests/test_cart.py": "import cart\n\n\ndef test_a():\n    pass\n"}
    )
    assert opened.baseline is not None
    assert opened.baseline.broken
    assert opened.stages() == ["before", "before"]  # with and without the options of the project


def test_a_makefile_that_does_not_compile_is_a_broken_build(shop: Open) -> None:
    opened = shop({"Makefile": "test:\n\t@echo 'cart.c:3:1: error: expected ;'; exit 2\n"})
    assert opened.baseline is not None
    assert opened.baseline.broken


def test_a_command_without_tests_is_none(shop: Open) -> None:
    assert shop({"Makefile": "test:\n\t@echo nothing to do\n"}).baseline is None
