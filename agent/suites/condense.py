"""Failures of a run -> what helps to mend them, in few lines, and where in the repository to look.

What broke the collection comes first, because it hides the rest. Equal failures are shown once. Frames of
libraries are left out: the mistake is in the repository.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.suites.reports.cases import Failure, Results

_SHOWN_FAILURES = 5
_SHOWN_LINES = 25  # of one failure: the assertion and where it stands
_HEAD_LINES = 6  # of these from the start: many runners say there what was expected
_LINE_LETTERS = 300
_LETTERS = 12_000  # of all failures together; more does not help a reader
_NAMED = 20
_COMPARED = 200  # failures whose messages are read; where more fail at once, these show why


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file of the repository."""

    path: str
    line: int


def condensed(results: Results) -> str:
    """The failures in words: at most five different ones, the others by name."""
    groups: dict[str, list[Failure]] = {}
    ordered = _ordered(results)
    for failure in ordered[:_COMPARED]:
        groups.setdefault(_cause(failure), []).append(failure)
    lines: list[str] = []
    room = _LETTERS
    shown = 0
    for group in list(groups.values())[:_SHOWN_FAILURES]:
        what = "CANNOT BE COLLECTED" if group[0].test in results.broken else "FAILED"
        text = "\n".join(["", f"{what} {group[0].test}", *_told(group[0].message, room)])
        if len(group) > 1:
            text += f"\nthe same: {_listed([failure.test for failure in group[1:]])}"
        lines.append(text)
        room -= len(text)
        shown += 1
        if room <= 0:
            break
    rest = [failure.test for group in list(groups.values())[shown:] for failure in group]
    rest += [failure.test for failure in ordered[_COMPARED:]]
    if rest:
        lines += ["", f"and {len(rest)} more: {', '.join(rest[:_NAMED])}"]
    return "\n".join(lines).lstrip("\n")


def _ordered(results: Results) -> list[Failure]:
    return sorted(results.failures, key=lambda failure: failure.test not in results.broken)


def _listed(tests: Sequence[str]) -> str:
    more = f" and {len(tests) - 3} more" if len(tests) > 3 else ""
    return ", ".join(tests[:3]) + more


_FOREIGN = re.compile(
    r"/site-packages/|/dist-packages/|node_modules/|/rustc/|\bnode:internal|\(node:|/usr/(?:lib|share)/"
    r"|/lib/python3|<frozen |/\.cargo/registry/|/go/(?:src|pkg)/|/\.gem/|vendor/bundle/"
    r"|\bat (?:java|jdk|sun|org\.junit|org\.apache\.maven|org\.gradle)\b|\bat new Promise \(<anonymous>\)"
)
_NOISE = ("Hint: make sure your test modules", "collection failure", "Traceback:")  # pytest's, always
_FRAME = re.compile(r"^\s*(?:at |File \"|\d+: |#? ?\S+:\d+:in )")


def _told(message: str, room: int) -> list[str]:
    """The lines of a message without foreign frames, from both ends."""
    lines: list[str] = []
    foreign = False
    for line in message.replace("/workspace/", "").splitlines():
        if _FOREIGN.search(line):
            foreign = True  # the lines of code below a foreign frame are foreign too
            if lines and re.match(r"^\s+\d+: ", lines[-1]) and line.lstrip().startswith("at "):
                lines.pop()  # Rust names the function one line before the place
            continue
        if foreign and re.match(r"^\s{4,}\S", line) and not _FRAME.match(line):
            continue
        foreign = False
        if line.startswith(_NOISE):
            continue
        if line.strip() or (lines and lines[-1].strip()):
            lines.append(line[:_LINE_LETTERS])
    lines = _said_once(lines)
    if len(lines) > _SHOWN_LINES:
        tail = _SHOWN_LINES - _HEAD_LINES
        lines = [*lines[:_HEAD_LINES], "[...]", *lines[-tail:]]
    kept: list[str] = []
    size = 0
    for line in lines:
        size += len(line) + 1
        if size > max(room, 400):
            return [*kept, "[...]"]
        kept.append(line)
    return kept


def _said_once(lines: list[str]) -> list[str]:
    """Without the head that pytest's report repeats at the end of the traceback, each line after an E."""
    repeated = {line[1:].strip() for line in lines if line.startswith("E ")}
    head = next((n for n, line in enumerate(lines) if line.strip() and line.strip() not in repeated), 0)
    return lines[head:]


class _Run(Protocol):
    """What is read of a run of a suite."""

    @property
    def results(self) -> Results: ...
    @property
    def output(self) -> str: ...
    @property
    def cwd(self) -> str: ...


_PLACES = (
    re.compile(r"File \"(?P<path>[^\"\n]{1,300})\", line (?P<line>\d{1,7})"),
    re.compile(r"(?P<path>[\w@.+/\\-]{1,200}\.[A-Za-z]\w{0,9})(?::|\()(?P<line>\d{1,7})"),
)
_SHOWN_PLACES = 50
_READ_LETTERS = 200_000  # of all messages; those behind repeat the first


def places(run: _Run, files: Collection[str] = ()) -> list[Place]:
    """Lines of the repository that the failures name, in the order they are named, each once.

    Only paths among `files` (the tracked ones) are returned where they are given; a path that is relative
    to the folder of the run, or starts above the tree, is found among them.
    """
    known = _Known(files, run.cwd)
    found: dict[Place, None] = {}
    for text in _texts(run):
        for line in text.splitlines():
            if _FOREIGN.search(line):
                continue
            for pattern in _PLACES:
                for match in pattern.finditer(line[:2000]):
                    path = known.path(match["path"])
                    if path:
                        found[Place(path, int(match["line"]))] = None
    return list(found)[:_SHOWN_PLACES]


