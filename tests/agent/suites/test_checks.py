import sys
from pathlib import Path

import pytest

from agent.beneath import Beneath
from agent.sandbox import Session
from agent.suites.checks import CheckCommand, find_checks, run_checks
from agent.suites.diagnostics import new_diagnostics
from tests.conftest import write


def checks(root: Path) -> list[CheckCommand]:
    tracked = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return find_checks(Beneath(root), tracked, sys.executable)


def test_only_what_the_repository_configures_is_checked(tree: Path) -> None:
    write(tree / "pyproject.toml", "[tool.ruff]\nline-length = 100\n")
    write(tree / "tsconfig.json", "{}")
    write(tree / "eslint.config.mjs", "export default []")
    write(tree / "go.mod", "module m\n")
    write(tree / "src" / "a.py", "")
    write(
        tree / ".github" / "workflows" / "ci.yml",
        "steps:\n  - run: uv run mypy --strict src\n  - run: flake8 $DIRS\n  - run: eslint ../x\n",
    )
    found = {check.tool: check for check in checks(tree)}
    assert list(found) == ["ruff", "tsc", "go", "eslint", "mypy"]
    assert found["mypy"].argv[-1] == "src"
    assert found["mypy"].evidence == ".github/workflows/ci.yml:2"
    assert found["eslint"].argv[-1] == "."


@pytest.mark.parametrize(
    ("config", "target"),
    [("[mypy]\nstrict = True\n", "pay"), ("[mypy]\nfiles = pay/due.py\n", "--cache-dir=/tmp/mypy")],
)
def test_types_are_checked_where_the_code_is(tree: Path, config: str, target: str) -> None:
    write(tree / "mypy.ini", config)
    write(tree / "pay" / "__init__.py", "")
    write(tree / "tests" / "__init__.py", "")
    assert checks(tree)[0].argv[-1] == target


def test_a_new_error_of_types_is_told_from_old_ones(inside: Session, tree: Path) -> None:
    pytest.importorskip("mypy", reason="needs mypy in the interpreter of these tests")
    write(tree / "pyproject.toml", '[tool.mypy]\nfiles = ["pay"]\nstrict = true\n')
    write(tree / "pay" / "due.py", "def old(x):\n    return x\n")
    before = run_checks(checks(tree), inside)
    assert before.ran == ("mypy",)
    write(
        tree / "pay" / "due.py",
        "def due() -> int:\n    return 'three'\n\n\ndef old(x):\n    return x\n",
    )
    after = run_checks(checks(tree), inside)
    new = new_diagnostics(before.diagnostics, after.diagnostics)
    assert [(one.path, one.line, one.code) for one in new] == [("pay/due.py", 2, "return-value")]
    assert not (tree / ".mypy_cache").exists()


def test_lint_is_run_with_the_rules_of_the_repository(inside: Session, tree: Path) -> None:
    pytest.importorskip("ruff", reason="needs ruff in the interpreter of these tests")
    write(tree / "ruff.toml", 'lint.select = ["F"]\n')
    write(tree / "a.py", "import os\nx = 'a line' ;y = 1\n")
    checked = run_checks(checks(tree), inside)
    assert [(one.path, one.code) for one in checked.diagnostics] == [("a.py", "F401")]


def test_a_tool_that_is_not_installed_is_missing_and_not_clean(inside: Session, tree: Path) -> None:
    write(tree / "tsconfig.json", "{}")
    write(tree / ".flake8", "[flake8]\n")
    checked = run_checks(checks(tree), inside)
    assert checked.ran == ()
    assert set(checked.missing) == {"tsc", "flake8"}
