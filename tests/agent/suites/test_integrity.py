import pytest

from agent.suites.changes import FileChange
from agent.suites.integrity import inspect

PYTHON = """\
import pytest


def test_a():
    x = 1
    assert x
    assert x == 1


def test_b():
    assert True
"""
GO = 'package a\n\nfunc TestA(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("no")\n\t}\n}\n'
RUST = """\
fn add() -> i32 { 3 }

#[cfg(test)]
mod tests {
    #[test]
    fn adds() {
        assert_eq!(add(), 3);
    }
}
"""
JAVA = "class ATest {\n    @Test\n    void adds() {\n        assertEquals(3, add());\n    }\n}\n"
SCRIPT = 'test("adds", () => {\n  expect(add(1, 2)).toBe(3);\n});\n'
RUBY = 'it "adds" do\n  expect(add).to eq 3\nend\n'


def edited(path: str, before: str | None, after: str | None, was: str | None = None) -> FileChange:
    return FileChange(path, was or ("" if before is None else path), before, after)


def found(*changes: FileChange) -> list[tuple[str, int, str]]:
    return [(finding.kind, finding.line, finding.text) for finding in inspect(changes)]


def test_new_tests_are_no_finding() -> None:
    assert found(edited("tests/test_a.py", None, PYTHON), edited("a_test.go", None, GO)) == []


def test_added_tests_in_an_old_file_are_no_finding() -> None:
    assert found(edited("tests/test_a.py", PYTHON, PYTHON + "\n\ndef test_c():\n    assert 1\n")) == []


CLASSES = """\
class TestA(TestCase):
    def test_empty(self):
        self.assertEqual(a([]), [])


class TestB(TestCase):
    def test_one(self):
        self.assertEqual(b([1]), [1])

    def test_empty(self):
        self.assertEqual(b([]), [2])
"""
GROUPS = """\
describe("a", () => {
  it("is empty", () => { expect(a()).toBe(1); });
});
describe("b", () => {
  it("is", () => { expect(b()).toBe(2); });
  it("is empty", () => { expect(b()).toBe(3); });
});
"""


NEW_CLASS = "class TestNew(TestCase):\n    def test_empty(self):\n        self.assertEqual(n([]), 0)\n\n\n"
NEW_GROUP = 'describe("new", () => {\n  it("is", () => { expect(n()).toBe(1); });\n});\n'


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("tests/test_a.py", CLASSES, NEW_CLASS + CLASSES),
        ("tests/test_a.py", CLASSES, CLASSES.replace("class TestB", NEW_CLASS + "class TestB")),
        ("a.test.ts", GROUPS, NEW_GROUP + GROUPS),
        ("tests/test_a.py", CLASSES, CLASSES.replace("TestA", "TestAll")),
    ],
)
def test_a_new_test_named_as_those_of_other_classes_changes_none_of_them(
    path: str, before: str, after: str
) -> None:
    assert found(edited(path, before, after)) == []


def test_a_test_of_a_renamed_class_is_still_compared() -> None:
    after = CLASSES.replace("TestA", "TestAll").replace("a([]), []", "a([]), None")
    assert found(edited("tests/test_a.py", CLASSES, after)) == [
        (
            "expectation-changed",
            3,
            "'self.assertEqual(a([]), [])' became 'self.assertEqual(a([]), None)'",
        )
    ]


def test_a_test_that_another_class_has_too_is_missed_where_it_was() -> None:
    after = CLASSES.replace("    def test_empty(self):\n        self.assertEqual(b([]), [2])\n", "")
    assert [(kind, line) for kind, line, _ in found(edited("tests/test_a.py", CLASSES, after))] == [
        ("test-deleted", 10)
    ]


@pytest.mark.parametrize(
    ("path", "text", "old", "new", "kind", "line"),
    [
        ("tests/test_a.py", PYTHON, "    assert x == 1\n", "", "assertions-fewer", 4),
        ("tests/test_a.py", PYTHON, "assert x == 1", "assert x == 2", "expectation-changed", 7),
        ("tests/test_a.py", PYTHON, "def test_b", "@pytest.mark.skip\ndef test_b", "test-skipped", 10),
        (
            "tests/test_a.py",
            PYTHON,
            "def test_b",
            "@pytest.mark.xfail\ndef test_b",
            "test-skipped",
            10,
        ),
        ("tests/test_a.py", PYTHON, "    x = 1\n", "    pytest.skip()\n    x = 1\n", "test-skipped", 5),
        ("tests/test_a.py", PYTHON, "def test_b", "def b", "test-deleted", 10),
        ("tests/test_a.py", PYTHON, "import pytest", "__test__ = False", "test-skipped", 1),
        ("a_test.go", GO, '\t\tt.Fatal("no")\n', "", "assertions-fewer", 3),
        ("a_test.go", GO, "\tif Add", "\tt.Skip()\n\tif Add", "test-skipped", 4),
        ("a_test.go", GO, "func TestA", "func testA", "test-deleted", 3),
        ("src/lib.rs", RUST, "    #[test]\n", "    #[test]\n    #[ignore]\n", "test-skipped", 6),
        ("src/lib.rs", RUST, "add(), 3", "add(), 4", "expectation-changed", 7),
        ("src/lib.rs", RUST, "        assert_eq!(add(), 3);\n", "", "assertions-fewer", 6),
        ("src/test/java/ATest.java", JAVA, "    @Test\n", "    @Test\n    @Disabled\n", "test-skipped", 3),
        ("src/test/java/ATest.java", JAVA, "3, add", "4, add", "expectation-changed", 4),
        ("a.test.ts", SCRIPT, "test(", "test.skip(", "test-skipped", 1),
        ("a.test.ts", SCRIPT, "test(", "xtest(", "test-skipped", 1),
        ("a.test.ts", SCRIPT, ".toBe(3)", ".toBe(4)", "expectation-changed", 2),
        ("spec/a_spec.rb", RUBY, "it ", "xit ", "test-skipped", 1),
    ],
)
def test_a_weaker_test_is_found(path: str, text: str, old: str, new: str, kind: str, line: int) -> None:
    assert old in text
    (finding,) = inspect([edited(path, text, text.replace(old, new, 1))])
    assert (finding.kind, finding.path, finding.line) == (kind, path, line)
    assert finding.risky


