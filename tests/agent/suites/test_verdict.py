from dataclasses import dataclass
from typing import Any

import pytest

from agent.kinds import Kind
from agent.suites.integrity import Finding
from agent.suites.losses import Losses
from agent.suites.mutation import Mutation
from agent.suites.reports import Results
from agent.suites.suite import SuiteRun
from agent.suites.verdict import Evidence, Verdict
from agent.suites.verdict import judge as judge_evidence


def suite(
    passed: str = "",
    failed: str = "",
    skipped: str = "",
    code: int | None = None,
    count: int = 0,
    broken: str = "",
) -> SuiteRun:
    """A run by the names of its tests; a number of tests where the runner names none."""
    p, f, s, b = (frozenset(names.split()) for names in (passed, failed, skipped, broken))
    f |= b
    results = Results(p, f, s, (), len(p | f) or count, broken=b)
    ended = (1 if f else 0) if code is None else code
    return SuiteRun(("suite",), ended, results, "printed output", 1.0)


def judge(
    kind: Kind, before: SuiteRun, after: SuiteRun, falsified: SuiteRun | None = None, **further: Any
) -> Verdict:
    return judge_evidence(Evidence(kind, before, after, falsified, **further))


def test_a_test_that_fails_on_the_old_code_proves_a_change() -> None:
    verdict = judge("feature", suite("a"), suite("a b"), suite("a", "b"))
    assert verdict.accepted
    assert verdict.proof == {"b"}


def test_a_test_that_cannot_be_collected_on_the_old_code_is_a_proof_too() -> None:
    verdict = judge("feature", suite("a"), suite("a t/b.py::b"), suite("a", broken="t/b.py"))
    assert verdict.proof == {"t/b.py::b"}


def test_a_test_that_is_only_missing_from_the_run_on_the_old_code_proves_nothing() -> None:
    """Its name may hold the time of day."""
    verdict = judge("fix", suite("a[12:01]"), suite("a[12:02]"), suite("a[12:03]"))
    assert verdict.proof == set()


def test_a_test_in_another_file_than_the_uncollected_one_proves_nothing() -> None:
    verdict = judge("fix", suite("t/a.py::a"), suite("t/a.py::b t/b.py::c"), suite("", broken="t/b.py"))
    assert verdict.proof == {"t/b.py::c", "t/a.py::b"}  # nothing ran at all
    verdict = judge("fix", suite("x"), suite("x t/a.py::b t/b.py::c"), suite("x", broken="t/b.py"))
    assert verdict.proof == {"t/b.py::c"}


def test_a_test_that_failed_before_and_passes_now_is_a_proof() -> None:
    assert judge("feature", suite("a", "b"), suite("a b"), None).proof == {"b"}


def test_a_test_that_passes_on_the_old_code_proves_nothing() -> None:
    verdict = judge("feature", suite("a"), suite("a b"), suite("a b"))
    assert "No test fails on the old code" in verdict.objections[0]


def test_old_tests_that_an_import_error_hides_prove_nothing() -> None:
    assert judge("feature", suite("a"), suite("a"), suite("", "tests.test_a")).proof == set()


@pytest.mark.parametrize("kind", ["refactoring", "docs", "dependencies"])
def test_no_proof_is_needed_without_new_behaviour(kind: Kind) -> None:
    assert judge(kind, suite("a"), suite("a b"), suite("a b")).accepted


def test_a_refactoring_that_changes_behaviour_is_pointed_out() -> None:
    verdict = judge("refactoring", suite("a"), suite("a b"), suite("a", "b"))
    assert verdict.notes == ("Declared as refactoring, but these tests fail on the old code: b.",)


def test_a_new_failure_is_an_objection() -> None:
    verdict = judge("feature", suite("a b"), suite("b c", "a"), suite("a b", "c"))
    assert "not green" in verdict.objections[0]


