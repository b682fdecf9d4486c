"""Tests that failed -> those of them that pass when they are run again."""

from __future__ import annotations

from collections.abc import Callable

from agent.suites.suite import SuiteRun

_TIMES = 2  # a test that failed three times in a row is taken at its word


def find_flaky(failed: frozenset[str], again: Callable[[frozenset[str]], SuiteRun]) -> frozenset[str]:
    """Run what failed up to twice more; what passed once is flaky."""
    flaky: frozenset[str] = frozenset()
    for _ in range(_TIMES):
        if failed <= flaky:
            break
        flaky |= failed & again(failed - flaky).results.passed
    return flaky
