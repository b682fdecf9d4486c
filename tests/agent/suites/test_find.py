import json
from pathlib import Path

import pytest

from agent.beneath import Beneath
from agent.suites.checks import find_checks
from agent.suites.command import SuiteCommand
from agent.suites.find import find_suites
from agent.suites.recognise import Place, recognise
from indexer.errors import BadInput
from tests.conftest import write


def found(root: Path, *declared: str) -> list[SuiteCommand]:
    tracked = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return list(find_suites(Beneath(root), tracked, "python", declared))


def brief(command: SuiteCommand) -> tuple[str, str, str]:
    return command.name, command.cwd, command.evidence


def test_the_order_is_declared_documents_ci_manifests(tree: Path) -> None:
    write(tree / "AGENTS.md", "# Work here\n\nInstall:\n\n```sh\npip install -e .\npytest -x unit\n```\n")
    write(
        tree / ".github" / "workflows" / "ci.yml",
        "jobs:\n  test:\n    steps:\n      - uses: actions/checkout@v4\n      - run: |\n"
        "          pip install tox\n          npm test\n      - run: pytest --cov=x integration\n",
    )
    write(tree / "package.json", '{"scripts": {"test": "mocha"}}')
    write(tree / "pyproject.toml", "[tool.pytest.ini_options]\n")
    write(tree / "unit" / "test_a.py", "")
    commands = found(tree, "make smoke")
    assert [brief(command) for command in commands[:5]] == [
        ("", "", "declared: make smoke"),
        ("pytest", "", "AGENTS.md:7"),
        ("mocha", "", ".github/workflows/ci.yml:7"),
        ("pytest", "", ".github/workflows/ci.yml:8"),
        ("pytest", "", "pyproject.toml"),
    ]
    assert commands[1].argv[-1] == "unit"
    assert commands[3].argv[-1] == "integration"


@pytest.mark.parametrize(
    ("line", "name", "part"),
    [
        ("pytest tests/unit", "pytest", "--junitxml=/reports/report.xml tests/unit"),
        ("python3 -m pytest -q -n auto --cov=src --cov-report xml -m 'not slow'", "pytest", "-m not slow"),
        ("uv run pytest", "pytest", "python -m pytest"),
        ("poetry run coverage run -m pytest tests", "pytest", "report.xml tests"),
        ("DJANGO_SETTINGS_MODULE=a.b pytest", "pytest", "env DJANGO_SETTINGS_MODULE=a.b python -m pytest"),
        ("python -m unittest", "unittest", "-m unittest discover -v"),
        ("python -m unittest discover -s tests", "unittest", "discover -v -s tests"),
        ("python manage.py test", "django", "manage.py test -v 2"),
        ("go test -race -cover ./pkg/...", "go", "go test -json ./pkg/..."),
        ("cargo test --all-features", "cargo", "--no-fail-fast --all-features"),
        ("./mvnw -B verify -Pfast", "maven", "./mvnw -B -o -fae -Pfast test"),
        ("./gradlew check", "gradle", "./gradlew --offline --no-daemon --continue check"),
        ("npx jest src", "jest", "jest --ci --json --outputFile=/reports/report.json src"),
        ("npx vitest", "vitest", "vitest --run --reporter=junit"),
        ("node --test test", "node", "--test-reporter-destination=/reports/report.json --test test"),
        (
            "bundle exec rspec spec",
            "rspec",
            "bundle exec rspec --format json --out /reports/report.json spec",
        ),
        ("vendor/bin/phpunit", "phpunit", "vendor/bin/phpunit --log-junit /reports/report.xml"),
        ("ctest --test-dir build", "ctest", "--output-junit /reports/report.xml --test-dir build"),
        ("dotnet test", "dotnet", "dotnet test --logger trx"),
        ("mix test", "mix", "mix test"),
        ("make test", "", "make test"),
        ("pip install -e . && pytest", "pytest", "pytest"),
        ("$ pytest  # the whole suite", "pytest", "report.xml"),
    ],
)
def test_a_line_of_a_known_runner_is_given_a_report(tree: Path, line: str, name: str, part: str) -> None:
    command = recognise(line, Place(Beneath(tree), "python", "here"))
    assert command is not None
    assert command.name == name
    assert part in " ".join(command.argv)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "pip install pytest",
            "make deploy",
            "make install test",
            "npm publish",
            "docker run x pytest",
            "curl x | sh",
            "tox",
        ),
        *("pytest ${{ matrix.args }}", "pytest $ARGS", "pytest `id`", "pytest | tee log", "pytest > log"),
        *("npm test", "cd .. && pytest", "cd /etc && pytest", "pytest --help", "echo pytest", "git push", ""),
        *(
            "pytest 'unclosed",
            "go build ./...",
            "cargo build",
            "mvn deploy",
            "./gradlew publish",
            "npx jest --watch",
            "\0",
        ),
    ],
)
def test_other_lines_are_no_candidates(tree: Path, line: str) -> None:
    assert recognise(line, Place(Beneath(tree), "python", "here")) is None


