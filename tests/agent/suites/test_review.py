import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.sandbox.bwrap import Bubblewrap
from tests.agent.suites.world import Open, open_shop

CART = """\
def total(prices, discount=0):
    amount = 0
    for price in prices:
        if price > 0:
            amount += price
    return amount - discount
"""
TEST_CART = """\
from cart import total


def test_prices_are_added():
    assert total([1, 2]) == 3


def test_nothing_costs_nothing():
    assert total([]) == 0
"""
PYTHON = {"cart.py": CART, "tests/test_cart.py": TEST_CART, "conftest.py": ""}
DISCOUNT = "\n\ndef test_a_discount_is_taken_off():\n    assert total([5], discount=2) == 3\n"
SCRIPT = {
    "package.json": '{"name": "shop", "type": "module", "scripts": {"test": "node --test"}}\n',
    "cart.js": """\
export function total(prices) {
  let sum = 0;
  for (const p of prices) sum += p;
  return sum;
}
""",
    "test/cart.test.js": """\
import test from "node:test";
import assert from "node:assert";
import { total } from "../cart.js";

test("adds prices", () => {
  assert.equal(total([1, 2]), 3);
});
""",
}
needs_node = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


def test_nothing_changed_is_an_objection(shop: Open) -> None:
    review = shop(PYTHON).review("docs")
    assert review.verdict.objections == ("Nothing was changed, so there is nothing to commit.",)


def test_a_fix_is_proven_by_a_test_that_fails_on_the_old_code(shop: Open) -> None:
    opened = shop({**PYTHON, "cart.py": CART.replace("- discount", "+ discount")})
    review = opened.review("fix", {"cart.py": CART, "tests/test_cart.py": TEST_CART + DISCOUNT})
    assert review.verdict.accepted
    assert review.verdict.proof == {"tests/test_cart.py::test_a_discount_is_taken_off"}
    assert review.verdict.notes == ()
    assert not review.needs_person
    assert opened.stages() == ["before", "after", "old code, new tests"]
    assert opened.events("review.finished")[0]["accepted"]


def test_a_fix_whose_test_passes_on_the_old_code_goes_back(shop: Open) -> None:
    changed = {"cart.py": CART + "\nX = 1\n", "tests/test_cart.py": TEST_CART + DISCOUNT}
    review = shop(PYTHON).review("fix", changed)
    assert "No test fails on the old code" in review.verdict.objections[0]


def test_the_new_tests_are_run_on_the_old_code_once(shop: Open) -> None:
    opened = shop(PYTHON)
    tests = TEST_CART + "\n\ndef test_tax():\n    from cart import TAX\n\n    assert TAX == 7\n"
    wrong = opened.review("feature", {"cart.py": CART + "\nTAX = 8\n", "tests/test_cart.py": tests})
    assert "not green" in wrong.verdict.objections[0]
    assert opened.review("feature", {"cart.py": CART + "\nTAX = 7\n"}).verdict.accepted
    assert opened.review("feature", {"cart.py": CART + "\n\nTAX = 7\n"}).verdict.accepted
    assert opened.stages().count("old code, new tests") == 1
    assert opened.stages().count("after") == 3


@needs_node
def test_a_feature_in_javascript_is_proven(shop: Open) -> None:
    opened = shop(SCRIPT)
    test = 'test("skips what is free", () => {\n  assert.equal(total([2, NaN]), 2);\n});\n'
    changed = {
        "cart.js": SCRIPT["cart.js"].replace("sum += p;", "sum += p || 0;"),
        "test/cart.test.js": SCRIPT["test/cart.test.js"] + test,
    }
    review = opened.review("feature", changed)
    assert review.verdict.accepted, review.verdict
    assert {name.rpartition("::")[2] for name in review.verdict.proof} == {"skips what is free"}


def test_tests_for_existing_code_are_tried_on_mistakes(shop: Open) -> None:
    opened = shop(PYTHON)
    review = opened.review("tests", {"tests/test_cart.py": TEST_CART + DISCOUNT})
    assert review.verdict.accepted, review.verdict
    (note,) = review.verdict.notes
    assert note.startswith("The new tests notice ")
    (event,) = opened.events("mutants.finished")
    assert 0 < event["killed"] <= event["tried"] <= 12
    assert "old code, new tests" not in opened.stages()  # the code is the same
    assert any(stage == "mistake in cart.py" for stage in opened.stages())


