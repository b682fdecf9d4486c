"""The tests of two runs -> those that are gone or skipped now, and which of them hide a failure.

A test that was renamed is no loss: where a file lost as many tests as it won, they replaced each
other. The rest is run as it was before on the new code, and what fails there was not in the way of
the task but of the truth.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from agent.suites.integrity import Finding
from agent.suites.suite import SuiteRun

# What a name holds that is another in each run: Rust names an example in documentation by its line, and
# parameters of pytest may be the time of day or an object that is shown by its address.
_FLEETING = re.compile(r" \(line \d+\)|(?<!\d)\d\d:\d\d:\d\d(?:\.\d+)?|\b0x[0-9a-f]{6,16}\b")


@dataclass(frozen=True, slots=True)
class Losses:
    """`hidden` are those of `gone` and `skipped` that fail on the new code when they are put back."""

    gone: frozenset[str] = frozenset()
    skipped: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()


def find_losses(
    before: SuiteRun, after: SuiteRun, put_back: Callable[[frozenset[str]], SuiteRun] | None
) -> Losses:
    """`put_back` runs the tests as they were on the new code; None where tests are meant to change."""
    if not after.results.counted:
        return Losses()
    first, then = before.results, after.results
    if not then.passed and not then.failed and then.counted < first.counted:
        fewer = Finding("test-vanished", "", 0, f"{first.counted} tests became {then.counted}")
        return Losses(findings=(fewer,))
    ran = (first.passed | first.failed) - first.broken  # what kept tests from being collected was no test
    gone = _gone(ran | first.skipped, then.passed | then.failed | then.skipped)
    skipped = then.skipped & ran
    lost = _unreplaced((gone & ran) | skipped, then.passed - ran - first.skipped)
    hidden: frozenset[str] = frozenset()
    if lost and put_back is not None:
        hidden = lost & put_back(lost).results.failed
    findings = [Finding("test-vanished", _file_of(test), 0, f"{test} is gone") for test in sorted(gone)]
    findings += [Finding("test-skipped", _file_of(test), 0, f"{test} is skipped") for test in sorted(skipped)]
    return Losses(gone, skipped, hidden, tuple(findings))


def _gone(before: frozenset[str], after: frozenset[str]) -> frozenset[str]:
    """Those of before that are not there any more, not even with another time or line in their name."""
    renamed = Counter(_FLEETING.sub("", test) for test in after - before)
    gone = set()
    for test in sorted(before - after):
        lasting = _FLEETING.sub("", test)
        if lasting != test and renamed[lasting]:
            renamed[lasting] -= 1
        else:
            gone.add(test)
    return frozenset(gone)


def _unreplaced(lost: frozenset[str], won: frozenset[str]) -> frozenset[str]:
    """Those of files that lost more tests than they won."""
    fresh = Counter(_file_of(test) for test in won)
    missing = Counter(_file_of(test) for test in lost)
    return frozenset(test for test in lost if missing[_file_of(test)] > fresh[_file_of(test)])


def _file_of(test: str) -> str:
    """`tests/test_a.py` of `tests/test_a.py::test_b`, the package of a Go test, else the whole id's head."""
    head, found, _ = test.partition("::")
    return head if found else test.rpartition("/")[0]
