import json
import shutil
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from agent.rooms import Rooms
from agent.sandbox import ExecResult
from agent.sandbox.bwrap import Bubblewrap
from agent.sandbox.dependencies import Environment
from agent.sandbox.toolchain import python_toolchain
from indexer.errors import BadInput


def needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


def run(sandbox: Bubblewrap, tree: Path, script: str, *further: Path) -> ExecResult:
    reports = tree.parent / "reports"
    reports.mkdir(exist_ok=True)
    rooms = Rooms(sandbox, python_toolchain(None, further), reports)
    return rooms.open(tree).exec(["sh", "-c", script], seconds=300)


def test_a_configured_interpreter_brings_its_folders() -> None:
    tools = python_toolchain(Path(sys.executable))
    assert tools.folders == python_toolchain().folders
    with pytest.raises(BadInput, match="no Python interpreter"):
        python_toolchain(Path("/nonexistent/python"))


def test_the_interpreter_of_cairn_loads_no_plugin_of_an_extra_into_a_suite(
    sandbox: Bubblewrap, tree: Path
) -> None:
    imported = "import sys\n\ndef test_it():\n    assert 'langsmith' not in sys.modules\n"
    (tree / "test_plugins.py").write_text(imported)
    done = run(sandbox, tree, "python -m pytest -q -p no:cacheprovider")
    assert done.code == 0, done.output
    (plugin,) = entry_points(group="pytest11", name="langsmith_plugin")  # else this proves nothing
    assert plugin.value == "langsmith.pytest_plugin"


def test_the_environment_of_a_project_keeps_its_plugins(sandbox: Bubblewrap, tree: Path) -> None:
    own = Environment(python="/deps/venv/bin/python")
    rooms = Rooms(sandbox, python_toolchain(), tree, own)
    assert rooms.open(tree).exec(["sh", "-c", 'echo "<$PYTEST_ADDOPTS>"']).output == "<>\n"


def test_java_compiles_and_runs(sandbox: Bubblewrap, tree: Path) -> None:
    needs("javac")
    code = 'public class Hi { public static void main(String[] a) { System.out.println("hi " + a.length); } }'
    (tree / "Hi.java").write_text(code)
    done = run(sandbox, tree, "javac -d /tmp/out Hi.java && java -cp /tmp/out Hi 1 2")
    assert (done.code, done.output) == (0, "hi 2\n")


def test_another_jdk_comes_first_when_it_is_shown(sandbox: Bubblewrap, tree: Path) -> None:
    homes = [path.parents[1] for path in Path("/usr/lib/jvm").glob("*/bin/javac")]
    if not homes:
        pytest.skip("no JDK is installed under /usr/lib/jvm")
    done = run(sandbox, tree, "echo $JAVA_HOME; command -v javac; javac -version", homes[0])
    assert done.code == 0
    assert done.output.splitlines()[:2] == [str(homes[0]), f"{homes[0]}/bin/javac"]


def test_node_runs_its_tests(sandbox: Bubblewrap, tree: Path) -> None:
    needs("node")
    (tree / "a.test.mjs").write_text("import test from 'node:test'; test('passes', () => {});\n")
    done = run(sandbox, tree, "node --test a.test.mjs")
    assert done.code == 0
    assert "pass 1" in done.output


def test_go_runs_its_tests(sandbox: Bubblewrap, tree: Path) -> None:
    needs("go")
    (tree / "go.mod").write_text("module example\n\ngo 1.19\n")
    (tree / "a_test.go").write_text('package a\n\nimport "testing"\n\nfunc TestPasses(t *testing.T) {}\n')
    done = run(sandbox, tree, "go test -v ./...")
    assert done.code == 0, done.output
    assert "--- PASS: TestPasses" in done.output


def test_cargo_runs_the_tests_of_a_crate_from_the_home_of_rustup(sandbox: Bubblewrap, tree: Path) -> None:
    home = Path.home() / ".rustup"
    if not (home / "settings.toml").exists():
        pytest.skip("rustup is not installed")
    needs("cc")
    (tree / "Cargo.toml").write_text('[package]\nname = "example"\nversion = "0.1.0"\nedition = "2021"\n')
    (tree / "src").mkdir()
    (tree / "src" / "lib.rs").write_text("#[test]\nfn passes() { assert_eq!(1 + 1, 2); }\n")
    done = run(sandbox, tree, "cargo test --offline", home)
    assert done.code == 0, done.output
    assert "test passes ... ok" in done.output
    assert not (tree / "target").exists()  # it is built in scratch space


def test_the_proxies_of_rustup_work_too_and_cargos_credentials_are_not_shown(
    sandbox: Bubblewrap, tree: Path, tmp_path: Path
) -> None:
    home = Path.home() / ".cargo"
    if not (home / "bin" / "rustup").exists():
        pytest.skip("rustup is not installed")
    tools = python_toolchain(None, (home,))
    assert home not in tools.folders
    assert home / "bin" in tools.folders
    done = run(sandbox, tree, "cargo --version && rustc --version", home, Path.home() / ".rustup")
    assert done.code == 0, done.output


def test_a_home_of_rustup_without_its_default_is_refused(tmp_path: Path) -> None:
    (tmp_path / "toolchains").mkdir()
    (tmp_path / "settings.toml").write_text(f"default_toolchain = {json.dumps('stable')}\n")
    with pytest.raises(BadInput, match="rustup toolchain install stable"):
        python_toolchain(None, (tmp_path,))