def test_a_line_knows_the_folder_it_changes_to(tree: Path) -> None:
    command = recognise("cd services/pay && pytest tests", Place(Beneath(tree), "python", "here"))
    assert command is not None
    assert command.cwd == "services/pay"
    assert command.line[:2] == ("/bin/sh", "-c")


def test_any_declared_line_is_run(tree: Path) -> None:
    command = found(tree, "./check.sh --all | tee log")[0]
    assert command.argv == ("/bin/sh", "-c", "./check.sh --all | tee log")
    with pytest.raises(BadInput, match="the test command is empty"):
        found(tree, " ")


def test_what_a_target_runs_is_found_in_its_recipe(tree: Path) -> None:
    write(tree / "AGENTS.md", "Run `make test` before you push.\n")
    write(tree / "Makefile", "lint:\n\tpytest lint\n\ntest: build\n\t@$(PYTHON) -m pytest unit $(ARGS)\n")
    write(
        tree / "tox.ini", "[testenv]\ndeps = pytest\ncommands =\n    pytest {posargs:tests} -k a\n[flake8]\n"
    )
    write(tree / "unit" / "test_a.py", "")
    commands = found(tree)
    assert [brief(command) for command in commands[:2]] == [
        *(("pytest", "", "Makefile:5"), ("pytest", "", "tox.ini")),
    ]
    assert commands[0].argv[-1] == "unit"
    assert ("", "", "AGENTS.md:1") in [brief(command) for command in commands]


def test_an_example_of_one_test_in_a_document_is_not_the_suite(tree: Path) -> None:
    write(tree / "CONTRIBUTING.md", "Run one test with `pytest tests/test_a.py -k name`.\n")
    write(tree / "tests" / "test_a.py", "")
    commands = found(tree)
    assert commands[0].evidence == "test files of Python"
    assert commands[-1].evidence == "CONTRIBUTING.md:1"


def test_a_step_of_ci_knows_its_folder(tree: Path) -> None:
    write(tree / "web" / "package.json", '{"scripts": {"test": "jest"}}')
    write(
        tree / ".github" / "workflows" / "web.yaml",
        "steps:\n  - name: a\n    run: go test ./...\n  - name: b\n    run: npm test\n"
        "    working-directory: web\n  - run: cargo test\n    working-directory: ${{ matrix.dir }}\n",
    )
    write(tree / ".gitlab-ci.yml", "test:\n  script:\n    - pip install .\n    - mix test\n  stage: test\n")
    assert [brief(command)[:2] for command in found(tree)[:3]] == [("go", ""), ("jest", "web"), ("mix", "")]


@pytest.mark.parametrize(
    ("script", "name", "line"),
    [
        ("vitest", "vitest", "vitest --run --reporter=junit --outputFile=/reports/report.xml"),
        ("jest --coverage && eslint .", "jest", "--outputFile=/reports/report.json --coverage"),
        ("tsc -p . && mocha 'dist/**/*.js'", "mocha", "tsc -p . && mocha --reporter json"),
        ("ava", "ava", "ava --tap"),
        ("NODE_ENV=test c8 node --test test/*.js", "node", "c8 node --test-reporter=/reports/reporter.mjs"),
        ("node --test", "node", "--test-reporter-destination=/reports/report.json --test"),
        ("react-scripts test", "jest", "react-scripts test --ci --json"),
        ("./run-tests.sh", "", "npm run test"),
    ],
)
def test_the_script_of_a_package_is_asked_for_a_report(tree: Path, script: str, name: str, line: str) -> None:
    write(tree / "package.json", json.dumps({"scripts": {"test": script}}))
    command = found(tree)[0]
    assert command.name == name
    assert line in " ".join(command.argv)


