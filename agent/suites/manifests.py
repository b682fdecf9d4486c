"""Manifests and test files -> the commands that follow from them, the root's before those of packages."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from agent.beneath import Beneath
from agent.suites import runners
from agent.suites.command import SuiteCommand
from agent.suites.recognise import Place, package_script, scripts_of

_PACKAGES = 8  # folders below the root that are looked at, the highest ones first
_DEPTH = 3  # folders deep; what lies deeper belongs to a package above
_MANIFESTS = frozenset(
    {
        *("pyproject.toml", "setup.py", "setup.cfg", "tox.ini", "pytest.ini", "package.json", "go.mod"),
        *("Cargo.toml", "pom.xml", "build.gradle", "build.gradle.kts", "Gemfile", "composer.json", "mix.exs"),
        *("CMakeLists.txt", "Makefile", "justfile", "Taskfile.yml"),
    }
)
_FOREIGN = frozenset(  # folders whose manifests are not this project's
    {
        *("node_modules", "vendor", "third_party", "testdata", "fixtures", "test", "tests", "spec"),
        *("examples", "docs", "templates", "dist", "build", "target", ".github"),
    }
)


def manifest_commands(tree: Beneath, tracked: Collection[str], python: str) -> Iterator[SuiteCommand]:
    """One command and its second tries for each ecosystem of the root and of up to eight packages.

    A package of an ecosystem that the root has too comes last: the root's command most often covers it.
    """
    root = _Folder(tree, "", tracked, python)
    own = list(root.commands())
    covered = {command.name for command in own}
    nested = [
        command
        for folder in _package_folders(tracked)
        for command in _Folder(tree, folder, tracked, python).commands()
    ]
    bare_python = "pytest" in covered and not root.configures_python()
    if bare_python and any(command.name == "pytest" for command in nested):
        covered.discard("pytest")  # the packages configure their tests, the root does not
        yield from (command for command in nested if command.name not in covered)
        yield from own
    else:
        yield from own
        yield from (command for command in nested if command.name not in covered)
    yield from (command for command in nested if command.name in covered)


def _package_folders(tracked: Collection[str]) -> list[str]:
    folders = {
        str(pure.parent)
        for path in tracked
        if (pure := PurePosixPath(path)).name in _MANIFESTS
        and 1 <= len(pure.parts) - 1 <= _DEPTH
        and not _FOREIGN & set(pure.parts[:-1])
    }
    return sorted(folders, key=lambda folder: (folder.count("/"), folder))[:_PACKAGES]


class _Folder:
    """A folder of the tree and the files below it."""

    def __init__(self, tree: Beneath, folder: str, tracked: Collection[str], python: str) -> None:
        self._cwd = folder
        self._python = python
        self._tree = tree
        prefix = f"{folder}/" if folder else ""
        self._files = {path.removeprefix(prefix) for path in tracked if path.startswith(prefix)}

    def commands(self) -> Iterator[SuiteCommand]:
        yield from self._of_python()
        yield from self._of_javascript()
        yield from self._of_targets()
        yield from self._of_compiled()
        yield from self._of_others()

    def configures_python(self) -> bool:
        names = ("pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini", "conftest.py")
        return any(name in self._files for name in names) or any(
            path.startswith(("tests/", "test/")) and _looks_like_pytest(path) for path in self._files
        )

    def _of_python(self) -> Iterator[SuiteCommand]:
        tests = sorted(path for path in self._files if _looks_like_pytest(path))
        python_here = self.configures_python() or not self._cwd
        if not tests or not python_here:
            return
        evidence = self._pytest_evidence()
        plain = not evidence and not any(PurePosixPath(path).name == "conftest.py" for path in tests)
        by_unittest = runners.unittest_command(self._python, "test files of unittest", cwd=self._cwd)
        if "manage.py" in self._files and not evidence:
            yield runners.django_command(self._python, self._at("manage.py"), cwd=self._cwd)
        evidence = evidence or "test files of Python"
        yield runners.pytest_command(self._python, evidence, cwd=self._cwd)
        # options of a missing plugin
        yield runners.pytest_command(self._python, evidence, "-o", "addopts=", cwd=self._cwd)
        if plain and any("unittest" in self._place("").text(path)[:20_000] for path in tests[:10]):
            yield by_unittest  # where pytest is not installed
            if "tests/__init__.py" not in self._files and any(path.startswith("tests/") for path in tests):
                start = ("discover", "-s", "tests")
                yield runners.unittest_command(self._python, "test files of unittest", *start, cwd=self._cwd)

    def _pytest_evidence(self) -> str:
        if "pytest.ini" in self._files:
            return self._at("pytest.ini")
        for name, sign in (
            ("pyproject.toml", "[tool.pytest"),
            ("tox.ini", "pytest"),
            ("setup.cfg", "[tool:pytest]"),
            ("noxfile.py", "pytest"),
            ("pyproject.toml", "pytest"),
        ):
            if name in self._files and sign in self._place("").text(name):
                return self._at(name)
        return ""

    def _of_javascript(self) -> Iterator[SuiteCommand]:
        if "package.json" not in self._files:
            return
        place = self._place(f"scripts of {self._at('package.json')}")
        manager = self._manager()
        for name in ("test", "test:unit", "unit"):
            found = package_script(manager, name, place)
            if found is not None:
                yield found
                if found.format != "text":  # a layout in which the runner is not found by its name
                    yield runners.printing_command((manager, "run", name), place.evidence, self._cwd)
                return
        if not scripts_of(place) and any(re.search(r"\.test\.[cm]?js$", path) for path in self._files):
            node = runners.script_command("node --test", "test files of node", self._cwd)
            if node is not None:
                yield node

    def _manager(self) -> str:
        try:
            named = json.loads(self._place("").text("package.json")).get("packageManager", "")
        except (ValueError, AttributeError, RecursionError):
            named = ""
        for manager in ("pnpm", "yarn", "bun", "npm"):
            if str(named).startswith(manager):
                return manager
        locks = (("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn"), ("bun.lockb", "bun"), ("bun.lock", "bun"))
        return next((manager for lock, manager in locks if lock in self._files), "npm")

    def _of_targets(self) -> Iterator[SuiteCommand]:
        for name, program, target in (
            ("Makefile", "make", r"^(test|check)\s*:(?!=)"),
            ("justfile", "just", r"^(test)\b[^:=\n]*:(?!=)"),
            ("Taskfile.yml", "task", r"^ {2,4}(test):"),
        ):
            match = name in self._files and re.search(target, self._place("").text(name), re.M)
            if match:
                evidence = f"the target {match[1]} of {self._at(name)}"
                yield runners.printing_command((program, match[1]), evidence, self._cwd)

    def _of_compiled(self) -> Iterator[SuiteCommand]:
        if "go.mod" in self._files:
            yield runners.go_command(self._at("go.mod"), cwd=self._cwd)
        if "Cargo.toml" in self._files:
            whole = ("--workspace",) if "[workspace]" in self._place("").text("Cargo.toml") else ()
            yield runners.cargo_command(self._at("Cargo.toml"), *whole, cwd=self._cwd)
        if "pom.xml" in self._files:
            yield runners.maven_command(self._at("pom.xml"), self._wrapped("mvn"), cwd=self._cwd)
            if "mvnw" in self._files:
                yield runners.maven_command(self._at("pom.xml"), "mvn", cwd=self._cwd)
        for name in ("build.gradle", "build.gradle.kts"):
            if name in self._files:
                yield runners.gradle_command(self._at(name), self._wrapped("gradle"), cwd=self._cwd)
        if "CMakeLists.txt" in self._files and re.search(
            r"enable_testing|add_test|include\s*\(\s*CTest", self._place("").text("CMakeLists.txt")
        ):
            build = "cmake -S . -B /tmp/build >/dev/null && cmake --build /tmp/build && exec ctest"
            ctest = runners.ctest_command(self._at("CMakeLists.txt"), "--test-dir", "/tmp/build")
            argv = ("/bin/sh", "-c", f'{build} "$@"', *ctest.argv)
            yield SuiteCommand(argv, "junit", "report.xml", ctest.evidence, "ctest", self._cwd)

    def _of_others(self) -> Iterator[SuiteCommand]:
        if any(path.endswith("_spec.rb") for path in self._files) and (
            "Gemfile" in self._files or ".rspec" in self._files or not self._cwd
        ):
            if "Gemfile" in self._files:
                yield runners.rspec_command(self._at("Gemfile"), bundled=True, cwd=self._cwd)
            yield runners.rspec_command("files of RSpec", cwd=self._cwd)
        if {"phpunit.xml", "phpunit.xml.dist"} & self._files or (
            "composer.json" in self._files and "phpunit" in self._place("").text("composer.json")
        ):
            evidence = self._at("phpunit.xml" if "phpunit.xml" in self._files else "composer.json")
            yield runners.phpunit_command(evidence, "vendor/bin/phpunit", cwd=self._cwd)
            yield runners.phpunit_command(evidence, "phpunit", cwd=self._cwd)
        if "mix.exs" in self._files:
            yield runners.mix_command(self._at("mix.exs"), cwd=self._cwd)
        if solutions := sorted(path for path in self._files if re.fullmatch(r"[^/]+\.(sln|slnx)", path)):
            yield runners.dotnet_command(self._at(solutions[0]), cwd=self._cwd)

    def _wrapped(self, program: str) -> str:
        """The wrapper that a repository ships; without network it works only with what it has cached."""
        return f"./{program}w" if f"{program}w" in self._files else program

    def _place(self, evidence: str) -> Place:
        return Place(self._tree, self._python, evidence, self._cwd)

    def _at(self, name: str) -> str:
        return f"{self._cwd}/{name}" if self._cwd else name


def _looks_like_pytest(path: str) -> bool:
    name = PurePosixPath(path).name
    return name == "conftest.py" or bool(re.fullmatch(r"test_.+\.py|.+_test\.py|tests?\.py", name))
