"""What runners without a report print -> cases, or only sums where no test is named."""

from __future__ import annotations

import re

from agent.suites.reports import cargo
from agent.suites.reports.cases import LINE_LETTERS, Case, State

_TAP = re.compile(r"^( *)(ok|not ok)\b(?: +\d+)?(?: *- ?)? *(.*)$")
_TAP_SIGN = re.compile(r"^TAP version \d+|^1\.\.\d+|^(?:not )?ok \d+\b", re.M)
_DIRECTIVE = re.compile(r"(?<!\\)#\s*(skip|todo)\b", re.I)
_GO = re.compile(r"^\s*--- (PASS|FAIL|SKIP): (\S+)")
_STATES: dict[str, State] = {"PASS": "passed", "FAIL": "failed", "SKIP": "skipped"}

_UNIT = re.compile(r"^([\w.]+) \(([\w.]+)\)")  # 3.11 repeats the name within the brackets
_UNIT_STATE = re.compile(
    r"\.\.\. .*?(?P<state>\bok|\bFAIL|\bERROR|\bskipped\b.*|\bexpected failure|\bunexpected success)$"
)
_UNLOADED = "unittest.loader._FailedTest."  # a class made for a module that cannot be imported
_UNIT_FAILURE = re.compile(r"^(ERROR|FAIL): ([\w.]+)(?: \(([\w.]+)\))?")
_UNIT_STATES: dict[str, State] = {
    "ok": "passed",
    "expected failure": "passed",
    "FAIL": "failed",
    "ERROR": "failed",
    "unexpected success": "failed",
}

_SUMS = (  # pytest, jest and vitest, mocha, unittest, rspec, ExUnit, ctest
    re.compile(r"\b(\d{1,7}) (?:passed|passing)\b"),
    re.compile(r"\b(\d{1,7}) (?:failed|failing)\b"),
    re.compile(r"^Ran (\d{1,7}) tests?\b", re.M),
    re.compile(r"^(\d{1,7}) examples?,", re.M),
    re.compile(r"^(?:\d+ doctests?, )?(\d{1,7}) tests?, \d+ failures?", re.M),
    re.compile(r"tests failed out of (\d{1,7})$", re.M),
)


def lines(text: str) -> list[Case]:
    """Whatever names tests: cargo, TAP, unittest, `go test -v`."""
    if re.search(r"^test .+ \.\.\. (ok|FAILED|ignored)\b", text, re.M):
        return cargo.printed(text)
    if _TAP_SIGN.search(text) and (found := tap(text)):
        return found
    return unittest(text) or [
        Case(match[2], _STATES[match[1]]) for line in text.splitlines() if (match := _GO.match(line))
    ]


def tap(text: str) -> list[Case]:
    """Test Anything Protocol, 13 and 14: https://testanything.org/tap-version-14-specification.html

    Subtests are indented and come before the line of their parent, which sums them up.
    """
    cases: list[Case] = []
    waiting: list[tuple[int, Case]] = []  # subtests whose parent was not seen yet
    for full in text.splitlines():
        line = full[:LINE_LETTERS]
        match = _TAP.match(line)
        if match is None:
            if cases and cases[-1].state == "failed" and not line.lstrip().startswith(("1..", "# ")):
                cases[-1].message.append(line.strip() + "\n")
            continue
        depth, name = len(match[1]), _DIRECTIVE.split(match[3])[0].strip() or f"test {len(cases) + 1}"
        inner = [case for level, case in waiting if level > depth]
        for case in inner:
            case.test = f"{name} > {case.test}"
        waiting = [(depth if level > depth else level, case) for level, case in waiting]
        state: State = "passed" if match[2] == "ok" else "failed"
        made = Case(name, "skipped" if _DIRECTIVE.search(match[3]) else state)
        if inner:
            continue  # told by its subtests
        cases.append(made)
        waiting.append((depth, made))
        if depth == 0:
            waiting.clear()
    return cases


def unittest(text: str) -> list[Case]:
    """`python -m unittest -v`: a test, perhaps its docstring, then its state; later the tracebacks."""
    cases: dict[str, Case] = {}
    current = ""
    said: list[str] | None = None
    for full in text.splitlines():
        line = full[:LINE_LETTERS]
        if failure := _UNIT_FAILURE.match(line):
            name = _unit_id(failure[2], failure[3] or "")
            case = cases.setdefault(name, Case(name))
            case.state = "broken" if _UNLOADED in line else "failed"
            said = case.message
            continue
        if line.startswith(("=====", "Ran ")):
            said = None
        if said is not None:
            said.append("" if line.startswith("-----") else line + "\n")
            continue
        if named := _UNIT.match(line):
            current = _unit_id(named[1], named[2])
        ended = _UNIT_STATE.search(line)
        state = ended["state"] if ended else line.strip()  # a test that prints tears its line
        if current and (ended or state in _UNIT_STATES):
            cases[current] = Case(current, _UNIT_STATES.get(state, "skipped"))
            current = ""
    return list(cases.values())


def _unit_id(name: str, place: str) -> str:
    """What `python -m unittest` takes as an argument: `tests.test_a.TestB.test_c`."""
    if place.startswith(_UNLOADED):
        return place.removeprefix(_UNLOADED)
    return ".".join(filter(None, (place.removesuffix(f".{name}"), name)))


def sums(text: str) -> int:
    """How many tests ran, by the numbers a runner prints at the end."""
    return sum(int(number) for pattern in _SUMS for number in pattern.findall(text))
