import shutil
import sys
from pathlib import Path

import pytest

from agent.beneath import Beneath
from agent.rooms import Rooms
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.toolchain import python_toolchain
from agent.suites.reports import Failure, Results
from agent.suites.suite import SuiteCommand, SuiteRun, find_suites, is_test, pytest_command
from indexer.errors import BadInput
from tests.conftest import write


@pytest.fixture
def rooms(sandbox: Bubblewrap, tmp_path: Path) -> Rooms:
    return Rooms(sandbox, python_toolchain(), tmp_path / "reports")


def suites(root: Path) -> list[SuiteCommand]:
    tracked = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    return list(find_suites(Beneath(root), tracked, sys.executable))


def test_the_sample_project_is_green(rooms: Rooms, sample: Path) -> None:
    run = rooms.run_suite(sample, suites(sample)[0])
    assert run.green
    assert run.summary == f"green: {len(run.results.passed)} passed"
    assert "tests/test_retry.py::test_retry_pauses_longer_each_time" in run.results.passed
    assert not (sample / ".pytest_cache").exists()


def test_a_failure_is_red_and_condensed(rooms: Rooms, sample: Path) -> None:
    source = sample / "payments" / "retry.py"
    source.write_text(source.read_text().replace("pause *= 2", "pause *= 3"))
    run = rooms.run_suite(sample, suites(sample)[0])
    assert not run.green
    assert "tests/test_retry.py::test_retry_pauses_longer_each_time" in run.results.failed
    assert "[0.2, 0.4, 0.8]" in run.report()
    assert run.report().startswith("red: ")
    assert len(run.report().splitlines()) < 80


def test_some_tests_can_be_selected(rooms: Rooms, sample: Path) -> None:
    test = "tests/test_money.py::test_money_prints_major_units"
    assert rooms.run_suite(sample, suites(sample)[0], [test]).results.passed == {test}


def test_an_option_is_no_test(rooms: Rooms, sample: Path) -> None:
    with pytest.raises(BadInput, match="--co"):
        rooms.run_suite(sample, suites(sample)[0], ["--co"])


def test_a_suite_without_tests_is_not_green(rooms: Rooms, tree: Path) -> None:
    write(tree / "tests" / "conftest.py", "")
    run = rooms.run_suite(tree, suites(tree)[0])
    assert not run.green
    assert run.summary.startswith("no test ran (exit code 5")


def test_one_module_that_cannot_be_imported_does_not_hide_the_others(rooms: Rooms, tree: Path) -> None:
    write(tree / "test_good.py", "def test_good():\n    pass\n")
    write(tree / "test_bad.py", "from nowhere import x\n\ndef test_bad():\n    pass\n")
    run = rooms.run_suite(tree, suites(tree)[0])
    assert run.results.passed == {"test_good.py::test_good"}
    assert run.results.failed == {"test_bad.py"}
    assert "No module named 'nowhere'" in run.report()


def test_options_of_a_missing_plugin_have_a_second_try(rooms: Rooms, tree: Path) -> None:
    write(tree / "pytest.ini", "[pytest]\naddopts = --no-such-plugin\n")
    write(tree / "test_a.py", "def test_a():\n    pass\n")
    first, second = suites(tree)
    assert rooms.run_suite(tree, first).results.counted == 0
    assert rooms.run_suite(tree, second).green


def test_a_report_that_the_tests_forge_does_not_hide_the_exit_code(rooms: Rooms, tree: Path) -> None:
    write(
        tree / "test_a.py",
        "import atexit, os\n"
        "def forge():\n"
        "    open('/reports/report.xml', 'w').write('<s><testcase name=\"good\"/></s>')\n"
        "    os._exit(1)\n"
        "atexit.register(forge)\n"
        "def test_a():\n    assert False\n",
    )
    run = rooms.run_suite(tree, suites(tree)[0])
    assert run.results.passed == {"good"}
    assert not run.green
    assert run.summary == "red: 1 passed, but exit code 1"


