import pytest

from agent.suites.reports import Results
from agent.suites.suite import SuiteRun
from agent.suites.verdict import Kind, judge


def suite(
    passed: str = "", failed: str = "", skipped: str = "", code: int | None = None, count: int = 0
) -> SuiteRun:
    """A run by the names of its tests; a number of tests where the runner names none."""
    p, f, s = (frozenset(names.split()) for names in (passed, failed, skipped))
    results = Results(p, f, s, (), len(p | f) or count)
    ended = (1 if f else 0) if code is None else code
    return SuiteRun(("suite",), ended, results, "printed output", 1.0)


def test_a_test_that_fails_on_the_old_code_proves_a_change() -> None:
    verdict = judge("behaviour", suite("a"), suite("a b"), suite("a", "b"))
    assert verdict.accepted
    assert verdict.proof == {"b"}


def test_a_test_that_cannot_be_collected_on_the_old_code_is_a_proof_too() -> None:
    verdict = judge("behaviour", suite("a"), suite("a b"), suite("a", "tests.test_b"))
    assert verdict.proof == {"b"}


def test_a_test_that_failed_before_and_passes_now_is_a_proof() -> None:
    assert judge("behaviour", suite("a", "b"), suite("a b"), None).proof == {"b"}


def test_a_test_that_passes_on_the_old_code_proves_nothing() -> None:
    verdict = judge("behaviour", suite("a"), suite("a b"), suite("a b"))
    assert "No test fails on the old code" in verdict.objections[0]


def test_old_tests_that_an_import_error_hides_prove_nothing() -> None:
    assert judge("behaviour", suite("a"), suite("a"), suite("", "tests.test_a")).proof == set()


@pytest.mark.parametrize("kind", ["tests", "refactoring", "docs"])
def test_no_proof_is_needed_without_new_behaviour(kind: Kind) -> None:
    assert judge(kind, suite("a"), suite("a b"), suite("a b")).accepted


def test_a_refactoring_that_changes_behaviour_is_pointed_out() -> None:
    verdict = judge("refactoring", suite("a"), suite("a b"), suite("a", "b"))
    assert verdict.notes == ("Declared as refactoring, but these tests fail on the old code: b.",)


def test_a_new_failure_is_an_objection() -> None:
    verdict = judge("behaviour", suite("a b"), suite("b c", "a"), suite("a b", "c"))
    assert "not green" in verdict.objections[0]


def test_a_failure_that_was_there_before_is_only_noted() -> None:
    verdict = judge("behaviour", suite("a", "old"), suite("a b", "old"), suite("a", "old b"))
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
    verdict = judge("behaviour", suite("a b c"), suite("a n", skipped="b"), suite("a", "n"))
    assert verdict.accepted
    assert verdict.notes == ("Tests that are gone: c.", "Tests that are skipped now: b.")


def test_a_runner_that_only_counts_is_believed_and_its_limit_named() -> None:
    verdict = judge("behaviour", suite(count=3), suite(count=4), None)
    assert verdict.accepted
    assert "names no tests" in verdict.notes[0]


def test_a_runner_that_only_counts_and_fails_is_an_objection() -> None:
    assert not judge("behaviour", suite(count=3), suite(count=4, code=1), None).accepted