def test_tests_that_assert_nothing_notice_no_mistake(shop: Open) -> None:
    lazy = "\n\ndef test_it_runs():\n    total([1])\n"
    review = shop(PYTHON).review("tests", {"tests/test_cart.py": TEST_CART + lazy})
    assert not review.verdict.accepted
    assert "cart.py:" in review.verdict.objections[0]
    assert "'test_it_runs' asserts nothing" in " ".join(review.verdict.notes)


@needs_node
def test_tests_in_javascript_are_tried_on_mistakes(shop: Open) -> None:
    opened = shop(SCRIPT)
    test = SCRIPT["test/cart.test.js"] + 'test("of one", () => {\n  assert.equal(total([7]), 7);\n});\n'
    review = opened.review("tests", {"test/cart.test.js": test})
    assert review.verdict.accepted, review.verdict
    assert opened.events("mutants.finished")[0]["killed"] > 0


def test_a_failure_that_passes_again_is_flaky_and_no_objection(shop: Open) -> None:
    chance = "import os\n\n\ndef test_chance():\n    assert int(os.environ['NTH']) != 2\n"
    opened = shop({**PYTHON, "tests/test_chance.py": chance})
    review = opened.review("refactoring", {"cart.py": CART.replace("amount", "sum_")})
    assert review.verdict.accepted, review.verdict
    assert review.verdict.flaky == {"tests/test_chance.py::test_chance"}
    assert review.verdict.notes == (
        "These tests failed once and passed when run again: tests/test_chance.py::test_chance.",
    )
    assert opened.stages() == ["before", "after", "again"]


def test_a_failure_that_stays_is_run_twice_more_and_is_an_objection(shop: Open) -> None:
    opened = shop(PYTHON)
    review = opened.review("refactoring", {"cart.py": CART.replace("+=", "-=")})
    assert "tests/test_cart.py::test_prices_are_added" in review.verdict.objections[0]
    assert opened.stages() == ["before", "after", "again", "again"]


def test_a_new_test_that_fails_only_sometimes_goes_back(shop: Open) -> None:
    chance = "import os\n\n\ndef test_chance():\n    assert int(os.environ['NTH']) != 2\n"
    review = shop(PYTHON).review("feature", {"cart.py": CART + "\n", "tests/test_chance.py": chance})
    assert "New tests fail only sometimes: tests/test_chance.py::test_chance" in review.verdict.objections[0]


def test_a_failing_test_that_is_deleted_goes_back(shop: Open) -> None:
    opened = shop(PYTHON)
    broken = {
        "cart.py": CART.replace("+=", "-="),
        "tests/test_cart.py": TEST_CART.replace("def test_prices", "def prices"),
    }
    review = opened.review("refactoring", broken)
    assert "deleted or skipped: tests/test_cart.py::test_prices_are_added" in review.verdict.objections[0]
    assert opened.stages()[-1] == "new code, old tests"
    assert {finding.kind for finding in review.verdict.risk_findings} == {"test-deleted", "test-vanished"}


def test_a_failing_test_that_is_skipped_goes_back(shop: Open) -> None:
    skipped = "import pytest\n" + TEST_CART.replace("def test_prices", "@pytest.mark.skip\ndef test_prices")
    broken = {"cart.py": CART.replace("+=", "-="), "tests/test_cart.py": skipped}
    review = shop(PYTHON).review("refactoring", broken)
    assert "deleted or skipped: tests/test_cart.py::test_prices_are_added" in review.verdict.objections[0]
    shown = [str(finding) for finding in review.verdict.risk_findings]
    assert "tests/test_cart.py:5: @pytest.mark.skip" in shown


def test_a_deleted_test_that_would_pass_is_only_shown(shop: Open) -> None:
    review = shop(PYTHON).review(
        "refactoring", {"tests/test_cart.py": TEST_CART.replace("def test_nothing", "def nothing")}
    )
    assert review.verdict.accepted
    assert "Tests that are gone: tests/test_cart.py::test_nothing_costs_nothing." in review.verdict.notes