def test_the_code_beside_rust_tests_is_no_test() -> None:
    assert found(edited("src/lib.rs", RUST, RUST.replace("fn add()", "fn plus()"))) == []


def test_a_deleted_test_file_is_found() -> None:
    assert found(edited("tests/test_a.py", PYTHON, None)) == [
        ("test-deleted", 0, "the file is deleted, with 2 tests")
    ]


def test_a_test_file_moved_to_where_no_runner_looks_is_found() -> None:
    assert found(edited("old/a.py.txt", PYTHON, PYTHON, "tests/test_a.py"))[0] == (
        "test-moved-away",
        0,
        "was tests/test_a.py; no test runner looks here",
    )


def test_a_test_that_moved_to_another_test_file_is_no_finding() -> None:
    head, _, tail = PYTHON.rpartition("\n\ndef ")
    changes = [
        edited("tests/test_a.py", PYTHON, head),
        edited("tests/test_b.py", None, f"def {tail}"),
    ]
    assert found(*changes) == []


def test_a_test_that_asserts_nothing_is_told_but_not_held_against_the_change() -> None:
    (finding,) = inspect([edited("tests/test_a.py", None, "def test_a():\n    print(1)\n")])
    assert finding.kind == "asserts-nothing"
    assert not finding.risky


PACKAGE = '{"version": "1", "scripts": {"test": "jest", "build": "tsc"}}'
PROJECT = """\
[project]
name = "a"

[tool.pytest.ini_options]
addopts = "-q"

[tool.coverage.report]
fail_under = 90
"""


@pytest.mark.parametrize(
    ("path", "before", "after", "kind"),
    [
        ("conftest.py", "", "collect_ignore = ['test_a.py']\n", "test-setup-changed"),
        ("tests/conftest.py", None, "x = 1\n", "test-setup-changed"),
        ("pytest.ini", "[pytest]\n", "[pytest]\naddopts = -x\n", "test-setup-changed"),
        ("package.json", PACKAGE, PACKAGE.replace("jest", "true"), "test-setup-changed"),
        ("package.json", PACKAGE, PACKAGE.replace("tsc", "true"), None),
        ("package.json", PACKAGE, "{", "test-setup-changed"),
        ("pyproject.toml", PROJECT, PROJECT.replace('"-q"', '"-k a"'), "test-setup-changed"),
        ("pyproject.toml", PROJECT, PROJECT.replace('name = "a"', 'name = "b"'), None),
        ("Makefile", "test:\n\tpytest\n\nrun:\n\tx\n", "test:\n\ttrue\n\nrun:\n\tx\n", "test-setup-changed"),
        ("Makefile", "test:\n\tpytest\n\nrun:\n\tx\n", "test:\n\tpytest\n\nrun:\n\ty\n", None),
        (".github/workflows/ci.yml", "on: push\n", "on: tag\n", "ci-changed"),
        (".github/workflows/new.yml", None, "on: tag\n", "ci-changed"),
        ("ui/__snapshots__/a.test.js.snap", "1\n", "2\n", "snapshot-changed"),
        ("ui/__snapshots__/a.test.js.snap", None, "2\n", None),
        ("tests/golden/out.txt", "1\n", "2\n", "snapshot-changed"),
        (".coveragerc", "[report]\nfail_under = 90\n", "[report]\nfail_under = 80\n", "coverage-lowered"),
        (".coveragerc", "[report]\nfail_under = 90\n", "[report]\n", "coverage-lowered"),
        ("src/a.py", "a = 1\n", "a = 2\n", None),
    ],
)
def test_what_decides_how_tests_are_run_is_watched(
    path: str, before: str | None, after: str, kind: str | None
) -> None:
    kinds = [finding.kind for finding in inspect([edited(path, before, after)])]
    assert kinds[-1:] == ([kind] if kind else [])


def test_a_lower_threshold_names_both_numbers() -> None:
    assert found(edited("pyproject.toml", PROJECT, PROJECT.replace("90", "70.5")))[-1] == (
        "coverage-lowered",
        8,
        "fail-under: 90 became 70.5",
    )


@pytest.mark.parametrize(
    "line", ["def test_" * 4000, "it(" * 9000, "(" * 20000, " " * 40000 + "x", "a.b" * 9000]
)
def test_a_hostile_line_takes_no_time(line: str) -> None:
    for path in ("tests/test_a.py", "a.test.ts", "a_test.go", "src/lib.rs", "ATest.java", "tests/a.xyz"):
        inspect([edited(path, f"{line}\n" * 20, f"x{line}\n" * 20)])
