"""A fix commit -> the tool calls that make it: look, tests first, see red, the source, see green."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Literal

from agent.suites.suite import is_test
from benchmarks.history.change import FileChange, Fix
from benchmarks.history.hunks import replacements
from indexer.languages import language_of
from indexer.parse import parse
from indexer.types import SourceFile

Arguments = dict[str, Any]
Expectation = Literal["", "edited", "red", "green"]

_AROUND = 12  # lines read above and below a change
_FURTHER = (0, 3, 12)  # context lines of an edit, and of the next tries where it was ambiguous
_SUBJECT_LETTERS = 72
_DEFINITION = re.compile(r"^\s*(?:async\s+def|def|class)\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Move:
    """One call. `forms` are its arguments, then those of further tries; `expected` is what they lead to."""

    why: str
    tool: str
    forms: tuple[Arguments, ...]
    expected: Expectation = ""


def moves(fix: Fix) -> list[Move]:
    """All calls from the first look to `finish`. Raises BadInput for a change the tools cannot make."""
    tests = [file for file in fix.files if is_test(file.path)]
    others = [file for file in fix.files if not is_test(file.path)]
    run: Arguments = {"tests": runnable(fix)} if runnable(fix) else {}
    made = [
        Move("Where is this in the code?", "search_code", ({"query": symbol(fix)},)),
        *(move for file in tests for move in _changes(file)),
        Move("The tests are there. They must fail on this code.", "run_tests", (run,), "red"),
        *(move for file in others for move in _changes(file)),
        Move("The fix is there. Now they must pass.", "run_tests", (run,), "green"),
    ]
    return [*made, _finish(fix)]


def runnable(fix: Fix) -> list[str]:
    """The test files of the fix that a runner can be given."""
    return [
        file.path
        for file in fix.files
        if file.after is not None
        and is_test(file.path)
        and re.fullmatch(r"test_.+\.py|.+_test\.py", PurePosixPath(file.path).name)
    ]


def symbol(fix: Fix) -> str:
    """The definition around the first change of the source, or the name of its file."""
    for file in fix.files:
        if not file.path.endswith(".py") or is_test(file.path):
            continue
        before, after = (file.before or "").split("\n"), (file.after or "").split("\n")
        matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
        changed = next((block[3] for block in matcher.get_opcodes() if block[0] != "equal"), 0)
        for line in reversed(after[: changed + 1]):
            if found := _DEFINITION.match(line):
                return found[1]
        return PurePosixPath(file.path).stem
    return fix.subject


def sound(path: str, text: str) -> bool:
    """Whether the edit tools would take this text; they refuse one that does not parse."""
    language = language_of(path, text)
    file = SourceFile(path, text, language.name, language.kind, digest="", size=len(text), mtime_ns=0)
    return not parse(file).broken


def _changes(file: FileChange) -> Iterator[Move]:
    if file.after is None:
        yield Move(f"{file.path} goes.", "delete_file", ({"path": file.path},), "edited")
        return
    if file.before is None:
        content = {"path": file.path, "content": file.after}
        yield Move(f"{file.path} is new.", "create_file", (content,), "edited")
        return
    tries = [replacements(file.before, file.after, lambda text: sound(file.path, text), n) for n in _FURTHER]
    for forms in zip(*tries, strict=True):
        first, last = max(1, forms[0].first - _AROUND), forms[0].last + _AROUND
        yield Move(
            f"Lines {forms[0].first}-{forms[0].last} of {file.path} change.",
            "read_file",
            ({"path": file.path, "start": first, "end": last},),
        )
        edits = tuple({"path": file.path, "old": form.old, "new": form.new} for form in forms)
        yield Move(f"The change in {file.path}.", "str_replace", edits, "edited")


def _finish(fix: Fix) -> Move:
    subject = fix.subject[:_SUBJECT_LETTERS]
    files = ", ".join(file.path for file in fix.files)
    summary = f"The change of commit {fix.commit[:12]}, made again through the tools: {files}."
    return Move("All is done.", "finish", ({"subject": subject, "summary": summary, "kind": "behaviour"},))