def test_tests_that_the_plan_wants_gone_are_only_shown(shop: Open) -> None:
    broken = {
        "cart.py": CART.replace("+=", "-="),
        "tests/test_cart.py": TEST_CART.replace("def test_prices", "def prices"),
    }
    review = shop(PYTHON).review("refactoring", broken, tests_may_change=True)
    assert review.verdict.accepted
    assert review.verdict.risk_findings


def test_a_renamed_test_is_no_loss(shop: Open) -> None:
    opened = shop(PYTHON)
    renamed = TEST_CART.replace("test_nothing_costs_nothing", "test_an_empty_cart_is_free")
    assert opened.review("refactoring", {"tests/test_cart.py": renamed}).verdict.accepted
    assert "new code, old tests" not in opened.stages()


def test_a_repository_without_tests_asks_a_person(shop: Open) -> None:
    review = shop({"cart.py": CART}).review("refactoring", {"cart.py": CART + "\nX = 1\n"})
    assert review.verdict.accepted
    assert review.needs_person
    assert "No tests could be run" in review.verdict.notes[0]


def test_the_first_tests_of_a_repository_are_run(shop: Open) -> None:
    opened = shop({"cart.py": CART.replace("- discount", "+ discount"), "conftest.txt": ""})
    review = opened.review(
        "fix", {"cart.py": CART, "tests/test_cart.py": TEST_CART + DISCOUNT, "conftest.py": ""}
    )
    assert review.verdict.accepted, review.verdict
    assert review.needs_person
    assert "tests/test_cart.py::test_a_discount_is_taken_off" in review.verdict.proof
    assert "these are its first" in " ".join(review.verdict.notes)


def test_a_broken_build_is_mended(shop: Open) -> None:
    opened = shop({**PYTHON, "cart.py": "def total(:\n"})
    assert opened.baseline is not None
    assert opened.baseline.broken
    review = opened.review("build", {"cart.py": CART})
    assert review.verdict.accepted, review.verdict
    assert "tests/test_cart.py::test_prices_are_added" in review.verdict.proof
    assert not review.needs_person


def test_a_broken_build_that_stays_broken_goes_back(shop: Open) -> None:
    opened = shop({"Makefile": "test:\n\t@echo 'cart.c:3:1: error: expected ;'; exit 2\n"})
    review = opened.review("build", {"cart.c": "int total;\n"})
    assert "still does not run" in review.verdict.objections[0]
    assert review.needs_person


def test_documentation_that_touches_code_goes_back(shop: Open) -> None:
    opened = shop(PYTHON)
    assert opened.review(
        "docs", {"cart.py": CART.replace("):\n", '):\n    """What a cart costs."""\n', 1)}
    ).verdict.accepted
    review = opened.review("docs", {"cart.py": CART.replace("> 0", ">= 0")})
    assert "code is changed: cart.py:4" in review.verdict.objections[0]


@dataclass(frozen=True)
class Complaint:
    path: str
    line: int
    message: str
    tool: str


def test_new_diagnostics_are_read_from_the_clean_copy(sandbox: Bubblewrap, tmp_path: Path) -> None:
    def diagnose(folder: Path) -> list[Complaint]:
        lines = (folder / "cart.py").read_text().splitlines()
        return [
            Complaint("cart.py", n, "a bare name", "lint") for n, line in enumerate(lines, 1) if line == "x"
        ]

    opened = open_shop(sandbox, tmp_path, PYTHON, diagnose=diagnose)
    review = opened.review("refactoring", {"cart.py": CART + "x = 1\nx\n"})
    assert "cart.py:8: a bare name (lint)" in review.verdict.objections[0]


def test_what_is_written_in_the_tree_but_not_declared_is_left_out(shop: Open) -> None:
    opened = shop(PYTHON)
    opened.write({"cart.py": CART + "X = 1\n", "scratch.txt": "x\n"})
    review = opened.reviewer.review([], "refactoring")
    assert review.left_out == ("scratch.txt",)
    assert "New files that are not part of the change: scratch.txt." in review.verdict.notes
