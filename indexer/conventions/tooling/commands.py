"""Makefile, package.json, tox, nox or the steps of a CI -> the command that runs the tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .for_ecma import ecma_language
from .stated import Stated
from .tools import Set, Tools

_NO_TESTS = re.compile(r"no test specified")
_MANAGERS = ("pnpm", "yarn", "bun")
# language -> how its own tool runs the tests, as a CI says it
_OWN = {
    "python": re.compile(r"(?:^|\s)((?:(?:uv|poetry|pdm|hatch|rye) run )?(?:python -m )?pytest)\b"),
    "go": re.compile(r"(?:^|\s)(go test)\b"),
    "rust": re.compile(r"(?:^|\s)(cargo (?:nextest run|test))\b"),
    "java": re.compile(r"(?:^|\s)((?:\./)?mvnw?)\b.*\b(?:test|verify|install)\b|(?:^|\s)((?:\./)?gradlew)\b"),
    "csharp": re.compile(r"(?:^|\s)(dotnet test)\b"),
    "ruby": re.compile(r"(?:^|\s)((?:bundle exec )?(?:rspec|rake test|rake))\b"),
    "php": re.compile(r"(?:^|\s)((?:vendor/bin/)?phpunit)\b"),
    "elixir": re.compile(r"(?:^|\s)(mix test)\b"),
    "swift": re.compile(r"(?:^|\s)(swift test)\b"),
}


def command_facts(tools: Tools, folder: str) -> Iterator[Stated]:
    """One per language: what people have named comes before what their CI calls."""
    check = _check(tools, folder)
    if check and tools.main:
        yield Stated(tools.main, "tooling.check", check[0], check[1].place)
    said: set[str] = set()
    for language, command, one in _commands(tools, folder):
        if language and language not in said:
            said.add(language)
            yield Stated(language, "tooling.test", command, one.place)


def _check(tools: Tools, folder: str) -> tuple[str, Set] | None:
    """The command that runs the linters."""
    for tool in ("make", "just"):
        for one in tools.each(tool, "target", folder):
            if one.value == "lint":
                return f"{tool} lint", one
    script = tools.find("npm", "lint", folder)
    if script:
        manager = _manager(tools, folder, script)
        return (manager if manager.endswith(" run") else f"{manager} run") + " lint", script
    hooks = tools.of("pre-commit", folder)
    return ("pre-commit run --all-files", hooks[0]) if hooks else None


def _commands(tools: Tools, folder: str) -> Iterator[tuple[str, str, Set]]:
    for tool in ("make", "just"):
        for target in ("test", "tests", "check"):
            for one in tools.each(tool, "target", folder):
                if one.value == target:
                    yield tools.main, f"{tool} {target}", one
    for one in tools.each("task", r"tests?(?:\..*)?", folder):
        yield tools.main, f"task {one.key.partition('.')[0]}", one
    script = tools.find("npm", "test", folder)
    if script and not _NO_TESTS.search(script.value):
        yield ecma_language(tools), f"{_manager(tools, folder, script)} test", script
    for tool, language in (("deno", ecma_language(tools)), ("composer", "php")):
        for one in tools.each(tool, "test", folder):
            yield language, f"{tool} {'task ' if tool == 'deno' else ''}test", one
    yield from _python(tools, folder)
    for language, pattern in _OWN.items():
        if not tools.languages.get(language):
            continue
        for one in tools.each("ci", "run", folder):
            match = pattern.search(one.value)
            if match:
                yield language, _whole(language, match), one
                break
    if tools.of("maven", folder):
        yield "java", "mvn test", tools.of("maven", folder)[0]
    if tools.of("rust", folder):
        yield "rust", "cargo test", tools.of("rust", folder)[0]
    if tools.of("go", folder):
        yield "go", "go test ./...", tools.of("go", folder)[0]


def _python(tools: Tools, folder: str) -> Iterator[tuple[str, str, Set]]:
    for one in tools.each("tox", r"(?:testenv\.)?commands", folder):
        if re.search(r"\b(?:pytest|unittest|trial|nose|stestr|runtests)\b", one.value):
            yield "python", "tox", one
            break
    for one in tools.each("hatch", r".*\.tests?", folder):
        environment, _, name = one.key.partition(".scripts.")
        yield "python", "hatch run " + ("" if environment == "default" else f"{environment}:") + name, one
    for tool in ("poe", "pdm run"):
        for one in tools.each(tool.partition(" ")[0], r"tests?(?:\..*)?", folder):
            yield "python", f"{tool} {one.key.partition('.')[0]}", one
    session = tools.find("nox", "session", folder)
    if session:
        yield "python", f"nox -s {session.value}", session
    if tools.find("ci", r"run", folder) is None and tools.of("pytest", folder):
        yield "python", "pytest", tools.of("pytest", folder)[0]


def _manager(tools: Tools, folder: str, script: Set) -> str:
    """The one that the package names, else the one that its CI or its scripts call."""
    named = tools.find("npm", "packageManager", folder)
    if named:
        return _run(named.value.partition("@")[0])
    lines = [one.value for one in tools.each("ci", "run", folder)] + [script.value]
    for manager in _MANAGERS:
        if any(re.search(rf"\b{manager} (?:run |install|i\b|test|ci\b)", line) for line in lines):
            return _run(manager)
    return "npm"


def _run(manager: str) -> str:
    return "bun run" if manager == "bun" else manager  # `bun test` is Bun's own runner


def _whole(language: str, match: re.Match[str]) -> str:
    command = match[1] or match[2]
    if language == "go":
        return f"{command} ./..."
    return f"{command} test" if language == "java" else command
