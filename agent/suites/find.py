"""A work tree -> the commands that may test it, the likeliest first, each with its evidence.

What a person declared comes before what the repository's documents say, then its CI, then what follows
from manifests. None is believed before it has run and collected tests.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from agent.beneath import Beneath
from agent.suites.command import SuiteCommand
from agent.suites.manifests import manifest_commands
from agent.suites.recognise import Place, declared_command, recognise
from agent.suites.written import Written, ci_lines, document_lines, recipe_lines

_MOST = 24  # each candidate costs a run on the unchanged code


def find_suites(
    tree: Beneath, tracked: Collection[str], python: str, declared: Sequence[str] = ()
) -> Iterator[SuiteCommand]:
    """Commands that may test this tree. `declared` are lines a person gave; they come first.

    `tracked` are the paths of the repository and `python` is the interpreter for its tests. Raises
    BadInput for an empty declared line.
    """
    seen: set[tuple[object, ...]] = set()
    for command in _ranked(tree, tracked, python, declared):
        key = (command.cwd, command.argv)
        if key not in seen and len(seen) < _MOST:
            seen.add(key)
            yield command


def _ranked(
    tree: Beneath, tracked: Collection[str], python: str, declared: Sequence[str]
) -> Iterator[SuiteCommand]:
    for line in declared:
        yield declared_command(line, Place(tree, python, f"declared: {line.strip()}"))
    manifests = list(manifest_commands(tree, tracked, python))
    written = [
        command
        for line in _lines(tree, tracked)
        if (command := _command(tree, python, line)) is not None
        and (not command.cwd or any(path.startswith(f"{command.cwd}/") for path in tracked))
    ]
    whole = [command for command in written if not _narrow(command, manifests)]
    # What only prints comes last: from sums nobody learns which test failed.
    for command in sorted([*whole, *manifests], key=lambda command: not command.name):
        yield from _with_sources(command, tracked)
    yield from written


def _with_sources(command: SuiteCommand, tracked: Collection[str]) -> Iterator[SuiteCommand]:
    """For Python code below src or lib, first with that folder on the path.

    Without it the tests import nothing, or a copy of the package that is installed somewhere else.
    """
    start = f"{command.cwd}/" if command.cwd else ""
    if command.name in ("pytest", "unittest", "django"):
        for folder in ("src", "lib"):
            sources = re.compile(rf"{re.escape(start)}{folder}/(?:[^/]+|[^/]+/__init__)\.py")
            if any(sources.fullmatch(path) for path in tracked):
                yield replace(command, argv=("env", f"PYTHONPATH={folder}", *command.argv))
                break
    yield command


def _lines(tree: Beneath, tracked: Collection[str]) -> Iterator[Written]:
    yield from document_lines(tree, tracked)
    yield from ci_lines(tree, tracked)
    yield from recipe_lines(tree, tracked)


def _command(tree: Beneath, python: str, written: Written) -> SuiteCommand | None:
    return recognise(written.line, Place(tree, python, written.evidence, written.cwd))


def _narrow(command: SuiteCommand, manifests: Sequence[SuiteCommand]) -> bool:
    """Whether a written line runs only some tests of what a manifest's command runs as a whole.

    `pytest tests/test_a.py` in a document is an example, not the suite.
    """
    if command.name == "pytest":
        args = command.argv[command.argv.index("pytest") + 1 :]
        marked = any(flag == "-m" and not value.startswith("not") for flag, value in pairwise(args))
        return marked or any(arg.endswith(".py") or "::" in arg or arg == "-k" for arg in args)
    plain = [replace(other, evidence="") for other in manifests if other.name == command.name]
    return command.name in ("go", "cargo", "rspec", "phpunit", "mix") and any(
        len(command.argv) > len(other.argv) and other.cwd == command.cwd for other in plain
    )
