"""New test code -> the functions it exercises, by the names it calls and the files it names.

Names decide, not types, so of several functions of one name those win whose file the tests import,
lie beside or are called after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from agent.git import GitFailed
from agent.suites.changes import FileChange, texts_of
from agent.suites.inline import holds_new_tests, tests_of
from agent.suites.suite import is_test
from agent.workspace import Workspace
from indexer.languages import language_of
from indexer.parse import parse
from indexer.types import SourceFile, Span, Symbol

_CALLED = re.compile(r"\b([A-Za-z_]\w*)(?:::<[^>\n]{0,80}>)?\s*\(")
_IMPORTED = re.compile(r"^\s*(?:import|from|use|const|let|var|export|require\w*)\b.*", re.M)
_ALIAS = re.compile(r"\b([A-Za-z_]\w*)(?:\s+as\s+|:\s*)[A-Za-z_]\w*")
_SCRIPTS = frozenset({"javascript", "typescript", "tsx"})
_FUNCTIONS = ("function", "method")
_MOST_FILES = 40  # parsed; a name found in more files is a common word
_MOST_NAMES = 60  # of new tests; more make no better choice
_COMMON = frozenset({"main", "new", "get", "set", "init", "__init__", "setup", "run", "toString"})


@dataclass(frozen=True, slots=True)
class Exercised:
    """Functions of one file that tests call: where they stand in its text."""

    path: str
    text: str
    spans: tuple[Span, ...]


def exercised_by(
    workspace: Workspace, tree: str, changes: Iterable[FileChange], languages: frozenset[str]
) -> tuple[Exercised, ...]:
    """The functions that the added lines of test files call, the likeliest file first."""
    tests = [change for change in changes if change.after and _tests(change)]
    names = _names(tests)
    if not names:
        return ()
    imports = "\n".join(line for change in tests for line in _IMPORTED.findall(change.after or ""))
    found: list[tuple[int, Exercised]] = []
    paths = _files_with(workspace, tree, names, _spoken(tests) & languages)
    paths.sort(key=lambda path: -_nearness(path, tests, imports))
    for path, text in texts_of(workspace.git, tree, paths[:_MOST_FILES]).items():
        spans = tuple(symbol.span for symbol in _functions(path, text, names))
        if spans:
            found.append((_nearness(path, tests, imports), Exercised(path, text, spans)))
    nearest = max((nearness for nearness, _ in found), default=0)
    return tuple(one for nearness, one in sorted(found, key=lambda pair: -pair[0]) if nearness == nearest)


def _spoken(tests: Sequence[FileChange]) -> frozenset[str]:
    """The languages of the tests and those that are called from them as if they were the same."""
    names = {language_of(change.path).name for change in tests}
    return frozenset(names | _SCRIPTS if names & _SCRIPTS else names)


def _tests(change: FileChange) -> bool:
    return is_test(change.path) or (change.path.endswith(".rs") and holds_new_tests(change))


def _names(tests: Sequence[FileChange]) -> frozenset[str]:
    """What the added lines call, under the names it was imported from."""
    called: dict[str, None] = {}
    for change in tests:
        lines = "\n".join(line for _, line in change.added_lines())
        called |= dict.fromkeys(_CALLED.findall(lines))
        called |= dict.fromkeys(_ALIAS.findall("\n".join(_IMPORTED.findall(lines))))
    return frozenset(list(called)[:_MOST_NAMES])


def _files_with(
    workspace: Workspace, tree: str, names: frozenset[str], languages: frozenset[str]
) -> list[str]:
    """Files of code, none of tests, in which one of the names stands as a word."""
    words = [argument for name in sorted(names) for argument in ("-e", name)]
    listed = workspace.git.paths("ls-tree", "-r", "-z", "--name-only", "--full-tree", tree)
    code = [path for path in listed if language_of(path).name in languages and not is_test(path)]
    if len(code) <= _MOST_FILES:
        return code
    try:
        rows = workspace.git.paths("grep", "-l", "-z", "-I", "-w", "-F", *words, tree)
    except GitFailed:  # how it says that nothing was found
        return []
    hits = {row.removeprefix(f"{tree}:") for row in rows}
    return [path for path in code if path in hits]


def _functions(path: str, text: str, names: frozenset[str]) -> Iterable[Symbol]:
    """Those called by name; of a class that is only made, its constructor and methods."""
    source = SourceFile(path, text, language_of(path, text).name, "code", "", len(text), 0)
    tests = tests_of(text).values() if path.endswith(".rs") else ()
    symbols = [
        symbol
        for symbol in parse(source).symbols
        if symbol.kind in _FUNCTIONS and not any(span.covers(symbol.span) for span in tests)
    ]
    called = [symbol for symbol in symbols if symbol.name in names]
    telling = [symbol for symbol in called if symbol.name not in _COMMON]
    made = [symbol for symbol in symbols if names & set(symbol.qualname.split(".")[:-1])]
    return telling or called or made


def _nearness(path: str, tests: Sequence[FileChange], imports: str) -> int:
    pure = PurePosixPath(path)
    stem = pure.parent.name if pure.stem in ("__init__", "index", "mod", "lib") else pure.stem
    word = re.compile(rf"\b{re.escape(stem)}\b")
    named = 2 if stem and word.search(imports) else 0
    beside = any(PurePosixPath(test.path).parent == pure.parent for test in tests)
    after = any(stem and stem.lower() in PurePosixPath(test.path).stem.lower() for test in tests)
    return named + (2 if beside and path.endswith((".go", ".rs")) else 0) + (1 if after else 0)