class _Known:
    """Paths as printed -> paths of the repository."""

    def __init__(self, files: Collection[str], cwd: str) -> None:
        self._files = frozenset(files)
        self._cwd = cwd
        self._by_name: dict[str, list[str]] = {}
        for file in self._files:
            self._by_name.setdefault(file.rpartition("/")[2], []).append(file)

    def path(self, printed: str) -> str:
        path = re.sub(r"^/+", "/", printed).removeprefix("/workspace/").removeprefix("./")
        if path.startswith(("/", "..")) or "//" in path:
            return ""
        here = f"{self._cwd}/{path}" if self._cwd else path
        if not self._files:
            return here
        for candidate in (here, path):
            if candidate in self._files:
                return candidate
        # Go names a file without its folder, Java a class's file: only one that is unique is meant
        same = [
            file for file in self._by_name.get(path.rpartition("/")[2], ()) if f"/{file}".endswith(f"/{path}")
        ]
        return same[0] if len(same) == 1 else ""


def _texts(run: _Run) -> Iterable[str]:
    room = _READ_LETTERS
    for failure in _ordered(run.results):
        yield failure.message[:room]
        room -= len(failure.message)
        if room <= 0:
            return
    if not run.results.failures and not run.results.passed:
        yield run.output[-room:]


_NAMES = (
    re.compile(r"(?:has no attribute|cannot import name|name|named|No module named|module) '([\w.]{2,100})'"),
    re.compile(
        r"(?:undefined|undeclared name|undefined reference to|cannot find symbol|symbol):? +`?(\w{2,100})"
    ),
    re.compile(
        r"cannot find (?:value|function|type|struct|macro|module|name|module or package) [`'](\w{2,100})[`']"
    ),
    re.compile(r"(?:ReferenceError|TypeError): ([\w.]{2,100}) is not (?:defined|a function|a constructor)"),
    re.compile(r"(?:uninitialized constant|undefined (?:local variable or )?method) [`']?([\w:]{2,100})"),
    re.compile(r"\b([A-Za-z_]\w{2,60})\(\) (?:takes|got|missing)"),
    re.compile(r"^(?:E )? +\+ +(?:where|and) +.{0,300}? = (?:\w{1,60}\.)?(\w{2,100})\(", re.M),  # by pytest
    re.compile(r", line \d+, in (\w{2,100})$", re.M),
    re.compile(r":\d+: in (\w{2,100})$", re.M),
    re.compile(r"\bat (?:async )?(?:\w+\.)?([A-Za-z_$]\w{2,100}) \("),
)
_COMMON = frozenset({"module", "self", "Object", "Test", "TestContext", "Promise", "Context", "str", "int"})
_SHOWN_NAMES = 30


def names(run: _Run) -> list[str]:
    """Identifiers that the failures speak of, those in error messages before those of frames."""
    found: dict[str, None] = {}
    texts = [
        "\n".join(line[:2000] for line in text.splitlines() if not _FOREIGN.search(line))
        for text in _texts(run)
    ]
    for pattern in _NAMES:
        for text in texts:
            for name in pattern.findall(text):
                if name not in _COMMON:
                    found[name] = None
    return list(found)[:_SHOWN_NAMES]


def signature_of(failed: Iterable[str], failures: Iterable[Failure], further: Iterable[str] = ()) -> str:
    """A short hash of failed ids and of what their errors say, without times, lines and threads."""
    read = sorted(failures, key=lambda failure: failure.test)[:_COMPARED]
    parts = sorted({*failed, *(f"{failure.test}\0{_head(failure.message)}" for failure in read)})
    ended = [_settled(text) for text in further]
    return hashlib.sha256("\n".join([*parts, *ended]).encode()).hexdigest()[:16]


_MOVING = (
    (re.compile(r"0x[0-9a-fA-F]+"), "0x"),
    (re.compile(r"\b\d+(?:\.\d+)?\s?(?:ms|s|µs|seconds?|milliseconds)\b"), "T"),
    (re.compile(r"\(\d+\) panicked"), "panicked"),
    (re.compile(r"([\w/.-]+\.\w+)(?::\d+)+"), r"\1"),
    (re.compile(r"\bline \d+"), "line"),
    (re.compile(r"goroutine \d+|pid[ =]\d+|/tmp/[\w./-]+"), "X"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+Z?"), "D"),
)
_ERROR = re.compile(
    r"(?:Error|Exception|Failure)\b|\b(?:assert|expected|panicked|panic:|got |undefined|FAIL)", re.I
)


def _head(message: str) -> str:
    """The lines that say what is wrong, settled; equal heads are equal failures."""
    cut = (line[:_LINE_LETTERS].strip() for line in message.splitlines())
    lines = [line for line in cut if line and not _FOREIGN.search(line)]
    marked = [line for line in lines if line.startswith("E  ")]  # by pytest: what was raised, and only that
    told = marked[:4] or [line for line in lines if _ERROR.search(line)][:4] or lines[:2]
    return "\n".join(map(_settled, told))


def _cause(failure: Failure) -> str:
    """Equal for failures that say the same and end at the same line of the repository.

    A module that is not installed is the same wherever it is imported.
    """
    head = _head(failure.message) or failure.test
    if re.search(r"No module named|Cannot find (?:module|package)", head):
        return head
    ends = [
        match.group()
        for line in failure.message.splitlines()
        if not _FOREIGN.search(line)
        for pattern in _PLACES
        for match in pattern.finditer(line[:_LINE_LETTERS])
    ]
    return "\n".join((head, *ends[-1:]))


def _settled(text: str) -> str:
    for pattern, stead in _MOVING:
        text = pattern.sub(stead, text)
    return text
