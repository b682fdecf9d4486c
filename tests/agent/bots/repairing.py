"""A call that gives the wrong result -> a test of it, and the small change of one line that makes it right.

The change is found by trying: operators and functions that are easily confused are exchanged, first on
the lines that hold a number of the failing call, and the tests say which exchange is the right one.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from agent.model.scripted import Heard, Say, Script, call
from tests.agent.bots import two_stages
from tests.agent.bots.reading import (
    Example,
    Lost,
    Symbol,
    code_of,
    criteria_in,
    examples_in,
    hand_in,
    paragraph,
    paths_in,
    symbol_in,
    task_in,
)

_CONFUSED = {
    ">": [">="],
    ">=": [">"],
    "<": ["<="],
    "<=": ["<"],
    "..": ["..="],
    "..=": [".."],
    "floor": ["round", "ceil"],
    "ceil": ["floor", "round"],
    "max": ["min"],
    "min": ["max"],
}
_TOKEN = re.compile(r"(?<=[\w ])(?:\.\.=?)(?=\w)|(?<= )[<>]=?(?= )|\b(?:floor|ceil|max|min)\b")


@dataclass(frozen=True)
class Found:
    """What is wrong, where it is, and the test that comes closest to one that would show it."""

    example: Example
    symbol: Symbol
    test_path: str
    tests: str


def _planning(prompt: str) -> Script:
    found = yield from _look(prompt)
    shows = [name for name in criteria_in(prompt) if name.startswith("C")]
    yield call(
        "propose_plan",
        f"{found.symbol.path} and {found.test_path} it is.",
        plan={
            "summary": f"{found.example.call} shall give {found.example.result}: first a test, then it.",
            "kind": "fix",
            "steps": [
                {"text": f"Test {found.example.call}", "files": [found.test_path], "criteria": shows},
                {"text": f"Correct {found.symbol.name}", "files": [found.symbol.path], "criteria": shows},
            ],
            "files": [
                {"path": found.test_path, "action": "change", "why": "the case that is wrong"},
                {"path": found.symbol.path, "action": "change", "why": "the cause"},
            ],
            "tests": [
                {"path": found.test_path, "what": f"{found.example.call} gives {found.example.result}"}
            ],
            "risks": [f"other callers of {found.symbol.name} see another result at the limit"],
            "verification": "The new test fails before and passes after; the others pass as before.",
        },
    )


def _work(prompt: str) -> Script:
    yield call("update_plan", "First the test.", step=1, status="doing")
    found = yield from _look(prompt)
    old, new, name = _test_like(found)
    yield call("str_replace", "The case that is wrong.", path=found.test_path, old=old, new=new)
    (report,) = yield call("run_tests", "Red?")
    if not report.startswith("red") or name not in report:
        raise Lost(f"{name} should fail before the change: {report}")
    (now,) = yield call("update_plan", "Red, as it should be.", step=2, status="doing")
    standing = found.symbol.code
    for attempt in _attempts(found):
        why = f"The tests said: {_said_by(report)}. Perhaps so:"
        yield call("str_replace", why, path=found.symbol.path, old=standing, new=attempt)
        standing = attempt
        (report,) = yield call("run_tests", "And now?")
        if report.startswith("green"):
            break
    else:
        raise Lost(f"no exchange helps: {report}; the plan stands at: {now}")
    yield call("update_plan", "Green.", step=2, status="done")
    example = found.example
    summary = f"{example.call} gave another result at the limit. One operator was the wrong one."
    yield from hand_in(prompt, f"{example.call} gives {example.result}", summary, name)


def _look(prompt: str) -> Generator[Say, Heard, Found]:
    example = next(iter(examples_in(task_in(prompt))), None)
    if example is None:
        raise Lost("the task names no call and what it should give")
    (shown,) = yield call("get_symbol", f"What does {example.name} do?", name=example.name)
    symbol = symbol_in(shown)
    (listed,) = yield call("list_files", "Where are the tests?", pattern="*test*")
    for path in paths_in(listed):
        (shown,) = yield call("read_file", f"Does this test {example.name}?", path=path)
        if re.search(rf"\b{example.name}\([^()]+\)\s*(?:==|,)", code_of(shown)):
            return Found(example, symbol, path, code_of(shown))
    raise Lost(f"no test calls {example.name}")


def _test_like(found: Found) -> tuple[str, str, str]:
    """The test to stand behind, that test with the new one, and the name of the new one."""
    example, text = found.example, found.tests
    called = re.compile(rf"(\b{example.name}\()[^()]+(\)\s*(?:==|,)\s*)([^,);\s]+)")
    line = next(line for line in text.split("\n") if called.search(line))
    asserted = called.sub(rf"\g<1>{example.arguments}\g<2>{example.result}", line)
    where = re.sub(r"\W+", "_", example.arguments)
    if re.search(r'"[^"]+"\);$', line):  # a test is one line, with its name at the end
        name = f"the limit at {where}"
        return line, line + "\n" + re.sub(r'"[^"]+"\);$', f'"{name}");', asserted), name
    old = paragraph(text, line)
    title = re.search(r"(?:def|func|fn) (\w+)|\btest\(\"([^\"]+)", old)
    if title is None:
        raise Lost(f"a test without a name: {old}")
    known = title[1] or title[2]
    name = f"{known}_at_{where}" if title[1] else f"{known} at {where}"
    gap = "\n\n\n" if "\n\n\n" in text else "\n\n"
    return old, old + gap + old.replace(line, asserted).replace(known, name, 1), name


def _attempts(found: Found) -> Iterator[str]:
    """The code with one token exchanged, the suspicious lines first."""
    lines = found.symbol.code.split("\n")
    numbers = set(re.findall(r"\d+", found.example.arguments))
    places = sorted(
        range(1, len(lines)),
        key=lambda place: (not numbers & set(re.findall(r"\d+", lines[place])), place),
    )
    for place in places:
        for token in _TOKEN.finditer(lines[place]):
            for other in _CONFUSED[token[0]]:
                line = lines[place][: token.start()] + other + lines[place][token.end() :]
                yield "\n".join([*lines[:place], line, *lines[place + 1 :]])


def _said_by(report: str) -> str:
    told = re.search(r".*(?:got|assert |left:|!==|expected).*", report)
    return told[0].strip() if told else report.splitlines()[0]


begin = two_stages(_planning, _work)
