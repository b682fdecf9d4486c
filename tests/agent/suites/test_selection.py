import pytest

from agent.suites import runners
from agent.suites.command import SuiteCommand
from indexer.errors import BadInput

CASES = [
    (runners.pytest_command("python", ""), ["tests/test_a.py::test_b"], "tests/test_a.py::test_b"),
    (runners.pytest_command("python", "", cwd="pay"), ["pay/tests/test_a.py"], "tests/test_a.py"),
    (runners.unittest_command("python", ""), ["tests/test_a.py"], "-k test_a."),
    (runners.django_command("python", ""), ["pay/tests.py", "pay.tests.T.a"], "pay.tests pay.tests.T.a"),
    (
        runners.go_command(""),
        ["m/a/TestOne", "m/a/TestTwo/large", "m/b/TestThree"],
        "go test -json -run ^(TestOne|TestTwo|TestThree)$ m/a m/b",
    ),
    (runners.go_command(""), ["a/a_test.go"], "go test -json ./a"),
    (runners.go_command(""), ["TestOne"], "go test -json -run ^(TestOne)$ ./..."),
    (runners.cargo_command(""), ["foo/src/lib.rs::tests::adds"], "--no-fail-fast -- tests::adds"),
    (runners.cargo_command(""), ["tests/whole.rs"], "--no-fail-fast --test whole"),
    (runners.cargo_command(""), ["foo/doc::src/lib.rs - add"], "-- src/lib.rs - add"),
    (runners.script_command("jest", ""), ["a.test.js::adds (fast)"], r"-t adds\ \(fast\)$ a.test.js"),
    (runners.script_command("vitest", ""), ["a.test.ts::math > adds"], r"-t math\ adds$ a.test.ts"),
    (runners.script_command("mocha", ""), ["test/a.js"], "test test/a.js"),
    (
        runners.script_command("node --test", ""),
        ["a.test.js::math > adds"],
        "--test-name-pattern=^math$ --test-name-pattern=^adds$ --test a.test.js",
    ),
    (runners.maven_command(""), ["m.SumTest::adds", "src/m/ATest.java"], "-Dtest=m.SumTest#adds,ATest"),
    (runners.gradle_command(""), ["m.SumTest::adds[1]"], "--tests m.SumTest.adds"),
    (runners.rspec_command(""), ["spec/a_spec.rb::math adds"], "-e math adds spec/a_spec.rb"),
    (runners.phpunit_command("", "phpunit"), ["t/A.php::A::testB"], "--filter /(A::testB)$/ t/A.php"),
    (runners.ctest_command(""), ["adds", "a.b"], r"-R ^(adds|a\.b)$"),
    (runners.dotnet_command(""), ["N.C.Adds(x: 1)"], "--filter FullyQualifiedName~N.C.Adds"),
    (runners.mix_command(""), ["test/a_test.exs:3"], "mix test test/a_test.exs:3"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "tests", "line"), CASES)
def test_each_runner_is_told_which_tests_in_its_way(
    command: SuiteCommand, tests: list[str], line: str
) -> None:
    assert line in " ".join(command.selecting(tests))


def test_a_runner_that_cannot_select_says_so() -> None:
    with pytest.raises(BadInput, match="cannot run some tests only; run the whole suite"):
        runners.printing_command(["make", "test"], "").selecting(["a"])
    with pytest.raises(BadInput, match=r"cargo has no tests by the file src/lib\.rs"):
        runners.cargo_command("").selecting(["src/lib.rs"])


@pytest.mark.parametrize("test", ["-k", "--co", "", " ", "a\0b"])
def test_what_is_no_test_is_refused(test: str) -> None:
    with pytest.raises(BadInput, match="is no test"):
        runners.pytest_command("python", "").selecting([test])