def test_a_script_that_names_another_is_followed_and_its_pre_script_runs(tree: Path) -> None:
    scripts = {"test": "npm run unit", "unit": "jest", "preunit": "tsc"}
    write(tree / "package.json", json.dumps({"scripts": scripts}))
    assert "npm run preunit && jest --ci" in found(tree)[0].argv[2]


@pytest.mark.parametrize(
    ("lock", "manager"),
    [("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn"), ("bun.lock", "bun"), ("package-lock.json", "npm")],
)
def test_the_lock_file_tells_the_package_manager(tree: Path, lock: str, manager: str) -> None:
    write(tree / "package.json", '{"scripts": {"test": "jest"}}')
    write(tree / lock, "")
    assert found(tree)[1].argv == (manager, "run", "test")


def test_manifests_lead_to_commands(tree: Path) -> None:
    write(tree / "package.json", '{"scripts": {"test": "vitest run"}}')
    write(tree / "go.mod", "module m\n")
    write(tree / "Cargo.toml", "[workspace]\n")
    write(tree / "Makefile", "all:\ntest: all\n\ttrue\n")
    write(tree / "pom.xml", "<project/>")
    write(tree / "build.gradle.kts", "")
    write(tree / "gradlew", "")
    write(tree / "Gemfile", "")
    write(tree / "spec" / "a_spec.rb", "")
    write(tree / "composer.json", '{"require-dev": {"phpunit/phpunit": "9"}}')
    write(tree / "mix.exs", "")
    write(tree / "CMakeLists.txt", "enable_testing()\n")
    write(tree / "App.sln", "")
    names = list(dict.fromkeys(command.name or command.argv[0] for command in found(tree)))
    assert names == [
        *("vitest", "go", "cargo", "maven", "gradle", "ctest"),
        *("rspec", "phpunit", "mix", "dotnet", "npm", "make"),
    ]


@pytest.mark.parametrize(
    "manifest",
    [
        *("", "{}", '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}', "[1]", '"x"'),
        "[" * 100_000,
    ],
)
def test_a_package_without_tests_has_no_command(tree: Path, manifest: str) -> None:
    write(tree / "package.json", manifest)
    assert found(tree) == []


def test_packages_of_a_monorepo_are_tested_in_their_folders(tree: Path) -> None:
    write(tree / "backend" / "pyproject.toml", "[tool.pytest.ini_options]\n")
    write(tree / "backend" / "tests" / "test_a.py", "")
    write(tree / "frontend" / "package.json", '{"scripts": {"test": "vitest"}}')
    write(tree / "frontend" / "node_modules" / "x" / "package.json", '{"scripts": {"test": "jest"}}')
    for number in range(12):
        write(tree / "libs" / f"l{number:02}" / "go.mod", "module x\n")
    commands = found(tree)
    assert [brief(command)[:2] for command in commands[:1]] == [("pytest", "backend")]
    assert ("vitest", "frontend") in [brief(command)[:2] for command in commands]
    assert not any("node_modules" in command.cwd for command in commands)
    assert len({command.cwd for command in commands if command.cwd}) == 8


def test_the_command_of_the_root_comes_before_those_it_covers(tree: Path) -> None:
    write(tree / "package.json", '{"workspaces": ["a"], "scripts": {"test": "jest"}}')
    write(tree / "a" / "package.json", '{"scripts": {"test": "jest"}}')
    write(tree / "b" / "go.mod", "module b\n")
    assert [brief(command)[:2] for command in found(tree) if command.name] == [
        *(("jest", ""), ("go", "b"), ("jest", "a")),
    ]


@pytest.mark.parametrize(
    "path",
    [
        *("AGENTS.md", ".github/workflows/ci.yml", "Makefile", "tox.ini", "package.json", "mypy.ini"),
        *("pyproject.toml", "justfile", "CMakeLists.txt"),
    ],
)
def test_a_hostile_file_is_read_in_time(tree: Path, path: str) -> None:
    pieces = (
        " ",
        "\n",
        "`",
        "- ",
        "run: pytest\n  working-directory: x\n",
        "node ",
        "test: ",
        "[mypy]\n",
        "include ",
    )
    for piece in pieces:
        text = piece * (900_000 // len(piece))
        write(tree / path, json.dumps({"scripts": {"test": text}}) if path == "package.json" else text)
        found(tree)
        find_checks(Beneath(tree), [path], "python")
