import shutil
import subprocess
from pathlib import Path

import pytest

from agent.sandbox.bwrap import Bubblewrap
from agent.suites.changes import FileChange
from agent.suites.inline import holds_examples, holds_new_tests, old_code_new_tests
from tests.agent.suites.world import open_shop

OLD = """\
use std::fmt;

pub fn add(a: i32, b: i32) -> i32 {
    a - b
}
"""
TESTS = """
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() {
        assert_eq!(add(1, 2), 3);
    }
}
"""


def change(before: str | None, after: str, path: str = "src/lib.rs") -> FileChange:
    return FileChange(path, "" if before is None else path, before, after)


def test_new_tests_are_put_below_the_old_code() -> None:
    after = OLD.replace("a - b", "a + b") + TESTS
    assert old_code_new_tests(change(OLD, after)) == OLD + "\n" + TESTS


def test_old_tests_make_room_for_the_new_ones() -> None:
    before = OLD + TESTS.replace("3)", "4)") + "\npub fn more() {}\n"
    after = OLD.replace("a - b", "a + b") + TESTS + "\npub fn more() {}\n"
    made = old_code_new_tests(change(before, after))
    assert made is not None
    assert "a - b" in made
    assert made.count("#[cfg(test)]") == 1
    assert "assert_eq!(add(1, 2), 3)" in made
    assert "pub fn more() {}" in made


def test_a_test_without_a_module_is_taken_with_its_attributes() -> None:
    after = OLD.replace("a - b", "a + b") + "\n#[test]\n#[should_panic]\nfn fails() {\n    panic!();\n}\n"
    made = old_code_new_tests(change(OLD, after))
    assert made is not None
    assert made.endswith("\n#[test]\n#[should_panic]\nfn fails() {\n    panic!();\n}\n")
    assert "a - b" in made


@pytest.mark.parametrize(
    "what",
    [
        change(None, OLD + TESTS),
        change(OLD, OLD.replace("a - b", "a + b")),
        change("def f():\n    pass\n", "def test_f():\n    pass\n", "a.py"),
    ],
)
def test_what_cannot_be_taken_apart_is_said_to_be_so(what: FileChange) -> None:
    assert old_code_new_tests(what) is None


@pytest.mark.parametrize(
    ("path", "line", "tests", "examples"),
    [
        ("a.py", "    >>> add(1, 2)", False, True),
        ("a.py", "def test_add():", True, False),
        ("a.rs", "/// ```", False, True),
        ("a.rs", "    #[test]", True, False),
        ("a.zig", 'test "adds" {', True, False),
        ("a.ts", "if (import.meta.vitest) {", True, False),
        ("a.py", "def add():", False, False),
    ],
)
def test_tests_beside_the_code_are_noticed(path: str, line: str, tests: bool, examples: bool) -> None:
    what = change("x\n", f"x\n{line}\n", path)
    assert (holds_new_tests(what), holds_examples(what)) == (tests, examples)


CARGO = {
    "Cargo.toml": '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n',
    "Cargo.lock": 'version = 3\n\n[[package]]\nname = "shop"\nversion = "0.1.0"\n',
    "src/lib.rs": OLD.replace("use std::fmt;\n\n", "") + TESTS.replace("add(1, 2), 3", "add(3, 0), 3"),
}


@pytest.fixture
def rust() -> Path:
    """The folder of the Rust toolchain, for a sandbox to show."""
    if shutil.which("rustc") is None or shutil.which("cc") is None:
        pytest.skip("rustc and a linker are needed to run tests of Rust")
    done = subprocess.run(["rustc", "--print", "sysroot"], capture_output=True, text=True, check=True)
    return Path(done.stdout.strip())


def test_a_fix_in_rust_is_proven_by_a_test_in_the_same_file(
    sandbox: Bubblewrap, tmp_path: Path, rust: Path
) -> None:
    shop = open_shop(sandbox, tmp_path, CARGO, (rust,))
    assert shop.baseline is not None
    assert shop.baseline.run.green, shop.baseline.run.report()
    test = "    #[test]\n    fn adds_two() {\n        assert_eq!(add(1, 2), 3);\n    }\n}\n"
    fixed = CARGO["src/lib.rs"].replace("a - b", "a + b").removesuffix("}\n") + test
    review = shop.review("fix", {"src/lib.rs": fixed})
    assert review.verdict.accepted, review.verdict
    assert [name.rpartition("::")[2] for name in review.verdict.proof] == ["adds_two"]
    assert shop.stages() == ["before", "after", "old code, new tests"]
    assert review.verdict.findings == ()


def test_tests_for_existing_code_of_rust_are_tried_on_mistakes(
    sandbox: Bubblewrap, tmp_path: Path, rust: Path
) -> None:
    shop = open_shop(sandbox, tmp_path, CARGO, (rust,))
    test = "    #[test]\n    fn takes_away() {\n        assert_eq!(add(5, 2), 3);\n    }\n}\n"
    review = shop.review("tests", {"src/lib.rs": CARGO["src/lib.rs"].removesuffix("}\n") + test})
    assert review.verdict.accepted, review.verdict
    assert review.verdict.notes == ("The new tests notice 1 of 1 mistakes made in the code they test.",)
