"""Test runs before and after a change -> whether it may be committed, and what a reviewer must know.

Pure: the runs are made elsewhere. A change of behaviour is proven by tests that fail on the old code
and pass on the new; the old code is run with the new tests for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from agent.suites.suite import SuiteRun

Kind = Literal["behaviour", "tests", "refactoring", "docs"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_NAMED = 5  # tests named in a sentence; the report has them all


@dataclass(frozen=True, slots=True)
class Verdict:
    """`objections` go back to the model, `notes` into the result. `proof` fails before, passes after."""

    objections: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    proof: frozenset[str] = frozenset()

    @property
    def accepted(self) -> bool:
        return not self.objections


def judge(kind: Kind, before: SuiteRun, after: SuiteRun, falsified: SuiteRun | None) -> Verdict:
    """Weigh a change. `falsified` is the run of the new tests on the old code, None if none was made."""
    objections, notes = _regressions(before, after)
    proof = _proof(before, after, falsified)
    if kind == "behaviour" and not proof and _by_id(after):
        objections.append(
            "No test fails on the old code and passes on the new, so nothing shows that the change works. "
            "Add or correct a test; if the change is no new behaviour, say so with `kind`."
        )
    if kind == "behaviour" and not _by_id(after) and not objections:
        notes.append("The test runner names no tests, so it is not shown that a test fails on the old code.")
    if kind in ("refactoring", "docs") and falsified is not None and proof:
        notes.append(f"Declared as {kind}, but these tests fail on the old code: {_some(proof)}.")
    gone = _all(before) - _all(after)
    if gone:
        notes.append(f"Tests that are gone: {_some(gone)}.")
    unskipped = (after.results.skipped - before.results.skipped) & before.results.passed
    if unskipped:
        notes.append(f"Tests that are skipped now: {_some(unskipped)}.")
    return Verdict(tuple(objections), tuple(notes), proof)


def _regressions(before: SuiteRun, after: SuiteRun) -> tuple[list[str], list[str]]:
    if after.green:
        return [], []
    if not after.results.counted:
        return [f"The whole suite does not run any more.\n{after.report()}"], []
    new = after.results.failed - before.results.failed
    if new or after.killed_by:
        return [f"The whole suite is not green.\n{after.report()}"], []
    if _by_id(before) and after.results.failed:
        return [], [f"These tests failed before the change and still do: {_some(after.results.failed)}."]
    if after.code == before.code:
        return [], [f"The suite ended with exit code {after.code}, before the change as well."]
    return [f"The whole suite is not green.\n{after.report()}"], []


def _proof(before: SuiteRun, after: SuiteRun, falsified: SuiteRun | None) -> frozenset[str]:
    """Tests that pass now and did not on the old code: failed there, or could not even be collected."""
    fixed = after.results.passed & before.results.failed
    if falsified is None:
        return fixed
    missing = after.results.passed - _all(falsified) - before.results.passed
    return fixed | (after.results.passed & falsified.results.failed) | missing


def _by_id(run: SuiteRun) -> bool:
    return bool(run.results.passed or run.results.failed)


def _all(run: SuiteRun) -> frozenset[str]:
    return run.results.passed | run.results.failed | run.results.skipped


def _some(tests: frozenset[str]) -> str:
    names = sorted(tests)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
