"""What a test runner left behind -> which tests passed, failed and were skipped.

Reports come out of the sandbox, so they are written by code nobody trusts: an XML document with a
document type is refused (entities can expand without end), sizes are limited by the reader of the
file, and nothing here is believed without the exit code.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from xml.parsers import expat

from indexer.errors import BadInput

Format = Literal["junit", "jest", "go", "text"]


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that failed and what was said about it."""

    test: str
    message: str


@dataclass(frozen=True, slots=True)
class Results:
    """Sets of test ids. A runner that only prints numbers leaves them empty and fills `counted`."""

    passed: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    failures: tuple[Failure, ...] = ()
    counted: int = 0  # tests that ran, skipped ones not among them


def read_report(report: Format, text: str) -> Results:
    """Read the document of one runner. Raises BadInput when it is none."""
    try:
        return _READERS[report](text)
    except (ValueError, KeyError, TypeError, AttributeError, expat.ExpatError) as error:
        raise BadInput(f"the test report cannot be read as {report}: {error}") from error


def _junit(text: str) -> Results:
    cases: list[_Case] = []
    parser = expat.ParserCreate()

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag == "testcase":
            cases.append(_Case(_node_id(attributes)))
        elif tag in ("failure", "error", "skipped") and cases:
            cases[-1].state = "skipped" if tag == "skipped" else "failed"
            cases[-1].message.append(attributes.get("message", "") + "\n")
            cases[-1].open = tag

    def end(tag: str) -> None:
        if cases and cases[-1].open == tag:
            cases[-1].open = ""

    def data(piece: str) -> None:
        if cases and cases[-1].open:
            cases[-1].message.append(piece)

    def refuse(*_: object) -> None:
        raise ValueError("it has a document type, which a test report does not need")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(text, True)
    return _sorted_out(cases)


class _Case:
    def __init__(self, test: str, state: str = "passed", message: str = "") -> None:
        self.test = test
        self.state = state
        self.message = [message]
        self.open = ""


def _node_id(attributes: dict[str, str]) -> str:
    """pytest's own id where the file is told: `tests/test_a.py::TestB::test_c`."""
    name, group, file = attributes["name"], attributes.get("classname", ""), attributes.get("file", "")
    if not file:
        return f"{group}::{name}" if group else name
    if not group:
        return file  # it could not even be imported
    module = file.removesuffix(".py").replace("/", ".")
    inner = group.removeprefix(module).strip(".").replace(".", "::") if group.startswith(module) else ""
    return "::".join(part for part in (file, inner, name) if part)


def _jest(text: str) -> Results:
    states = {"passed": "passed", "failed": "failed"}
    return _sorted_out(
        [
            _Case(
                f"{_tail(file['name'])}::{test['fullName']}",
                states.get(test["status"], "skipped"),
                "\n".join(test.get("failureMessages") or ()),
            )
            for file in json.loads(text)["testResults"]
            for test in file["assertionResults"]
        ]
    )


def _tail(path: str) -> str:
    return path.removeprefix("/workspace/")


def _go(text: str) -> Results:
    """`go test -json`: one event a line; a package that does not build has output and a failed action."""
    cases: dict[str, _Case] = {}
    states = {"pass": "passed", "fail": "failed", "skip": "skipped"}
    for event in _json_lines(text):
        test = "/".join(filter(None, (event.get("Package", ""), event.get("Test", ""))))
        case = cases.setdefault(test, _Case(test, ""))
        if event.get("Action") in ("output", "build-output"):
            case.message.append(event.get("Output", ""))
        elif event.get("Action") in states and (event.get("Test") or event["Action"] == "fail"):
            case.state = states[event["Action"]]
    return _sorted_out([case for case in cases.values() if case.state])


def _json_lines(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        if line.startswith("{"):
            event = json.loads(line)
            if isinstance(event, dict):
                yield event


_LINES = (  # cargo, go -v, TAP, unittest -v: a test and its state on one line
    re.compile(r"^test (?P<test>\S+) \.\.\. (?P<state>ok|FAILED|ignored)", re.M),
    re.compile(r"^\s*--- (?P<state>PASS|FAIL|SKIP): (?P<test>\S+)", re.M),
    re.compile(r"^(?P<state>ok|not ok) \d+ -? ?(?P<test>.+?)\s*$", re.M),
    re.compile(r"^(?P<test>test\w+ \([\w.]+\)).* \.\.\. (?P<state>ok|FAIL|ERROR|skipped)", re.M),
)
_STATES = {"ok": "passed", "PASS": "passed", "ignored": "skipped", "SKIP": "skipped", "skipped": "skipped"}
_COUNTS = (  # pytest, jest and vitest, mocha, unittest, rspec: only sums
    re.compile(r"\b(\d+) (?:passed|passing)\b"),
    re.compile(r"\b(\d+) (?:failed|failing)\b"),
    re.compile(r"^Ran (\d+) tests?\b", re.M),
    re.compile(r"^(\d+) examples?,", re.M),
)


def _text(text: str) -> Results:
    cases = [
        _Case(match["test"], _STATES.get(match["state"], "failed"))
        for pattern in _LINES
        for match in pattern.finditer(text)
    ]
    if cases:
        return _sorted_out(cases)
    return Results(counted=sum(int(number) for pattern in _COUNTS for number in pattern.findall(text)))


def _sorted_out(cases: list[_Case]) -> Results:
    by_state: dict[str, set[str]] = {"passed": set(), "failed": set(), "skipped": set()}
    for case in cases:
        by_state[case.state].add(case.test)
    passed = by_state["passed"] - by_state["failed"]  # an id reported twice is as bad as its worst report
    return Results(
        frozenset(passed),
        frozenset(by_state["failed"]),
        frozenset(by_state["skipped"] - by_state["failed"] - passed),
        tuple(Failure(case.test, "".join(case.message).strip()) for case in cases if case.state == "failed"),
        len(passed | by_state["failed"]),
    )


_READERS = {"junit": _junit, "jest": _jest, "go": _go, "text": _text}