def test_a_failure_that_was_there_before_is_only_noted() -> None:
    verdict = judge("feature", suite("a", "old"), suite("a b", "old"), suite("a", "old b"))
    assert verdict.accepted
    assert verdict.notes == ("These tests failed before the change and still do: old.",)


def test_zero_tests_are_not_green() -> None:
    verdict = judge("docs", suite("a"), suite(), None)
    assert "does not run any more" in verdict.objections[0]


def test_a_suite_that_was_stopped_is_not_green() -> None:
    stopped = SuiteRun(("suite",), None, Results(frozenset("a"), counted=1), "", 900.0, "timeout")
    assert "timeout" in judge("docs", suite("a"), stopped, None).objections[0]


def test_an_exit_code_without_a_failure_is_an_objection_unless_it_was_so_before() -> None:
    assert not judge("docs", suite("a"), suite("a", code=2), None).accepted
    verdict = judge("docs", suite("a", code=2), suite("a", code=2), None)
    assert verdict.accepted
    assert "exit code 2, before the change as well" in verdict.notes[0]


def test_tests_that_vanish_or_are_skipped_are_named() -> None:
    finding = Finding("test-vanished", "tests", 0, "c is gone")
    losses = Losses(frozenset("c"), frozenset("b"), findings=(finding,))
    verdict = judge("feature", suite("a b c"), suite("a n", skipped="b"), suite("a", "n"), losses=losses)
    assert verdict.accepted
    assert verdict.notes == ("Tests that are gone: c.", "Tests that are skipped now: b.")
    assert verdict.risk_findings == (finding,)


def test_a_test_that_was_deleted_because_it_fails_is_an_objection() -> None:
    losses = Losses(frozenset("b"), hidden=frozenset("b"))
    verdict = judge("refactoring", suite("a b"), suite("a"), losses=losses)
    assert "fail on the new code were deleted or skipped: b" in verdict.objections[0]


def test_findings_are_never_silent() -> None:
    finding = Finding("assertions-fewer", "tests/test_a.py", 3, "'test_a': 2 assertions became 1")
    verdict = judge("refactoring", suite("a"), suite("a"), findings=(finding,))
    assert verdict.accepted
    assert verdict.notes == (
        "What was changed about existing tests: tests/test_a.py:3: 'test_a': 2 assertions became 1.",
    )
    assert verdict.risk_findings == verdict.findings == (finding,)


def test_a_runner_that_only_counts_proves_by_its_exit_code() -> None:
    verdict = judge("feature", suite(count=3), suite(count=4), suite(count=4, code=1))
    assert verdict.accepted
    assert "names no tests" in verdict.notes[0]


def test_a_runner_that_only_counts_proves_nothing_when_the_old_code_passes() -> None:
    assert not judge("feature", suite(count=3), suite(count=4), suite(count=4)).accepted
    assert not judge("feature", suite(count=3), suite(count=4), None).accepted


def test_a_runner_that_only_counts_and_fails_is_an_objection() -> None:
    assert not judge("feature", suite(count=3), suite(count=4, code=1), None).accepted


@pytest.mark.parametrize("kind", ["fix", "feature"])
def test_new_tests_that_stand_with_the_code_are_believed_and_their_limit_named(kind: Kind) -> None:
    verdict = judge(kind, suite("a"), suite("a b"), None, mixed=("src/a.py",))
    assert verdict.accepted
    assert "could not be shown that the new tests fail on the old code: in src/a.py" in verdict.notes[0]
    assert not judge(kind, suite("a"), suite("a"), None, mixed=("src/a.py",)).accepted


def test_a_fix_whose_tests_cannot_be_collected_on_the_old_code_is_pointed_out() -> None:
    verdict = judge("fix", suite("a"), suite("a tests/test_b.py::b"), suite("a", broken="tests/test_b.py"))
    assert verdict.proof == {"tests/test_b.py::b"}
    assert "cannot even be collected" in verdict.notes[0]
    assert judge("fix", suite("a"), suite("a b"), suite("a", "b")).notes == ()


