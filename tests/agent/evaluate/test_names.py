"""Ids of SWE-bench are found among those of a report."""

from __future__ import annotations

import pytest

from agent.evaluate.names import files_of, passing, seen, skipped
from agent.suites.reports import Results

RESULTS = Results(
    passed=frozenset(
        {
            "tests/test_a.py::test_one",
            "tests/test_a.py::TestB::test_two[x]",
            "tests/test_a.py::test_text[a b]",
            "tests/test_a.py::test_text[a c]",
            "tests/test_a.py::test_mixed[a b]",
            "app.tests.TestC.test_three",
            "sympy/core/test_x.py::test_bare",
        }
    ),
    failed=frozenset({"tests/test_a.py::test_mixed[a c]", "tests/test_a.py::test_red"}),
    skipped=frozenset({"tests/test_a.py::test_later"}),
)


@pytest.mark.parametrize(
    ("test", "passed"),
    [
        ("tests/test_a.py::test_one", True),
        ("tests/test_a.py::TestB::test_two[x]", True),
        ("tests/test_a.py::test_text[a", True),  # cut at the blank: stands for both
        ("tests/test_a.py::test_mixed[a", False),  # one of the two failed
        ("tests/test_a.py::test_red", False),
        ("tests/test_a.py::test_later", False),
        ("tests/test_a.py::test_absent", False),
        ("test_three (app.tests.TestC)", True),
        ("test_three (app.tests.TestC.test_three)", True),  # as Python 3.11 prints it
        ("test_four (app.tests.TestC)", False),
        ("test_bare", True),
        ("A docstring that Django printed", False),
    ],
)
def test_a_test_passed_when_all_that_it_stands_for_did(test: str, passed: bool) -> None:
    assert (test in passing([test], RESULTS)) is passed


def test_what_a_run_does_not_report_was_not_seen() -> None:
    tests = ["tests/test_a.py::test_red", "tests/test_a.py::test_absent", "tests/test_a.py::test_later"]
    assert seen(tests, RESULTS) == {tests[0], tests[2]}
    assert skipped(tests, RESULTS) == {tests[2]}


def test_files_are_those_that_ids_begin_with() -> None:
    tests = ["b.py::test_x", "a.py::T::test_y[a::b]", "b.py::test_z", "test_q (a.b)", "-x.py::test_o"]
    assert files_of(tests) == ["a.py", "b.py"]
