"""`go test -json` -> cases. The events: https://pkg.go.dev/cmd/test2json

A package that does not build has printed lines of the compiler (before Go 1.24, outside of the JSON) and
an action without a test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from agent.suites.reports.cases import Case, State

_STATES: dict[str, State] = {"pass": "passed", "fail": "failed", "skip": "skipped"}
_NOISE = re.compile(r"^(=== (RUN|PAUSE|CONT|NAME)|\s*--- (PASS|FAIL|SKIP): |FAIL\b|exit status \d)")
_HEADER = re.compile(r"^# (\S+)")
_UNBUILT = re.compile(r"^FAIL\s+(\S+) \[(build|setup) failed\]")


def events(text: str) -> list[Case]:
    said: dict[str, list[str]] = {}
    states: dict[str, State] = {}
    for event in _json_lines(text):
        package, test = str(event.get("Package") or event.get("ImportPath") or ""), str(event.get("Test", ""))
        name, action = "/".join(filter(None, (package.split(" ")[0], test))), event.get("Action")
        if action in ("output", "build-output"):
            line = str(event.get("Output", ""))
            if not _NOISE.match(line):
                said.setdefault(name, []).append(line)
            if unbuilt := _UNBUILT.match(line):
                states[unbuilt[1]] = "broken"
        elif action in _STATES and (test or (action == "fail" and states.get(name) != "broken")):
            states[name] = "broken" if event.get("FailedBuild") else _STATES[action]
    for name, lines in _unbuilt(text):
        states[name] = "broken"
        said.setdefault(name, []).extend(lines)
    stood_by = {name.rpartition("/")[0] for name, state in states.items() if state == "failed"}
    cases = [Case(name, state, said.get(name, [])) for name, state in states.items()]
    return [case for case in cases if not _told_by_its_tests(case, states, stood_by)]


def _told_by_its_tests(case: Case, states: dict[str, State], stood_by: set[str]) -> bool:
    """A package fails with its tests; only one that says more than they do is a failure of its own."""
    is_package = case.state == "failed" and not re.search(
        r"/(Test|Example|Fuzz|Benchmark)\w*(/|$)", case.test
    )
    return is_package and case.test in stood_by and not "".join(case.message).strip()


def _unbuilt(text: str) -> Iterator[tuple[str, list[str]]]:
    """Packages that did not build, with what the compiler said about them between the events."""
    said: dict[str, list[str]] = {}
    package = ""
    for line in text.splitlines():
        if line.startswith("{"):
            continue
        if header := _HEADER.match(line):
            package = header[1]
        elif unbuilt := _UNBUILT.match(line):
            yield unbuilt[1], said.get(unbuilt[1], [])
        elif package:
            said.setdefault(package, []).append(line + "\n")


def _json_lines(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        if line.startswith("{"):
            try:
                event = json.loads(line)
            except ValueError:
                continue  # two processes wrote at once, or a test printed a brace
            if isinstance(event, dict):
                yield event
