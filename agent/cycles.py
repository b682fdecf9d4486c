"""Test runs that were not green -> correction cycles, counted once for each state of the tree."""

from __future__ import annotations

from agent.log.runs import Recorder
from agent.suites.suite import SuiteRun


class Cycles:
    """A cycle is an attempt: the same tree tested twice is one. The budget counts the events."""

    def __init__(self, record: Recorder) -> None:
        self._record = record
        self._version = 0  # of the tree that was counted last; an untouched tree is no attempt

    def failed(self, run: SuiteRun | None, version: int, why: str = "") -> None:
        """Count an attempt. One whose tests were green, or not run, failed for another reason, `why`."""
        if version == self._version:
            return
        self._version = version
        signature = (run.signature if run else "") or why
        self._record("cycle", signature=signature, summary=run.summary if run else why)
