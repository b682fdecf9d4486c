import importlib.util
import shutil
import sys
from pathlib import Path

import pytest

from agent.beneath import Beneath
from agent.rooms import Rooms
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.toolchain import python_toolchain
from agent.suites.command import SuiteCommand
from agent.suites.coverage import Covered, changed_line_coverage, covered_lines, go_profile, lcov_lines
from agent.suites.find import find_suites
from tests.conftest import write

RECORDED = Path(__file__).parent / "recorded"


@pytest.fixture
def rooms(sandbox: Bubblewrap, tmp_path: Path) -> Rooms:
    (tmp_path / "reports").mkdir()
    return Rooms(sandbox, python_toolchain(), tmp_path / "reports")


def suite(root: Path) -> SuiteCommand:
    tracked = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    return next(find_suites(Beneath(root), tracked, sys.executable))


def needs(program: str) -> pytest.MarkDecorator:
    missing = shutil.which(program, path="/usr/local/bin:/usr/bin") is None
    return pytest.mark.skipif(missing, reason=f"needs {program} in /usr")


PYTHON = "def due(late):\n    if late:\n        return 2\n    return 1\n"


def test_lines_that_tests_of_python_execute_are_found(rooms: Rooms, tree: Path) -> None:
    write(tree / "due.py", PYTHON)
    write(tree / "test_due.py", "from due import due\n\ndef test_due():\n    assert due(False) == 1\n")
    covered = covered_lines(suite(tree), rooms.open(tree), rooms.reports)
    if importlib.util.find_spec("coverage") is None:
        assert covered is None  # not measured, which is not zero
        pytest.skip("needs the package coverage in the interpreter of these tests")
    assert covered is not None
    assert covered["due.py"] == Covered(frozenset({1, 2, 4}), frozenset({3}))


@needs("go")
def test_lines_that_tests_of_go_execute_are_found(rooms: Rooms, tree: Path) -> None:
    write(tree / "go.mod", "module example.com/m\n\ngo 1.19\n")
    write(
        tree / "due" / "due.go",
        "package due\n\nfunc Due(late bool) int {\n\tif late {\n\t\treturn 2\n\t}\n\treturn 1\n}\n",
    )
    write(
        tree / "due" / "due_test.go",
        'package due\n\nimport "testing"\n\nfunc TestDue(t *testing.T) { Due(false) }\n',
    )
    covered = covered_lines(suite(tree), rooms.open(tree), rooms.reports)
    assert covered is not None
    assert covered["due/due.go"].missing == {5, 6}
    assert 7 in covered["due/due.go"].executed


@needs("node")
def test_lines_that_tests_of_node_execute_are_found(rooms: Rooms, tree: Path) -> None:
    write(tree / "package.json", '{"scripts": {"test": "node --test"}}')
    write(tree / "due.js", "exports.due = late => {\n  if (late) {\n    return 2\n  }\n  return 1\n}\n")
    write(
        tree / "due.test.js",
        "const {due} = require('./due')\nrequire('node:test')('due', () => due(false))\n",
    )
    covered = covered_lines(suite(tree), rooms.open(tree), rooms.reports)
    assert covered is not None
    assert 3 in covered["due.js"].missing
    assert 5 in covered["due.js"].executed


def test_what_cannot_be_measured_is_unknown(rooms: Rooms, tree: Path) -> None:
    assert covered_lines(SuiteCommand(("true",), "text"), rooms.open(tree), rooms.reports) is None
    forged = SuiteCommand(("node", "-e", "1"), "node", name="node")
    assert covered_lines(forged, rooms.open(tree), rooms.reports) is None


def test_changed_lines_are_counted_where_they_hold_code() -> None:
    covered = {"a.py": Covered(frozenset({1, 2, 4}), frozenset({3}))}
    assert changed_line_coverage({"a.py": {2, 3, 9}, "README.md": {1}}, covered) == (1, 2)
    assert changed_line_coverage({"a.py": {9}}, covered) == (0, 0)
    assert changed_line_coverage({"README.md": {1}}, covered) is None
    assert changed_line_coverage({"a.py": {2}}, None) is None


def test_profiles_are_read() -> None:
    profile = (RECORDED / "cover.out").read_text()
    assert go_profile(profile, "example.com/m") == {"sums/sums.go": Covered(frozenset({3}), frozenset())}
    twice = "mode: set\nm/a.go:1.1,3.2 1 0\nm/a.go:1.1,2.2 1 4\nm/b.go:1.1,99999999.2 1 1\n"
    assert go_profile(twice, "m") == {"a.go": Covered(frozenset({1, 2}), frozenset({3}))}
    lcov = lcov_lines((RECORDED / "node.lcov").read_text())
    assert lcov["test/a.test.mjs"].executed == {1, 2, 3}
    assert lcov_lines("SF:a.js\nDA:1,0\nDA:2,10\nend_of_record\n")["a.js"] == Covered(
        frozenset({2}), frozenset({1})
    )
