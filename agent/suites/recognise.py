"""A line that somebody wrote in a shell -> the test command in it, if it holds one we know.

Lines come from documents and CI files of a repository, so nothing of them is passed to a shell: a line
counts when its program is a known test runner and its words mean the same without one.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from agent.beneath import Beneath
from agent.suites import runners
from agent.suites.command import SuiteCommand
from indexer.errors import BadInput, CairnError

_LINE_LETTERS = 1000
_MANIFEST_BYTES = 1 << 20
_SHELL = re.compile(r"[$`<>|*?(){}!\\]|(?<!&)&(?!&)")  # what only a shell understands
_WRAPPERS = (  # programs that run another in an environment, which the sandbox already has
    *(("uv", "run"), ("poetry", "run"), ("pdm", "run"), ("pipenv", "run"), ("rye", "run"), ("hatch", "run")),
    *(("bundle", "exec"), ("npx",), ("pnpm", "exec"), ("yarn", "exec"), ("bunx",), ("xvfb-run",), ("time",)),
    *(("coverage", "run", "-m"), ("python", "-m", "coverage", "run", "-m")),
)
_PYTHON = re.compile(r"(?:.*/)?python(?:3(?:\.\d+)?)?")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=[\w./:,@%+-]*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line is to be run: a folder of the tree, with the interpreter for its Python."""

    tree: Beneath
    python: str
    evidence: str
    cwd: str = ""

    def text(self, name: str) -> str:
        """The text of a file of this folder, "" when it can't be read."""
        return text_of(self.tree, f"{self.cwd}/{name}" if self.cwd else name)


def declared_command(line: str, place: Place) -> SuiteCommand:
    """The command of a line that a person gave. Raises BadInput for an empty one.

    A known runner gets a report; any other line is run by a shell and judged by what it prints.
    """
    if not line.strip() or "\0" in line:
        raise BadInput("the test command is empty; give the line that runs the tests, like: pytest tests")
    known = recognise(line, place)
    return known or runners.printing_command(("/bin/sh", "-c", line.strip()), place.evidence, place.cwd)


def recognise(line: str, place: Place) -> SuiteCommand | None:
    """The first test command of a line, after the folders it changes to; None if there is none."""
    line = re.sub(r"(?:^|\s)#.*$", "", line.strip()).strip().removeprefix("$ ")
    if not line or len(line) > _LINE_LETTERS or "\0" in line:
        return None
    for part in re.split(r"&&|;", line):
        if "||" in part or _SHELL.search(part):
            continue
        try:
            words = shlex.split(part)
        except ValueError:
            return None
        if words[:1] == ["cd"] and len(words) == 2:
            folder = _joined(place.cwd, words[1])
            if folder is None:
                return None
            place = replace(place, cwd=folder)
        elif words and (found := _of_words(words, place)):
            return found
    return None


def _joined(cwd: str, folder: str) -> str | None:
    """A folder below the tree's root, "" for the root itself, None for one outside."""
    pure = PurePosixPath(cwd, folder)
    parts = [part for part in pure.parts if part != "."]
    if pure.is_absolute() or ".." in parts or folder.startswith(("~", "-")):
        return None
    return "/".join(parts)


def _of_words(words: list[str], place: Place) -> SuiteCommand | None:
    settings = []
    while words and _ASSIGNMENT.fullmatch(words[0]):
        settings.append(words.pop(0))
    bundled = words[:2] == ["bundle", "exec"]
    words = _unwrapped(words)
    if not words or any(word in ("--help", "--version", "--collect-only", "--watch") for word in words):
        return None
    program, args = words[0], words[1:]
    if _PYTHON.fullmatch(program) or program == "manage.py":
        found = _python(program, args, place)
    elif program in ("pytest", "py.test"):
        kept = runners.kept_by_pytest(args)
        found = runners.pytest_command(place.python, place.evidence, *kept, cwd=place.cwd)
    elif program in ("npm", "pnpm", "yarn", "bun") and args:
        found = _packaged(program, args, place)
    elif program == "rspec":
        found = runners.rspec_command(place.evidence, *args, bundled=bundled, cwd=place.cwd)
    else:
        found = _other(program, args, place)
    return replace(found, argv=("env", *settings, *found.argv)) if found and settings else found


def _unwrapped(words: list[str]) -> list[str]:
    for wrapper in _WRAPPERS:
        if tuple(words[: len(wrapper)]) == wrapper:
            rest = words[len(wrapper) :]
            while rest and rest[0].startswith("-"):
                rest.pop(0)  # options of the wrapper without values; with one, nothing is recognised
            return ["python", "-m", *rest] if wrapper[-1] == "-m" else _unwrapped(rest)
    return words


def _python(program: str, args: list[str], place: Place) -> SuiteCommand | None:
    if program == "manage.py":
        args = [program, *args]
    if args[:2] == ["-m", "pytest"]:
        kept = runners.kept_by_pytest(args[2:])
        return runners.pytest_command(place.python, place.evidence, *kept, cwd=place.cwd)
    if args[:2] == ["-m", "unittest"]:
        return runners.unittest_command(place.python, place.evidence, *args[2:], cwd=place.cwd)
    if args[:2] in (["manage.py", "test"], ["./manage.py", "test"]):
        return runners.django_command(place.python, place.evidence, *args[2:], cwd=place.cwd)
    return None


