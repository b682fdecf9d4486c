from pathlib import Path

import pytest

from agent.suites.reports import Format, read_report, read_reports
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
    assert results.failed == {"m/a/TestTwo", "m/b"}  # m/a failed by its tests
    assert results.broken == {"m/b"}
    assert results.skipped == {"m/a/TestThree"}
    assert "a_test.go:7: got 3" in results.failures[0].message


PRINTED = {
    "cargo": ("test a::adds ... ok\ntest a::b ... FAILED\ntest c ... ignored\n", {"a::adds"}, {"a::b"}),
    "go -v": ("--- PASS: TestA (0.00s)\n    --- FAIL: TestA/sub (0.00s)\n", {"TestA"}, {"TestA/sub"}),
    "TAP": ("TAP version 13\nok 1 - adds\nnot ok 2 - divides\n1..2\n", {"adds"}, {"divides"}),
    "TAP without its plan": ("ok 1 - two\n", {"two"}, set()),
    "unittest": (
        "test_a (m.T.test_a) ... ok\ntest_b (m.T.test_b) ... FAIL\n",
        {"m.T.test_a"},
        {"m.T.test_b"},
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


RECORDED = Path(__file__).parent / "recorded"
RUNS: dict[tuple[str, Format], tuple[str, str, str, str]] = {  # passed, failed, skipped, could not be loaded
    ("jest.json", "jest"): (
        *("a.test.js::math adds", "a.test.js::math divides", "a.test.js::math later", "broken.test.js"),
    ),
    ("vitest.json", "jest"): (
        *("a.test.js::math adds", "a.test.js::math divides", "a.test.js::math later", "broken.test.js"),
    ),
    ("vitest.xml", "junit"): (
        *("a.test.js::math > adds", "a.test.js::math > divides", "a.test.js::math > later", "broken.test.js"),
    ),
    ("mocha.json", "mocha"): ("m/a.js::math adds", "m/a.js::math divides", "m/a.js::math later", ""),
    ("node.jsonl", "node"): (
        "test/a.test.mjs::adds|test/a.test.mjs::math > inner > adds|test/b.test.mjs::adds|"
        "test/b.test.mjs::adds > sub",
        "test/a.test.mjs::math > divides",
        "test/a.test.mjs::math > later|test/a.test.mjs::math > some day",
        "test/broken.test.mjs",
    ),
    ("node.tap", "tap"): (
        "adds|adds > sub|math > inner > adds",
        "math > divides|test/broken.test.mjs",
        "math > later|math > some day",
        "",
    ),
    ("go.jsonl", "go"): (
        "example.com/m/sums/TestAdd/small|example.com/m/sums/TestFine",
        "example.com/m/sums/TestAdd|example.com/m/sums/TestAdd/large|example.com/m/panics/TestP",
        "example.com/m/sums/TestLater",
        "example.com/m/broken",
    ),
    ("cargo.txt", "cargo"): (
        "foo/src/lib.rs::tests::adds|foo/src/lib.rs::tests::panics|whole/tests/whole.rs::adds|"
        "foo/doc::src/lib.rs - add",
        "foo/src/lib.rs::tests::fails|whole/tests/whole.rs::unwraps",
        "foo/src/lib.rs::tests::later",
        "",
    ),
    ("cargo-broken.txt", "cargo"): ("", "", "", "foo (lib)|foo (lib test)"),
    ("rspec.json", "rspec"): (
        *("spec/a_spec.rb::math adds", "spec/a_spec.rb::math divides", "spec/a_spec.rb::math later", ""),
    ),
    ("rspec-broken.json", "rspec"): ("", "", "", "errors outside of examples"),
    ("phpunit.xml", "junit"): (
        "tests/MathTest.php::MathTest::testAdds",
        "tests/MathTest.php::MathTest::testDivides",
        "tests/MathTest.php::MathTest::testLater",
        "",
    ),
    ("ctest.xml", "junit"): ("adds", "fails", "", ""),
    ("unittest.txt", "unittest"): (
        "tests.test_a.SumTest.test_adds|tests.test_a.SumTest.test_known|tests.test_a.SumTest.test_prints",
        "tests.test_a.SumTest.test_divides|tests.test_a.SumTest.test_parts",
        "tests.test_a.SumTest.test_later",
        "tests.test_broken",
    ),
}


@pytest.mark.parametrize(("file", "report"), RUNS, ids=[file for file, _ in RUNS])
def test_what_runners_really_wrote_is_read(file: str, report: Format) -> None:
    results = read_report(report, (RECORDED / file).read_text())
    passed, failed, skipped, broken = (set(filter(None, names.split("|"))) for names in RUNS[file, report])
    assert (results.passed, results.failed - results.broken, results.skipped, results.broken) == (
        *(passed, failed, skipped, broken),
    )
    assert results.counted == len(passed | failed | broken)


def said(file: str, report: Format, test: str) -> str:
    failures = read_report(report, (RECORDED / file).read_text()).failures
    return next(failure.message for failure in failures if failure.test == test)


@pytest.mark.parametrize(
    ("file", "report", "test", "message"),
    [
        ("jest.json", "jest", "broken.test.js", "Cannot find module './nowhere'"),
        ("mocha.json", "mocha", "m/a.js::math divides", "expected: 3\nactual: 2"),
        ("node.jsonl", "node", "test/a.test.mjs::math > divides", "test/a.test.mjs:3:53"),
        ("go.jsonl", "go", "example.com/m/broken", "broken/b.go:3:29: undefined: missing"),
        ("go.jsonl", "go", "example.com/m/panics/TestP", "panic: assignment to entry in nil map"),
        ("cargo.txt", "cargo", "whole/tests/whole.rs::unwraps", "panicked at tests/whole.rs:9:13"),
        ("cargo-broken.txt", "cargo", "foo (lib)", "cannot find value `nothing`"),
        ("rspec-broken.json", "rspec", "errors outside of examples", "uninitialized constant Nowhere"),
        ("ctest.xml", "junit", "fails", "wrong sum"),
        ("unittest.txt", "unittest", "tests.test_broken", "No module named 'nowhere'"),
        ("unittest.txt", "unittest", "tests.test_a.SumTest.test_parts", "AssertionError: 1 != 0"),
    ],
)
def test_a_failure_says_why(file: str, report: Format, test: str, message: str) -> None:
    assert message in said(file, report, test)


@pytest.mark.parametrize(("file", "report"), RUNS, ids=[file for file, _ in RUNS])
@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
def test_a_report_that_was_cut_off_is_refused_or_read_as_far_as_it_goes(
    file: str, report: Format, keep: float
) -> None:
    text = (RECORDED / file).read_text()
    try:
        results = read_report(report, text[: int(len(text) * keep)])
    except BadInput:
        return
    whole = read_report(report, text)
    assert results.passed <= whole.passed


def test_the_reports_of_many_classes_are_one_run() -> None:
    one = '<testsuite name="m.A"><testcase classname="m.A" name="adds" time="0.1"/></testsuite>'
    two = (
        '<testsuite name="m.B"><properties><property name="x" value="y"/></properties>'
        '<testcase classname="m.B" name="fails"><failure message="boom" type="E">at m.B.fails(B.java:3)'
        "</failure><system-out>noise</system-out></testcase></testsuite>"
    )
    results = read_reports("junit", [one, two])
    assert (results.passed, results.failed) == ({"m.A::adds"}, {"m.B::fails"})
    assert results.failures[0].message == "boom\nat m.B.fails(B.java:3)"


def test_colours_are_left_out() -> None:
    printed = "test a ... \x1b[32mok\x1b(B\x1b[m\ntest b ... \x1b[31mFAILED\x1b[m\n"
    assert read_report("text", printed.replace("\x1b(B", "")).failed == {"b"}
    jest = (
        '{"testResults": [{"name": "a.js", "assertionResults": [{"fullName": "b", "status": "failed",'
        '"failureMessages": ["\\u001b[31mExpected\\u001b[39m 3"]}]}]}'
    )
    assert read_report("jest", jest).failures[0].message == "Expected 3"


def test_trx_is_read() -> None:
    text = """<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
    <UnitTestResult testId="1" testName="Adds" outcome="Passed"/>
    <UnitTestResult testId="2" testName="N.C.Fails(x: 1)" outcome="Failed"><Output><ErrorInfo>
      <Message>Expected 1</Message><StackTrace>at N.C.Fails() in /workspace/C.cs:line 3</StackTrace>
    </ErrorInfo></Output></UnitTestResult>
    <UnitTestResult testId="3" testName="Later" outcome="NotExecuted"/></Results>
    <TestDefinitions><UnitTest id="1"><TestMethod className="N.C, N" name="Adds"/></UnitTest>
    </TestDefinitions>
    </TestRun>"""
    results = read_report("trx", text)
    assert (results.passed, results.failed) == ({"N.C.Adds"}, {"N.C.Fails(x: 1)"})
    assert results.skipped == {"Later"}
    assert results.failures[0].message == "Expected 1\nat N.C.Fails() in /workspace/C.cs:line 3"


def test_an_id_is_the_same_in_the_next_run() -> None:
    one = read_report("junit", '<s><testcase name="test_a[&lt;f at 0x7f3a9c0b1d30&gt;]"/></s>')
    two = read_report("junit", '<s><testcase name="test_a[&lt;f at 0x7f0000001111&gt;]"/></s>')
    assert one.passed == two.passed


def test_elements_nested_without_end_are_refused() -> None:
    with pytest.raises(BadInput, match="nested more than"):
        read_report("junit", "<a>" * 100_000)


def test_json_nested_without_end_is_refused() -> None:
    with pytest.raises(BadInput, match="cannot be read as jest"):
        read_report("jest", "[" * 200_000)


@pytest.mark.parametrize("report", ["text", "cargo", "tap", "unittest", "go"])
def test_a_hostile_line_is_read_in_time(report: Format) -> None:
    for piece in ("... ", "test a ... ", "ok ", "(", "# skip ", "--- ", "x.py:1 "):
        read_report(report, f"test_a (b.c){piece * 200_000}\n1..1\n")
