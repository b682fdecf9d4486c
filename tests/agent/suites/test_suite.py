import shutil
import sys
from pathlib import Path

import pytest

from agent.beneath import Beneath
from agent.rooms import Rooms
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.toolchain import python_toolchain
from agent.suites.reports import Results
from agent.suites.suite import SuiteCommand, find_suites, is_test, pytest_command
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


def needs(program: str) -> pytest.MarkDecorator:
    """Rooms show /usr, so a program elsewhere can't run in them."""
    missing = shutil.which(program, path="/usr/local/bin:/usr/bin") is None
    return pytest.mark.skipif(missing, reason=f"needs {program} in /usr")


def test_a_module_that_fails_to_import_is_a_failed_build_when_it_hides_every_test(
    rooms: Rooms, tree: Path
) -> None:
    write(tree / "test_bad.py", "from nowhere import x\n\ndef test_bad():\n    pass\n")
    run = rooms.run_suite(tree, suites(tree)[0])
    assert run.build_failed
    assert run.summary == "red: no test ran, 1 not collected (exit code 1)"


def test_a_conftest_that_fails_is_a_failed_build_with_its_place(rooms: Rooms, tree: Path) -> None:
    write(tree / "conftest.py", "import nowhere\n")
    write(tree / "test_a.py", "def test_a():\n    pass\n")
    run = rooms.run_suite(tree, suites(tree)[0])
    assert run.build_failed
    assert [(found.path, found.line) for found in run.diagnostics] == [("conftest.py", 1)]
    assert "conftest.py:1: ModuleNotFoundError No module named 'nowhere' (pytest)" in run.report()


def test_unittest_is_run_where_there_is_no_pytest(rooms: Rooms, tree: Path) -> None:
    case = "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n"
    write(tree / "tests" / "__init__.py", "")
    write(tree / "tests" / "test_a.py", f"{case}    def test_b(self): self.fail('no')\n")
    command = next(suite for suite in suites(tree) if suite.name == "unittest")
    run = rooms.run_suite(tree, command)
    assert run.results.passed == {"tests.test_a.T.test_a"}
    assert run.results.failed == {"tests.test_a.T.test_b"}
    assert rooms.run_suite(tree, command, ["tests.test_a.T.test_a"]).green
    assert rooms.run_suite(tree, command, ["tests/test_a.py"]).results == run.results


def test_the_tests_of_a_package_run_in_its_folder(rooms: Rooms, tree: Path) -> None:
    write(tree / "services" / "pay" / "pyproject.toml", "[tool.pytest.ini_options]\npythonpath = 'src'\n")
    write(tree / "services" / "pay" / "src" / "pay.py", "def due():\n    return 3\n")
    test = "from pay import due\n\ndef test_due():\n    assert due() == 3\n"
    write(tree / "services" / "pay" / "tests" / "test_pay.py", test)
    command = suites(tree)[0]
    assert command.cwd == "services/pay"
    assert rooms.run_suite(tree, command).results.passed == {"tests/test_pay.py::test_due"}
    assert rooms.run_suite(tree, command, ["services/pay/tests/test_pay.py"]).green


def test_the_ids_of_a_package_can_be_selected_where_the_root_configures_pytest(
    rooms: Rooms, tree: Path
) -> None:
    write(tree / "pytest.ini", "[pytest]\n")
    write(tree / "conftest.py", "import pytest\n\n@pytest.fixture\ndef three():\n    return 3\n")
    write(tree / "pay" / "tests" / "test_pay.py", "def test_pay(three):\n    assert three == 3\n")
    command = pytest_command(sys.executable, "", cwd="pay")
    run = rooms.run_suite(tree, command)
    assert run.results.passed == {"tests/test_pay.py::test_pay"}
    assert rooms.run_suite(tree, command, sorted(run.results.passed)).green


def test_code_below_src_is_imported_from_the_tree(rooms: Rooms, tree: Path) -> None:
    write(tree / "src" / "pay" / "__init__.py", "def due():\n    return 3\n")
    write(tree / "tests" / "test_pay.py", "from pay import due\n\ndef test_due():\n    assert due() == 3\n")
    first, second, *_ = suites(tree)
    assert rooms.run_suite(tree, first).green
    assert rooms.run_suite(tree, second).build_failed


def test_the_signature_is_the_same_for_the_same_failure_elsewhere(rooms: Rooms, tree: Path) -> None:
    write(tree / "test_a.py", "def test_a():\n    assert 1 == 2\n")
    first = rooms.run_suite(tree, suites(tree)[0])
    write(tree / "test_a.py", "\n\n\ndef test_a():\n    assert 1 == 2\n")
    moved = rooms.run_suite(tree, suites(tree)[0])
    write(tree / "test_a.py", "def test_a():\n    assert 1 == 3\n")
    other = rooms.run_suite(tree, suites(tree)[0])
    assert first.signature == moved.signature
    assert first.signature != other.signature
    write(tree / "test_a.py", "def test_a():\n    pass\n")
    assert rooms.run_suite(tree, suites(tree)[0]).signature == ""


