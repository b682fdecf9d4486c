import pytest

from agent.suites.reports import read_report
from indexer.errors import BadInput

JUNIT = """<?xml version="1.0" encoding="utf-8"?><testsuites><testsuite>
<testcase classname="tests.test_a" name="test_one" file="tests/test_a.py" line="1" time="0.1"/>
<testcase classname="tests.test_a.TestB" name="test_two[x]" file="tests/test_a.py">
  <failure message="assert 1 == 2">tests/test_a.py:9: in test_two &lt;lambda&gt;</failure></testcase>
<testcase classname="tests.test_a" name="test_three" file="tests/test_a.py"><skipped message="no"/></testcase>
<testcase classname="" name="tests.test_broken"><error message="collection">SyntaxError</error></testcase>
</testsuite></testsuites>"""


def test_junit_gives_the_ids_that_pytest_understands() -> None:
    results = read_report("junit", JUNIT)
    assert results.passed == {"tests/test_a.py::test_one"}
    assert results.failed == {"tests/test_a.py::TestB::test_two[x]", "tests.test_broken"}
    assert results.skipped == {"tests/test_a.py::test_three"}
    assert results.counted == 3
    assert "assert 1 == 2\ntests/test_a.py:9: in test_two <lambda>" in results.failures[0].message


def test_junit_of_other_runners_has_ids_too() -> None:
    results = read_report("junit", '<testsuites><testcase name="adds" classname="test"/></testsuites>')
    assert results.passed == {"test::adds"}


def test_a_report_with_entities_is_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "boom"><!ENTITY c "&b;&b;&b;">]><testsuites>&c;</testsuites>'
    with pytest.raises(BadInput, match="document type"):
        read_report("junit", bomb)


@pytest.mark.parametrize("text", ["", "no xml", "<testsuites>", '<testcase classname="a"/>', "<a>\0</a>"])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="cannot be read as junit"):
        read_report("junit", text)


def test_an_id_reported_twice_counts_by_its_worst() -> None:
    twice = '<s><testcase name="a"/><testcase name="a"><failure message="x"/></testcase></s>'
    results = read_report("junit", twice)
    assert (results.passed, results.failed, results.counted) == (set(), {"a"}, 1)


def test_jest_is_read() -> None:
    text = """{"testResults": [{"name": "/workspace/src/a.test.js", "assertionResults": [
        {"fullName": "adds", "status": "passed", "failureMessages": []},
        {"fullName": "divides", "status": "failed", "failureMessages": ["Expected 1"]},
        {"fullName": "later", "status": "pending"}]}]}"""
    results = read_report("jest", text)
    assert results.passed == {"src/a.test.js::adds"}
    assert results.failed == {"src/a.test.js::divides"}
    assert results.skipped == {"src/a.test.js::later"}
    assert results.failures[0].message == "Expected 1"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"testResults": [1]}'])
def test_a_jest_report_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="cannot be read as jest"):
        read_report("jest", text)


def test_go_is_read_and_a_package_that_does_not_build_has_failed() -> None:
    text = "\n".join(
        [
            '{"Action":"run","Package":"m/a","Test":"TestOne"}',
            '{"Action":"pass","Package":"m/a","Test":"TestOne","Elapsed":0}',
            '{"Action":"output","Package":"m/a","Test":"TestTwo","Output":"    a_test.go:7: got 3\\n"}',
            '{"Action":"fail","Package":"m/a","Test":"TestTwo","Elapsed":0}',
            '{"Action":"fail","Package":"m/a","Elapsed":0.01}',
            '{"Action":"skip","Package":"m/a","Test":"TestThree"}',
            '{"Action":"fail","Package":"m/b","Elapsed":0,"FailedBuild":"m/b"}',
            "not json",
        ]
    )
    results = read_report("go", text)
    assert results.passed == {"m/a/TestOne"}
    assert results.failed == {"m/a/TestTwo", "m/a", "m/b"}
    assert results.skipped == {"m/a/TestThree"}
    assert "a_test.go:7: got 3" in results.failures[0].message


PRINTED = {
    "cargo": ("test a::adds ... ok\ntest a::b ... FAILED\ntest c ... ignored\n", {"a::adds"}, {"a::b"}),
    "go -v": ("--- PASS: TestA (0.00s)\n    --- FAIL: TestA/sub (0.00s)\n", {"TestA"}, {"TestA/sub"}),
    "TAP": ("TAP version 13\nok 1 - adds\nnot ok 2 - divides\n1..2\n", {"adds"}, {"divides"}),
    "unittest": (
        "test_a (m.T.test_a) ... ok\ntest_b (m.T.test_b) ... FAIL\n",
        {"test_a (m.T.test_a)"},
        {"test_b (m.T.test_b)"},
    ),
}


@pytest.mark.parametrize("runner", PRINTED)
def test_printed_results_are_read_by_name(runner: str) -> None:
    text, passed, failed = PRINTED[runner]
    results = read_report("text", text)
    assert (results.passed, results.failed) == (passed, failed)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("===== 3 failed, 27 passed, 1 skipped in 0.84s =====", 30),
        ("Tests:       1 failed, 4 passed, 5 total", 5),
        ("  12 passing (30ms)\n  1 failing\n", 13),
        ("Ran 7 tests in 0.001s\n\nOK\n", 7),
        ("4 examples, 1 failure", 4),
        ("Ran 0 tests in 0.000s\n", 0),
        ("make: Nothing to be done for 'test'.\n", 0),
    ],
)
def test_printed_sums_are_counted(text: str, count: int) -> None:
    assert read_report("text", text).counted == count
