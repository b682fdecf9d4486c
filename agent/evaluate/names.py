"""Ids of tests as a data set writes them -> ids as a run's report has them.

SWE-bench took its ids from what test runners printed: whole ones of pytest, ones cut at the first
blank of a parameter, `test_a (app.tests.TestB)` of unittest and Django, bare names of sympy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from agent.suites.reports import Results
from agent.suites.reports.cases import stable

_UNITTEST = re.compile(r"(\w+) \(([\w.]+)\)")


def passing(tests: Iterable[str], results: Results) -> frozenset[str]:
    """Those of `tests` that ran and passed; one that stands for several passed when all of them did."""
    return _within(results.passed, tests, results)


def skipped(tests: Iterable[str], results: Results) -> frozenset[str]:
    """Those that were skipped, or that failed as they were expected to."""
    return _within(results.skipped, tests, results)


def seen(tests: Iterable[str], results: Results) -> frozenset[str]:
    """Those that the run reports at all."""
    return _within(_every(results), tests, results)


def files_of(tests: Sequence[str]) -> list[str]:
    """The files of those ids that begin with one."""
    files = (test.partition("::")[0] for test in tests if "::" in test)
    return sorted({file for file in files if file.endswith(".py") and not file.startswith("-")})


def _within(some: frozenset[str], tests: Iterable[str], results: Results) -> frozenset[str]:
    every = _every(results)
    return frozenset(test for test in tests if (known := _known(test, every)) and known <= some)


def _every(results: Results) -> frozenset[str]:
    return results.passed | results.failed | results.skipped


def _known(test: str, every: frozenset[str]) -> frozenset[str]:
    """The ids of the report that a test is."""
    name = stable(test)
    if name in every:
        return frozenset({name})
    if match := _UNITTEST.fullmatch(name):
        place = match[2].removesuffix(f".{match[1]}")
        dotted = f"{place}.{match[1]}"
        return frozenset({dotted} & every)
    if "[" in name and not name.endswith("]"):  # cut at a blank
        return frozenset(known for known in every if known.startswith(f"{name} "))
    if re.fullmatch(r"\w+", name):
        return frozenset(known for known in every if known.endswith(f"::{name}"))
    return frozenset()