def test_a_flaky_failure_is_noted_by_name() -> None:
    verdict = judge("docs", suite("a b"), suite("a", "b"), flaky=frozenset("b"))
    assert verdict.accepted
    assert verdict.notes == ("These tests failed once and passed when run again: b.",)


def test_a_new_test_may_not_be_flaky() -> None:
    verdict = judge("fix", suite("a"), suite("a", "b"), suite("a", "b"), flaky=frozenset("b"))
    assert verdict.objections == (
        "New tests fail only sometimes: b. Make them independent of time, order and chance.",
    )


def test_a_flaky_test_proves_nothing() -> None:
    assert not judge("fix", suite("a", "f"), suite("a f"), None, flaky=frozenset("f")).accepted


def test_old_new_and_flaky_failures_are_told_apart() -> None:
    verdict = judge("docs", suite("new flaky", "old"), suite("", "new flaky old"), flaky=frozenset(["flaky"]))
    assert "not green" in verdict.objections[0]
    assert verdict.notes == (
        "These tests failed once and passed when run again: flaky.",
        "These tests failed before the change and still do: old.",
    )


def test_tests_for_existing_code_must_pass_on_it() -> None:
    verdict = judge("tests", suite("a"), suite("a b"), suite("a", "b"))
    assert "fail on it as it was: b" in verdict.objections[0]


@pytest.mark.parametrize(
    ("mutation", "accepted", "said"),
    [
        (
            Mutation(2, 3, ("a.py:4: < became <=",)),
            True,
            "2 of 3 mistakes made in the code they test; unnoticed",
        ),
        (Mutation(3, 3), True, "The new tests notice 3 of 3 mistakes made in the code they test."),
        (Mutation(0, 2, ("a.py:4: x", "a.py:5: y")), False, "0 of 2 mistakes"),
        (
            Mutation(reason="it is Fortran"),
            True,
            "not shown that the new tests notice mistakes: it is Fortran",
        ),
        (None, True, "not shown that the new tests notice mistakes"),
    ],
)
def test_tests_for_existing_code_must_notice_a_mistake_in_it(
    mutation: Mutation | None, accepted: bool, said: str
) -> None:
    after = suite("a b")
    verdict = judge("tests", suite("a"), after, after, mutation=mutation)
    assert verdict.accepted == accepted
    assert said in (*verdict.objections, *verdict.notes)[0]


def test_a_mended_build_is_proven_by_the_tests_that_run_again() -> None:
    broken = suite("", "", code=2)
    verdict = judge("build", broken, suite("a b"), broken=True)
    assert verdict.accepted
    assert verdict.proof == {"a", "b"}
    assert "still does not run" in judge("build", broken, suite(code=2), broken=True).objections[0]


def test_a_build_that_was_broken_before_is_no_objection_to_documentation() -> None:
    verdict = judge("docs", suite(code=2), suite(code=2), broken=True)
    assert verdict.accepted
    assert "still cannot, so none was run" in verdict.notes[0]
    assert not judge("fix", suite(code=2), suite(code=2), broken=True).accepted


def test_documentation_changes_no_code() -> None:
    verdict = judge("docs", suite("a"), suite("a"), code=("shop/cart.py:3",))
    assert "code is changed: shop/cart.py:3" in verdict.objections[0]


@dataclass(frozen=True)
class Complaint:
    path: str
    line: int
    message: str
    tool: str


def test_what_the_type_checker_says_anew_is_an_objection() -> None:
    complaint = Complaint("shop/cart.py", 3, "str is no int", "mypy")
    verdict = judge("refactoring", suite("a"), suite("a"), diagnostics=[complaint] * 22)
    first, *rows = verdict.objections[0].splitlines()
    assert first == "The change brings errors that were not there before."
    assert rows[0] == "shop/cart.py:3: str is no int (mypy)"
    assert rows[-1] == "and 2 more"