def _packaged(manager: str, args: list[str], place: Place) -> SuiteCommand | None:
    """`npm test`, `pnpm run test:unit`: what the script of package.json says."""
    if manager == "bun" and args[0] == "test":
        return runners.script_command("bun test", place.evidence, place.cwd)
    if args[0] in ("run", "run-script"):
        args = args[1:]
    if not args or args[0].startswith("-"):
        return None
    name = "test" if args[0] in ("t", "tst") else args[0]
    script = scripts_of(place).get(name)
    if script is None or not re.search(r"test|spec|^ci$|check", name):
        return (
            runners.script_command(" ".join(args), place.evidence, place.cwd) if manager == "yarn" else None
        )
    return package_script(manager, name, place)


def package_script(manager: str, name: str, place: Place) -> SuiteCommand | None:
    """The command for one script of package.json, None for a script that starts no tests."""
    scripts = scripts_of(place)
    script = scripts.get(name, "")
    if not script or "no test specified" in script:
        return None
    for _ in range(3):  # scripts that only name another one
        inner = re.fullmatch(r"\s*(?:npm|pnpm|yarn|bun)\s+(?:run\s+)?([\w:.-]+)\s*", script)
        if inner is None or inner[1] not in scripts:
            break
        name, script = inner[1], scripts[inner[1]]
    before = f"{manager} run pre{name}" if f"pre{name}" in scripts else ""
    known = runners.script_command(script, place.evidence, place.cwd, before)
    return known or runners.printing_command((manager, "run", name), place.evidence, place.cwd)


def scripts_of(place: Place) -> dict[str, str]:
    try:
        scripts = json.loads(place.text("package.json"))["scripts"]
        told = {str(name): str(script) for name, script in scripts.items()}
        return {name: script for name, script in told.items() if len(script) <= _LINE_LETTERS}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


Builder = Callable[[list[str], Place], SuiteCommand | None]


def _other(program: str, args: list[str], place: Place) -> SuiteCommand | None:
    name = PurePosixPath(program).name
    build = _BUILDERS.get(name)
    if build is not None:
        return build([program, *args], place)
    if name in ("jest", "vitest", "mocha", "ava", "tap", "tape", "node", "tsx", "react-scripts"):
        return runners.script_command(shlex.join([name, *args]), place.evidence, place.cwd)
    return None


def _go(words: Sequence[str], place: Place) -> SuiteCommand | None:
    if words[1:2] != ["test"]:
        return None
    return runners.go_command(place.evidence, *words[2:], cwd=place.cwd)


def _cargo(words: Sequence[str], place: Place) -> SuiteCommand | None:
    args = [word for word in words[1:] if not word.startswith("+")]
    if args[:1] in (["test"], ["t"]):
        return runners.cargo_command(place.evidence, *args[1:], cwd=place.cwd)
    return runners.cargo_command(place.evidence, cwd=place.cwd) if args[:2] == ["nextest", "run"] else None


def _maven(words: Sequence[str], place: Place) -> SuiteCommand | None:
    if not {"test", "verify", "install", "package"} & set(words):
        return None
    return runners.maven_command(place.evidence, words[0], *words[1:], cwd=place.cwd)


def _gradle(words: Sequence[str], place: Place) -> SuiteCommand | None:
    tasks = [word for word in words[1:] if re.fullmatch(r"[\w:-]*(?:test|check)", word, re.I)]
    if not tasks and "build" not in words:
        return None
    return runners.gradle_command(place.evidence, words[0], *tasks, cwd=place.cwd)


def _target(words: Sequence[str], place: Place) -> SuiteCommand | None:
    """make, just, task: a target whose name says that it tests."""
    targets = [word for word in words[1:] if not word.startswith("-")]
    tests = r"(?:unit-?)?(?:test|tests|check)(?:[:_-]unit)?"
    if not targets or not all(re.fullmatch(tests, target) for target in targets):
        return None  # `make install test` would install
    return runners.printing_command(words, place.evidence, place.cwd)


def _phpunit(words: Sequence[str], place: Place) -> SuiteCommand | None:
    return runners.phpunit_command(place.evidence, words[0], *words[1:], cwd=place.cwd)


def _ctest(words: Sequence[str], place: Place) -> SuiteCommand | None:
    return runners.ctest_command(place.evidence, *words[1:], cwd=place.cwd)


def _dotnet(words: Sequence[str], place: Place) -> SuiteCommand | None:
    if words[1:2] != ["test"]:
        return None
    return runners.dotnet_command(place.evidence, *words[2:], cwd=place.cwd)


def _mix(words: Sequence[str], place: Place) -> SuiteCommand | None:
    return runners.mix_command(place.evidence, *words[2:], cwd=place.cwd) if words[1:2] == ["test"] else None


_BUILDERS: dict[str, Builder] = {
    "go": _go,
    "cargo": _cargo,
    "mvn": _maven,
    "mvnw": _maven,
    "gradle": _gradle,
    "gradlew": _gradle,
    "make": _target,
    "just": _target,
    "task": _target,
    "phpunit": _phpunit,
    "ctest": _ctest,
    "dotnet": _dotnet,
    "mix": _mix,
}


def text_of(tree: Beneath, path: str) -> str:
    """The text of a manifest, "" when it is missing, too large or leads out of the tree."""
    try:
        return tree.read(path, _MANIFEST_BYTES).decode("utf-8", "replace")
    except CairnError:
        return ""
