"""What the tools of Python are set to -> stated facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .ruff import chosen_groups, ruff_selects
from .stated import Stated
from .tools import Set, Tools

_LENGTHS = (
    ("ruff", r"line-length"),
    ("black", r"line-length"),
    ("flake8", r".*max[-_]line[-_]length"),
    ("pycodestyle", r"max[-_]line[-_]length"),
    ("pylint", r".*max-line-length"),
    ("yapf", r".*column_limit"),
)
_VERSION = re.compile(r"\d+\.\d+")
_PYTEST_HABITS = (
    ("filterwarnings", "error", "tooling.warnings"),
    ("asyncio_mode", "auto", "tooling.async-tests"),
    ("xfail_strict", "true", "tooling.xfail"),
)


def python_facts(tools: Tools, folder: str) -> Iterator[Stated]:
    formatter = formatter_of(tools, folder)
    if formatter:
        yield Stated("python", "tooling.formatter", formatter[0], formatter[1], formatter[0])
    yield from _length(tools, folder, formatter)
    yield from _quotes(tools, folder)
    yield from _linter(tools, folder)
    yield from _imports(tools, folder)
    yield from _types(tools, folder)
    yield from _tests(tools, folder)
    news = tools.find("towncrier", "directory", folder)
    if news:
        yield Stated("python", "tooling.news", news.value.rstrip("/") + "/", news.place)
    floor = tools.find("python", "", folder)
    if floor and (version := _VERSION.search(floor.value)):
        yield Stated("python", "tooling.floor", version[0], floor.place)


def formatter_of(tools: Tools, folder: str) -> tuple[str, str] | None:
    """Its name and the place that says so: a hook or a step of the CI before a section of settings."""
    for name, hook, command in (
        ("ruff format", r"ruff-format", "ruff format"),
        ("black", r"black(?:-jupyter)?", "black"),
        ("yapf", r"yapf", "yapf"),
    ):
        for one in tools.each("pre-commit", "id", folder):
            if one.value in (hook, name) or (name == "black" and one.value == "black-jupyter"):
                return name, one.place
        for one in tools.each("ci", "run", folder):
            if command in one.value and (command != "black" or one.value.split()[0] == "black"):
                return name, one.place
    for tool, name, key in (
        ("black", "black", r".*"),
        ("ruff", "ruff format", r"format\..+"),
        ("yapf", "yapf", ".*"),
    ):
        known = tools.find(tool, key, folder)
        if known:
            return name, known.place
    return None


def _length(tools: Tools, folder: str, formatter: tuple[str, str] | None) -> Iterator[Stated]:
    name = formatter[0] if formatter else ""
    for tool, key in _LENGTHS:
        found = tools.find(tool, key, folder)
        if found and found.value.isdigit():
            by = name or tool
            if tool == "ruff" and name != "ruff format":
                by = "ruff E501" if ruff_selects(tools, "E501", folder) else ""
            yield Stated("python", "tooling.line-length", found.value, found.place, by)
            return
    if formatter and name in ("ruff format", "black"):
        yield Stated("python", "tooling.line-length", "88", formatter[1], name)  # what both do by themselves


def _quotes(tools: Tools, folder: str) -> Iterator[Stated]:
    style = tools.find("ruff", r"format\.quote-style", folder)
    if style and style.value in ("single", "double", "preserve"):
        yield Stated("python", "tooling.quotes", style.value, style.place, "ruff format")
        return
    inline = tools.find("ruff", r"flake8-quotes\.inline-quotes", folder)
    if inline and ruff_selects(tools, "Q000", folder):
        yield Stated("python", "tooling.quotes", inline.value, inline.place, "ruff Q000")
        return
    kept = tools.find("black", "skip-string-normalization", folder)
    if kept and kept.value == "true":
        yield Stated("python", "tooling.quotes", "preserve", kept.place, "black")


def _linter(tools: Tools, folder: str) -> Iterator[Stated]:
    groups, place = chosen_groups(tools, folder)
    if groups:
        yield Stated("python", "tooling.ruff", "named", place, "ruff", tuple(groups))
    for tool in ("pydocstyle", "ruff"):
        convention = tools.find(tool, r"(?:pydocstyle\.)?convention", folder)
        if convention and (tool != "ruff" or ruff_selects(tools, "D", folder)):
            yield Stated("python", "tooling.docstrings", convention.value, convention.place, tool)
            break


def _imports(tools: Tools, folder: str) -> Iterator[Stated]:
    sorting = ruff_selects(tools, "I001", folder) or next(iter(tools.of("isort", folder)), None)
    for one in tools.each("pre-commit", "id", folder):
        sorting = sorting or (one if one.value == "isort" else None)
    if sorting:
        name = "ruff" if ruff_selects(tools, "I001", folder) else "isort"
        yield Stated("python", "tooling.import-order", name, sorting.place, name)
    for tool, prefix in (("ruff", r"isort\."), ("isort", "")):
        if tool == "ruff" and not ruff_selects(tools, "I001", folder):
            continue
        single = tools.find(tool, prefix + r"force[-_]single[-_]line", folder)
        if single and single.value.lower() == "true":
            yield Stated("python", "tooling.imports", "one per line", single.place, tool)
        for one in tools.each(tool, prefix + r"(?:required[-_]imports|add_imports)", folder):
            if tool == "isort" or ruff_selects(tools, "I002", folder):
                yield Stated("python", "tooling.required-import", one.value, one.place, tool)
    banned = tools.find("ruff", r"flake8-tidy-imports\.ban-relative-imports", folder)
    if banned and ruff_selects(tools, "TID252", folder):
        yield Stated("python", "tooling.relative-imports", banned.value, banned.place, "ruff TID252")


def _types(tools: Tools, folder: str) -> Iterator[Stated]:
    strict = _first(tools, "mypy", ("strict", "disallow_untyped_defs"), folder)
    if strict:
        answer = "mypy strict" if strict.key == "strict" else "mypy, every function annotated"
        yield Stated("python", "tooling.types", answer, strict.place, "mypy")
    elif used := _used(tools, "mypy", folder):
        yield Stated("python", "tooling.types", "mypy", used.place, "mypy")
    mode = tools.find("pyright", "typeCheckingMode", folder)
    if mode and mode.value == "strict":
        yield Stated("python", "tooling.types", "pyright strict", mode.place, "pyright")


def _used(tools: Tools, name: str, folder: str) -> Set | None:
    """Where a hook or a step of the CI runs it, or it is set up."""
    hooks = [one for one in tools.each("pre-commit", "id", folder) if one.value == name]
    steps = [one for one in tools.each("ci", "run", folder) if name in one.value.split()]
    return next(iter((*hooks, *steps, *tools.of(name, folder))), None)


def _first(tools: Tools, tool: str, keys: tuple[str, ...], folder: str) -> Set | None:
    return next(
        (one for key in keys for one in tools.each(tool, key, folder) if one.value.lower() == "true"), None
    )


def _tests(tools: Tools, folder: str) -> Iterator[Stated]:
    for key, value, question in _PYTEST_HABITS:
        for one in tools.each("pytest", key, folder):
            if one.value.lower() == value:
                yield Stated("python", question, value, one.place, "pytest")
                break
