"""A fix commit -> what the tools are called with to make it again: the plan, reads, edits in batches.

An edit comes in several forms, each with more of the lines around it, should the first be ambiguous.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

from agent.log.budget import Limits
from agent.suites.suite import is_test
from benchmarks.history.change import FileChange, Fix
from benchmarks.history.hunks import Replacement, replacements
from indexer.languages import language_of
from indexer.parse import parse
from indexer.types import SourceFile

Arguments = dict[str, Any]
Calls = tuple[tuple[str, Arguments], ...]  # of one message

_AROUND = 12  # lines read above and below a change
_FURTHER = (0, 3, 12)  # context lines of an edit, and of the next tries where it was ambiguous
_AT_ONCE = Limits().calls_per_message
_SUBJECT_LETTERS = 72
_DEFINITION = re.compile(r"^\s*(?:async\s+def|def|class)\s+(\w+)")


def tests_of(fix: Fix) -> list[FileChange]:
    return [file for file in fix.files if is_test(file.path)]


def sources_of(fix: Fix) -> list[FileChange]:
    """Everything that is no test: the code, and what is written about it."""
    return [file for file in fix.files if not is_test(file.path)]


def plan(fix: Fix, criteria: Sequence[str]) -> Arguments:
    """The plan that leads to the fix, tests first. `criteria` are ids; the second step serves them all."""
    tests, sources = ([file.path for file in part] for part in (tests_of(fix), sources_of(fix)))
    return {
        "summary": fix.subject,
        "kind": "fix",
        "steps": [
            {"text": "Write the tests that the old code fails", "files": tests},
            {"text": fix.subject, "files": sources, "criteria": list(criteria)},
        ],
        "files": [
            {"path": file.path, "action": _action(file), "why": "the known fix does"} for file in fix.files
        ],
        "tests": [{"path": path, "what": fix.subject} for path in tests],
        "verification": "The tests fail on the old code and pass on the new.",
    }


def hand_in(fix: Fix, criteria: Sequence[str]) -> Arguments:
    """What `finish` is called with."""
    files = ", ".join(file.path for file in fix.files)
    return {
        "subject": fix.subject[:_SUBJECT_LETTERS],
        "summary": f"The change of commit {fix.commit[:12]}, made again through the tools: {files}.",
        "criteria": [
            {"id": name, "met": True, "evidence": "the tests of the known fix"} for name in criteria
        ],
    }


def reads(files: Sequence[FileChange]) -> list[Calls]:
    """The lines around each change of these files, before any of them is made."""
    return _messages([call for file in files for call in _reads(file)])


def edits(files: Sequence[FileChange]) -> list[tuple[Calls, ...]]:
    """Messages that make these changes one after the other, each of them in its forms."""
    forms = [_messages([call for file in files for call in _edits(file, n)]) for n in _FURTHER]
    return list(zip(*forms, strict=True))


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


def _action(file: FileChange) -> str:
    if file.before is None:
        return "create"
    return "delete" if file.after is None else "change"


def _messages(calls: Sequence[tuple[str, Arguments]]) -> list[Calls]:
    """As many calls in one message as are run of it; a file is sound after each of its edits."""
    return [tuple(calls[start : start + _AT_ONCE]) for start in range(0, len(calls), _AT_ONCE)]


def _reads(file: FileChange) -> Iterator[tuple[str, Arguments]]:
    if file.before is None or file.after is None:
        return
    grown = 0  # lines that the edits before have added, which are not there yet
    for edit in _replacements(file.path, file.before, file.after, 0):
        first, last = max(1, edit.first - grown - _AROUND), edit.last - grown + _AROUND
        yield "read_file", {"path": file.path, "start": first, "end": last}
        grown += edit.new.count("\n") - edit.old.count("\n")


def _edits(file: FileChange, further: int) -> Iterator[tuple[str, Arguments]]:
    if file.after is None:
        yield "delete_file", {"path": file.path}
    elif file.before is None:
        yield "create_file", {"path": file.path, "content": file.after}
    else:
        for edit in _replacements(file.path, file.before, file.after, further):
            yield "str_replace", {"path": file.path, "old": edit.old, "new": edit.new}


def _replacements(path: str, before: str, after: str, further: int) -> list[Replacement]:
    return replacements(before, after, lambda text: sound(path, text), further)
