"""What compilers, type checkers and linters print -> diagnostics, read like failures of tests."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from agent.suites.reports.cases import uncoloured

_MOST = 2000  # of one output; nobody mends more at once
_LINE_LETTERS = 2000
_MESSAGE_LETTERS = 500


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One error of a tool at a line of the repository; `line` is 0 and `code` "" where it says none."""

    path: str
    line: int
    code: str
    message: str
    tool: str

    def __str__(self) -> str:
        code = f"{self.code} " if self.code else ""
        return f"{self.path}:{self.line}: {code}{self.message} ({self.tool})"


def read_diagnostics(tool: str, output: str) -> list[Diagnostic]:
    """The errors in what `tool` printed, in its order, each once. Warnings of compilers are left out.

    Tools: mypy, pyright, ruff, flake8, tsc, eslint, go, cargo, javac, maven, gradle, pytest, unittest,
    django; of any other, lines of the form `path:line: error: message` are read.
    """
    reader = _READERS.get(tool, _generic)
    found: dict[Diagnostic, None] = {}
    for path, line, code, message in reader(uncoloured(output)):
        path = path.removeprefix("file://").removeprefix("/workspace/").removeprefix("./").replace("\\", "/")
        said = " ".join(message.split())[:_MESSAGE_LETTERS]
        found[Diagnostic(path, line, code, said, tool or "build")] = None
        if len(found) >= _MOST:
            break
    return list(found)