def test_reports_in_the_tree_are_gathered_and_old_ones_are_not_read(rooms: Rooms, tree: Path) -> None:
    write(tree / "a" / "out" / "TEST-old.xml", '<s><testcase name="old"/></s>')
    write(tree / "run.sh", "for m in a b; do mkdir -p $m/out; echo \"<s><testcase name='$m'/></s>\" "
          "> $m/out/TEST-x.xml; done; ln -s /etc/passwd a/out/TEST-link.xml\n")  # fmt: skip
    command = SuiteCommand(("sh", "run.sh"), "junit", left="out/TEST-*.xml")
    run = rooms.run_suite(tree, command)
    assert run.results.passed == {"a", "b"}
    nothing = rooms.run_suite(tree, SuiteCommand(("true",), "junit", left="out/TEST-*.xml"))
    assert nothing.results.counted == 0
    assert "left no report" in nothing.problem


@needs("go")
def test_go_tests_are_found_run_and_selected(rooms: Rooms, tree: Path) -> None:
    write(tree / "go.mod", "module example.com/m\n\ngo 1.19\n")
    write(tree / "sums" / "sums.go", "package sums\n\nfunc Add(a, b int) int { return a + b }\n")
    write(
        tree / "sums" / "sums_test.go",
        'package sums\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {\n\tif Add(1, 1) != 2 {\n'
        '\t\tt.Fatal("no")\n\t}\n}\n\nfunc TestBad(t *testing.T) { t.Fatal("got 2") }\n',
    )
    command = suites(tree)[0]
    run = rooms.run_suite(tree, command)
    assert run.results.passed == {"example.com/m/sums/TestAdd"}
    assert run.results.failed == {"example.com/m/sums/TestBad"}
    one = rooms.run_suite(tree, command, ["example.com/m/sums/TestAdd"])
    assert one.green
    assert one.results.passed == {"example.com/m/sums/TestAdd"}
    write(tree / "sums" / "sums.go", "package sums\n\nfunc Add(a, b int) int { return missing }\n")
    broken = rooms.run_suite(tree, command)
    assert broken.build_failed
    assert "sums/sums.go:3:33: undefined: missing" in broken.report()
    assert [(found.path, found.line) for found in broken.diagnostics] == [("sums/sums.go", 3)]


@needs("rspec")
def test_rspec_is_found_run_and_selected(rooms: Rooms, tree: Path) -> None:
    write(
        tree / "spec" / "a_spec.rb",
        "RSpec.describe 'sums' do\n  it('adds') { expect(2).to eq 2 }\n"
        "  it('fails') { expect(2).to eq 3 }\nend\n",
    )
    run = rooms.run_suite(tree, suites(tree)[0])
    assert run.results.passed == {"spec/a_spec.rb::sums adds"}
    assert run.results.failed == {"spec/a_spec.rb::sums fails"}
    assert rooms.run_suite(tree, suites(tree)[0], ["spec/a_spec.rb::sums adds"]).green


@needs("ctest")
def test_ctest_builds_outside_of_the_tree_and_runs(rooms: Rooms, tree: Path) -> None:
    write(
        tree / "CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.20)\nproject(m NONE)\nenable_testing()\n"
        "add_test(NAME adds COMMAND true)\nadd_test(NAME fails COMMAND false)\n",
    )
    run = rooms.run_suite(tree, suites(tree)[0])
    assert (run.results.passed, run.results.failed) == ({"adds"}, {"fails"})
    assert rooms.run_suite(tree, suites(tree)[0], ["adds"]).green
    assert sorted(path.name for path in tree.iterdir()) == ["CMakeLists.txt"]


@needs("node")
def test_node_tests_are_found_and_read(rooms: Rooms, tree: Path) -> None:
    write(tree / "package.json", '{"scripts": {"test": "node --test"}}')
    write(
        tree / "a.test.js",
        "const test = require('node:test'), assert = require('assert')\n"
        "test('adds', () => assert.equal(1 + 1, 2))\ntest('fails', () => assert.equal(1, 2))\n",
    )
    run = rooms.run_suite(tree, suites(tree)[0])
    assert run.results.passed == {"a.test.js::adds"}
    assert run.results.failed == {"a.test.js::fails"}
    one = rooms.run_suite(tree, suites(tree)[0], ["a.test.js::adds"])
    assert (one.results.passed, one.results.failed) == ({"a.test.js::adds"}, set())


@needs("make")
def test_a_makefile_is_believed_by_what_its_tests_print(rooms: Rooms, tree: Path) -> None:
    write(tree / "Makefile", "test:\n\t@echo 'Ran 3 tests in 0.1s'\n")
    run = rooms.run_suite(tree, suites(tree)[0])
    assert run.green
    assert run.summary == "green: 3 tests, by printed sums and exit code 0 only"


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
        *(
            "conftest.py",
            "src/test/java/ATest.java",
            "spec/a_spec.rb",
            "AppTests.cs",
            "a/a.test.tsx",
            "pay/tests.py",
        ),
    ],
)
def test_tests_are_told_by_their_path(path: str) -> None:
    assert is_test(path)


@pytest.mark.parametrize("path", ["pay/retry.py", "latest.py", "contest/a.py", "testing.py", "attest.go"])
def test_code_is_no_test(path: str) -> None:
    assert not is_test(path)


def test_pytest_is_asked_for_a_report() -> None:
    assert "--junitxml=/reports/report.xml" in pytest_command("python", "").argv
