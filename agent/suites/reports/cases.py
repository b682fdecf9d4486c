"""Single test cases, as a reader meets them -> the sets of a run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

State = Literal["passed", "failed", "skipped", "broken"]

_ID_LETTERS = 500  # an id is named in sentences and events; parametrised ones can hold whole documents
_MESSAGE_LETTERS = 40_000  # of one failure; condensing needs both ends of it and nothing else
LINE_LETTERS = 4000  # of a printed line; a longer one names no test, and patterns take long on it
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")  # of an object in memory: another one in the next run
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,20}[A-Za-z]")
_ROOT = "/workspace/"


@dataclass(frozen=True, slots=True)
class Failure:
    """A test that failed and what was said about it."""

    test: str
    message: str


@dataclass(frozen=True, slots=True)
class Results:
    """Sets of test ids. A runner that only prints numbers leaves them empty and fills `counted`.

    `broken` are those of `failed` that are no tests but what kept tests from being collected: a module
    that cannot be imported, a package that does not compile.
    """

    passed: frozenset[str] = frozenset()
    failed: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    failures: tuple[Failure, ...] = ()
    counted: int = 0  # tests that ran, skipped ones not among them
    broken: frozenset[str] = frozenset()


@dataclass(slots=True)
class Case:
    """One test while its report is being read."""

    test: str
    state: State = "passed"
    message: list[str] = field(default_factory=list)


def sorted_out(cases: Iterable[Case]) -> Results:
    """An id reported twice is as bad as its worst report."""
    by_state: dict[State, set[str]] = {"passed": set(), "failed": set(), "skipped": set(), "broken": set()}
    failures = []
    for case in cases:
        test = stable(case.test)
        by_state[case.state].add(test)
        if case.state in ("failed", "broken"):
            failures.append(Failure(test, _bounded(uncoloured("".join(case.message)).strip())))
    failed = by_state["failed"] | by_state["broken"]
    passed = by_state["passed"] - failed
    return Results(
        frozenset(passed),
        frozenset(failed),
        frozenset(by_state["skipped"] - failed - passed),
        tuple(failures),
        len(passed | failed),
        frozenset(by_state["broken"] - by_state["failed"]),
    )


def stable(test: str) -> str:
    """The same id in the next run: relative paths, no addresses, one line."""
    return _ADDRESS.sub("0x…", " ".join(test.replace(_ROOT, "").split()))[:_ID_LETTERS]


def inside(path: str) -> str:
    """A path as the repository has it."""
    return path.removeprefix("file://").removeprefix(_ROOT).removeprefix("./")


def uncoloured(text: str) -> str:
    """Without the sequences that colour a terminal; some runners write them into files as well."""
    return _COLOUR.sub("", text)


def _bounded(message: str) -> str:
    if len(message) <= _MESSAGE_LETTERS:
        return message
    half = _MESSAGE_LETTERS // 2
    return f"{message[:half]}\n[...]\n{message[-half:]}"