def new_diagnostics(before: Sequence[Diagnostic], after: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Those of `after` that were not there before, wherever their lines have moved to.

    The same error twice in a file that had it once is new once; the later one is taken.
    """
    known = Counter(_identity(one) for one in before)
    new = []
    for one in after:
        if known[_identity(one)] > 0:
            known[_identity(one)] -= 1
        else:
            new.append(one)
    return new


def _identity(one: Diagnostic) -> tuple[str, str, str, str]:
    """Without line numbers, also those in the message: `already defined on line 12`."""
    return one.tool, one.path, one.code, re.sub(r"\bline \d+", "line", one.message)


Found = Iterator[tuple[str, int, str, str]]
_PATH = r"(?P<path>(?:[A-Za-z]:)?[^\s:(][^:\n(]{0,400}?)"
_MYPY = re.compile(
    _PATH + r":(?P<line>\d+)(?::\d+)?(?::\d+:\d+)?: error: (?P<message>.+?)(?:  \[(?P<code>[\w-]+)\])?$"
)
_PYRIGHT = re.compile(
    r"\s*" + _PATH + r":(?P<line>\d+):\d+ - error: (?P<message>.+?)(?: \((?P<code>report\w+)\))?$"
)
_LINTED = re.compile(
    _PATH
    + r":(?P<line>\d+):\d+: (?:(?P<code>[A-Z]{1,6}\d{2,5})|(?P<name>[a-z][\w-]+):)(?: \[\*\])?"
    + r" (?P<message>.+)$"
)
_TSC = re.compile(
    _PATH + r"(?:\((?P<line>\d+),\d+\)|:(?P<other>\d+):\d+)(?::| -) error (?P<code>TS\d+): (?P<message>.+)$"
)
_UNIX = re.compile(_PATH + r":(?P<line>\d+):\d+: (?P<message>.+) \[Error/?(?P<code>[\w@/-]*)\]$")
_GO = re.compile(r"(?:vet: )?" + _PATH + r":(?P<line>\d+)(?::\d+)?: (?P<message>.+)$")
_CARGO_SHORT = re.compile(_PATH + r":(?P<line>\d+):\d+: error(?:\[(?P<code>E\d+)\])?: (?P<message>.+)$")
_JAVAC = re.compile(r"(?:e: )?" + _PATH + r":(?P<line>\d+)(?::\d+)?:? error: (?P<message>.+)$")
_MAVEN = re.compile(
    r"\[ERROR\] (?P<path>/?[^\s:\[]{1,400}):\[(?P<line>\d+),\d+\] (?:error: )?(?P<message>.+)$"
)
_GENERIC = re.compile(_PATH + r":(?P<line>\d+)(?::\d+)?: (?:fatal )?error:? (?P<message>.+)$", re.I)


def _by_line(*patterns: re.Pattern[str]) -> Callable[[str], Found]:
    def read(output: str) -> Found:
        for line in output.splitlines():
            for pattern in patterns:
                if len(line) <= _LINE_LETTERS and (match := pattern.match(line)):
                    groups = match.groupdict()
                    number = int((groups["line"] or groups.get("other") or "0")[:9])
                    code = groups.get("code") or groups.get("name") or ""
                    yield groups["path"].strip(), number, code, groups["message"]
                    break

    return read


def _generic(output: str) -> Found:
    for found in _by_line(_GENERIC, _MAVEN, _TSC)(output):
        if re.search(r"[./]", found[0]):  # or else it is a time of day
            yield found


def _go(output: str) -> Found:
    """Also from the events of `go test -json`, and only for Go's own files: logs have other places."""
    lines = []
    for line in output.splitlines():
        if line.startswith("{"):
            event = _object(line)
            if event.get("Action") in ("output", "build-output"):
                lines.append(str(event.get("Output", "")).rstrip("\n"))
        else:
            lines.append(line)
    for path, number, code, message in _by_line(_GO)("\n".join(lines)):
        if path.endswith(".go"):
            yield path, number, code, message


_RUST_HEAD = re.compile(r"error(?:\[(?P<code>E\d+)\])?: (?P<message>.+)$")
_RUST_PLACE = re.compile(r"\s*--> (?P<path>\S{1,400}?):(?P<line>\d+):\d+$")


def _cargo(output: str) -> Found:
    """The three forms: --message-format json, short, and the one for people."""
    head: re.Match[str] | None = None
    for line in output.splitlines():
        if line.startswith("{"):
            yield from _cargo_json(_object(line))
        elif match := _CARGO_SHORT.match(line[:_LINE_LETTERS]):
            yield match["path"], int(match["line"]), match["code"] or "", match["message"]
        elif match := _RUST_HEAD.match(line[:_LINE_LETTERS]):
            head = match
        elif head is not None and (match := _RUST_PLACE.match(line[:_LINE_LETTERS])):
            yield match["path"], int(match["line"]), head["code"] or "", head["message"]
            head = None


def _cargo_json(event: dict[str, object]) -> Found:
    said = event.get("message")
    if (
        event.get("reason") != "compiler-message"
        or not isinstance(said, dict)
        or said.get("level") != "error"
    ):
        return
    for span in said.get("spans") or ():
        if span.get("is_primary"):
            code = (said.get("code") or {}).get("code", "")
            yield str(span["file_name"]), int(span["line_start"]), code, str(said.get("message", ""))
            return


_STYLISH = re.compile(r"\s+(?P<line>\d+):\d+\s+error\s+(?P<message>.+?)(?:\s{2,}(?P<code>[\w@/-]+))?$")


def _eslint(output: str) -> Found:
    """Its JSON, the form for unix tools, or the one for people."""
    start = output.find("[{")
    if start >= 0:
        yield from _eslint_json(output[start:])
        return
    path = ""
    for line in output.splitlines():
        if match := _UNIX.match(line[:_LINE_LETTERS]):
            yield match["path"], int(match["line"]), match["code"], match["message"]
        elif path and (match := _STYLISH.match(line[:_LINE_LETTERS])):
            yield path, int(match["line"]), match["code"] or "", match["message"]
        elif re.fullmatch(r"\S+\.[cm]?[jt]sx?|\S+\.(?:vue|svelte)", line):
            path = line


def _eslint_json(text: str) -> Found:
    try:
        files, _ = json.JSONDecoder().raw_decode(text)
        for file in files:
            for one in file["messages"]:
                if one.get("severity") == 2:
                    yield (
                        str(file["filePath"]),
                        int(one.get("line") or 0),
                        one.get("ruleId") or "",
                        one["message"],
                    )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return


_PYTHON_PLACE = re.compile(
    r"(?:E\s+)?\s*File \"(?P<file>[^\"]{1,400})\", line (?P<at>\d{1,7})"
    r"|(?P<path>[^\s:]{1,400}\.py):(?P<line>\d{1,7}): "
)
_PYTHON_ERROR = re.compile(r"(?:E\s+)?(?P<code>[\w.]{0,100}(?:Error|Exception|NotFound)): (?P<message>.+)$")
_OWN = re.compile(r"/site-packages/|/lib/python3|<frozen")


def _python(output: str) -> Found:
    """Tracebacks: the last line of the repository, and the error that ended there."""
    path, number = "", 0
    for line in output.splitlines():
        if match := _PYTHON_PLACE.match(line[:_LINE_LETTERS]):
            place = match["file"] or match["path"]
            if not _OWN.search(place) and (not place.startswith("/") or place.startswith("/workspace/")):
                path, number = place, int(match["at"] or match["line"])
        if path and (match := _PYTHON_ERROR.match(line[:_LINE_LETTERS])):
            yield path, number, match["code"], match["message"]
            path = ""


def _object(line: str) -> dict[str, object]:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


_READERS: dict[str, Callable[[str], Iterable[tuple[str, int, str, str]]]] = {
    "mypy": _by_line(_MYPY),
    "pyright": _by_line(_PYRIGHT),
    "ruff": _by_line(_LINTED),
    "flake8": _by_line(_LINTED),
    "tsc": _by_line(_TSC),
    "eslint": _eslint,
    "go": _go,
    "cargo": _cargo,
    "javac": _by_line(_JAVAC),
    "maven": _by_line(_MAVEN, _JAVAC),
    "gradle": _by_line(_JAVAC),
    "pytest": _python,
    "unittest": _python,
    "django": _python,
}