def test_a_report_that_is_a_link_is_not_followed(rooms: Rooms, tree: Path, tmp_path: Path) -> None:
    write(tmp_path / "secret.xml", '<s><testcase name="secret"/></s>')
    link = f"import os; os.symlink({str(tmp_path / 'secret.xml')!r}, '/reports/report.xml')"
    command = SuiteCommand((sys.executable, "-c", link), "junit", "report.xml")
    run = rooms.run_suite(tree, command)
    assert run.results == Results()
    assert "leads out" in run.problem


def test_a_report_of_an_earlier_run_is_not_read_again(rooms: Rooms, tree: Path) -> None:
    write(tree / "test_a.py", "def test_a():\n    pass\n")
    assert rooms.run_suite(tree, suites(tree)[0]).green
    command = SuiteCommand(("true",), "junit", "report.xml")
    assert rooms.run_suite(tree, command).results.counted == 0


@pytest.mark.skipif(shutil.which("node", path="/usr/bin:/usr/local/bin") is None, reason="needs node in /usr")
def test_node_tests_are_found_and_read(rooms: Rooms, tree: Path) -> None:
    write(tree / "package.json", '{"scripts": {"test": "node --test"}}')
    write(
        tree / "a.test.js",
        "const test = require('node:test'), assert = require('assert')\n"
        "test('adds', () => assert.equal(1 + 1, 2))\ntest('fails', () => assert.equal(1, 2))\n",
    )
    run = rooms.run_suite(tree, suites(tree)[0])
    assert run.results.passed == {"test::adds"}
    assert run.results.failed == {"test::fails"}


@pytest.mark.skipif(shutil.which("make", path="/usr/bin:/usr/local/bin") is None, reason="needs make in /usr")
def test_a_makefile_is_believed_by_what_its_tests_print(rooms: Rooms, tree: Path) -> None:
    write(tree / "Makefile", "test:\n\t@echo 'Ran 3 tests in 0.1s'\n")
    run = rooms.run_suite(tree, suites(tree)[0])
    assert run.green
    assert run.summary == "green: 3 tests, exit code 0"


def test_manifests_lead_to_commands(tree: Path) -> None:
    write(tree / "package.json", '{"scripts": {"test": "vitest run"}}')
    write(tree / "go.mod", "module m\n")
    write(tree / "Cargo.toml", "[package]\n")
    write(tree / "Makefile", "all:\ntest: all\n\ttrue\n")
    found = [(" ".join(suite.argv[:2]), suite.format) for suite in suites(tree)]
    assert found == [("npm test", "junit"), ("go test", "go"), ("cargo test", "text"), ("make test", "text")]


@pytest.mark.parametrize(
    "manifest",
    ["", "{}", '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}', "[1]", '"x"'],
)
def test_a_package_without_tests_has_no_command(tree: Path, manifest: str) -> None:
    write(tree / "package.json", manifest)
    assert suites(tree) == []


@pytest.mark.parametrize(
    "path",
    [
        *(
            "tests/helpers.py",
            "test_a.py",
            "pkg/a_test.go",
            "src/a.spec.ts",
            "src/__tests__/a.js",
            "conftest.py",
        ),
        *("conftest.py", "src/test/java/ATest.java", "spec/a_spec.rb", "AppTests.cs", "a/a.test.tsx"),
    ],
)
def test_tests_are_told_by_their_path(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize("path", ["pay/retry.py", "latest.py", "contest/a.py", "testing.py", "attest.go"])
def test_code_is_no_test(path: str) -> None:
    assert not is_test(path)


def test_a_long_failure_keeps_its_end() -> None:
    message = "\n".join(f"line {number}" for number in range(100))
    failures = tuple(Failure(f"t{number}", message) for number in range(9))
    results = Results(failed=frozenset(f.test for f in failures), failures=failures, counted=9)
    report = SuiteRun(("x",), 1, results, "", 1.0).report()
    assert "line 99" in report
    assert "line 10\n" not in report
    assert "and 4 more: t5, t6, t7, t8" in report


def test_pytest_is_asked_for_a_report() -> None:
    assert "--junitxml=/reports/report.xml" in pytest_command("python", "").argv
