"""Test runs before and after a change -> whether it may be committed, and what a reviewer must know.

Pure: the runs are made elsewhere. What proves a change depends on what it claims to be: a fix or a
feature needs a test that fails on the old code and passes on the new, tests for existing code must
notice a mistake in that code, a broken build must work again. The rest needs none, but may break nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.kinds import Kind
from agent.suites.integrity import Finding
from agent.suites.losses import Losses
from agent.suites.mutation import Mutation
from agent.suites.suite import SuiteRun

_NO_LOSSES = Losses()
_NAMED = 5  # tests or places named in a sentence; the report has them all
_SHOWN_DIAGNOSTICS = 20  # more come back after these are mended


class Diagnosed(Protocol):
    """What a compiler, a type checker or a linter says about a line."""

    @property
    def path(self) -> str: ...
    @property
    def line(self) -> int: ...
    @property
    def message(self) -> str: ...
    @property
    def tool(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was run and seen.

    `falsified` is the run of the new tests on the old code, None where there are no new tests.
    `broken`: the old code does not build. `flaky` failed and passed when run again, or are known for
    that. `mixed` are files of code whose new tests could not be told from it. `code` are changed
    places of code, for a change that claims to have none.
    """

    kind: Kind
    before: SuiteRun
    after: SuiteRun
    falsified: SuiteRun | None = None
    broken: bool = False
    flaky: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    losses: Losses = _NO_LOSSES
    mutation: Mutation | None = None
    mixed: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    diagnostics: Sequence[Diagnosed] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`objections` go back to the model, `notes` into the result. `proof` fails before, passes after."""

    objections: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    proof: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = ()
    flaky: frozenset[str] = frozenset()

    @property
    def accepted(self) -> bool:
        return not self.objections

    @property
    def risk_findings(self) -> tuple[Finding, ...]:
        """Those that make the change riskier than its paths and size say."""
        return tuple(finding for finding in self.findings if finding.risky)


@dataclass(slots=True)
class _Said:
    objections: list[str]
    notes: list[str]


def judge(evidence: Evidence) -> Verdict:
    """Weigh a change."""
    said = _Said([], [])
    _regressions(evidence, said)
    proof = _proof(evidence)
    if not said.objections:  # what does not run proves nothing; first things first
        _kind(evidence, proof, said)
    _integrity(evidence, said)
    said.objections += _diagnostics(evidence.diagnostics)
    findings = (*evidence.findings, *evidence.losses.findings)
    return Verdict(tuple(said.objections), tuple(said.notes), proof, findings, evidence.flaky)


def new_failures(before: SuiteRun, after: SuiteRun, flaky: frozenset[str] = frozenset()) -> frozenset[str]:
    """Tests that fail after a change and did not before."""
    return after.results.failed - before.results.failed - flaky


def _regressions(evidence: Evidence, said: _Said) -> None:
    before, after = evidence.before, evidence.after
    unsteady = (evidence.flaky & after.results.failed) - before.results.failed
    own = unsteady - all_tests(before) if not evidence.broken else frozenset()
    if own:
        said.objections.append(
            f"New tests fail only sometimes: {some(own)}. Make them independent of time, order and chance."
        )
    if unsteady - own:
        said.notes.append(f"These tests failed once and passed when run again: {some(unsteady - own)}.")
    if after.green:
        return
    if not after.results.counted:
        _does_not_run(evidence, said)
    elif new_failures(before, after, evidence.flaky) or after.killed_by:
        said.objections.append(f"The whole suite is not green.\n{after.report()}")
    elif after.results.failed:
        known = after.results.failed - unsteady
        if known:
            said.notes.append(f"These tests failed before the change and still do: {some(known)}.")
    elif after.code == before.code:
        said.notes.append(f"The suite ended with exit code {after.code}, before the change as well.")
    else:
        said.objections.append(f"The whole suite is not green.\n{after.report()}")
    if said.objections and before.results.failed & after.results.failed:
        said.notes.append(
            f"These tests failed before the change and still do: "
            f"{some(before.results.failed & after.results.failed)}."
        )


def _does_not_run(evidence: Evidence, said: _Said) -> None:
    report = evidence.after.report()
    if not evidence.broken:
        said.objections.append(f"The whole suite does not run any more.\n{report}")
    elif evidence.kind == "build":
        said.objections.append(f"The whole suite still does not run, as before the change.\n{report}")
    else:
        said.notes.append("The tests could not be built before the change and still cannot, so none was run.")


def _proof(evidence: Evidence) -> frozenset[str]:
    """Tests that pass now and did not on the old code: failed there, or could not even be collected."""
    before, passed = evidence.before.results, evidence.after.results.passed - evidence.flaky
    if evidence.broken:
        return passed - before.passed
    fixed = passed & before.failed
    if evidence.falsified is None:
        return fixed
    old = evidence.falsified
    missing = passed - all_tests(old) - before.passed
    uncollected = frozenset(test for test in missing if _kept_from(test, old, passed))
    return fixed | (passed & old.results.failed) | uncollected


def _kept_from(test: str, run: SuiteRun, known: frozenset[str]) -> bool:
    """Whether a test is missing from a run because what holds it could not be collected or built.

    Missing alone is no failure: an id that holds the time of day is another one in each run.
    """
    if run.build_failed or not run.results.counted:
        return True
    holders = run.results.broken
    strange = any(not any(_holds(holder, other) for other in known) for holder in holders)
    return strange or any(_holds(holder, test) for holder in holders)


def _holds(holder: str, test: str) -> bool:
    return test.startswith(holder) and (test[len(holder) :][:1] in ("", ":", "/", ".", " "))


def _kind(evidence: Evidence, proof: frozenset[str], said: _Said) -> None:
    kind = evidence.kind
    if kind in ("fix", "feature"):
        _new_behaviour(evidence, proof, said)
    elif kind == "tests":
        _tests_of_existing_code(evidence, proof, said)
    elif kind == "build" and not evidence.broken and not proof:
        said.notes.append("Declared as build, but the tests could be run before the change as well.")
    elif kind in ("refactoring", "docs", "dependencies") and proof and evidence.falsified is not None:
        said.notes.append(f"Declared as {kind}, but these tests fail on the old code: {some(proof)}.")
    if kind == "docs" and evidence.code:
        said.objections.append(
            f"Declared as docs, but code is changed: {_listed(evidence.code)}. Take that back, or say with "
            "`kind` what the change is."
        )


def _new_behaviour(evidence: Evidence, proof: frozenset[str], said: _Said) -> None:
    falsified, after = evidence.falsified, evidence.after
    if proof:
        failed = evidence.before.results.failed | (falsified.results.failed if falsified else frozenset())
        if evidence.kind == "fix" and not evidence.broken and not proof & failed:
            said.notes.append("On the old code the new tests cannot even be collected, so none fails there.")
        return
    fresh = after.results.passed - all_tests(evidence.before)
    if evidence.mixed and (fresh or not by_id(after)):
        said.notes.append(
            f"It could not be shown that the new tests fail on the old code: in {_listed(evidence.mixed)} "
            "they stand in one file with the code."
        )
    elif not by_id(after) and falsified is not None and not falsified.green and after.green:
        said.notes.append(
            "The test runner names no tests; with the new ones it fails on the old code, not on the new."
        )
    else:
        said.objections.append(
            "No test fails on the old code and passes on the new, so nothing shows that the change works. "
            "Add or correct a test; if the change is neither a fix nor a feature, say so with `kind`."
        )


def _tests_of_existing_code(evidence: Evidence, proof: frozenset[str], said: _Said) -> None:
    if proof:
        said.objections.append(
            f"These tests for existing code fail on it as it was: {some(proof)}. Correct the tests; if the "
            "code had a fault, the change is a fix."
        )
        return
    if by_id(evidence.after) and not evidence.after.results.passed - all_tests(evidence.before):
        said.notes.append("No test was added; those that there are pass.")
        return
    mutation = evidence.mutation
    if mutation is None or not mutation.tried:
        reason = mutation.reason if mutation and mutation.reason else "the tests were not run on mistakes"
        said.notes.append(f"It is not shown that the new tests notice mistakes: {reason}.")
        return
    counted = f"{mutation.killed} of {mutation.tried} mistakes made in the code they test"
    survivors = f"; unnoticed: {_listed(mutation.survivors)}" if mutation.survivors else ""
    if mutation.killed:
        said.notes.append(f"The new tests notice {counted}{survivors}.")
    else:
        said.objections.append(
            f"The new tests notice {counted}{survivors}. Assert what the code returns and does."
        )


def _integrity(evidence: Evidence, said: _Said) -> None:
    losses = evidence.losses
    if losses.hidden:
        said.objections.append(
            f"Tests that fail on the new code were deleted or skipped: {some(losses.hidden)}. Restore them "
            "and make the code pass them. If the task says that they are to go, ask a person with escalate."
        )
    if losses.gone:
        said.notes.append(f"Tests that are gone: {some(losses.gone)}.")
    if losses.skipped:
        said.notes.append(f"Tests that are skipped now: {some(losses.skipped)}.")
    uncounted = () if losses.gone or losses.skipped else losses.findings
    risky = [str(finding) for finding in (*evidence.findings, *uncounted) if finding.risky]
    if risky:
        said.notes.append(f"What was changed about existing tests: {_listed(risky)}.")
    harmless = [str(finding) for finding in evidence.findings if not finding.risky]
    if harmless:
        said.notes.append(f"About the new tests: {_listed(harmless)}.")


def _diagnostics(diagnostics: Sequence[Diagnosed]) -> list[str]:
    if not diagnostics:
        return []
    rows = [f"{one.path}:{one.line}: {one.message} ({one.tool})" for one in diagnostics[:_SHOWN_DIAGNOSTICS]]
    more = len(diagnostics) - len(rows)
    rows += [f"and {more} more"] if more else []
    return ["The change brings errors that were not there before.\n" + "\n".join(rows)]


def by_id(run: SuiteRun) -> bool:
    """Whether the runner names its tests."""
    return bool(run.results.passed or run.results.failed)


def all_tests(run: SuiteRun) -> frozenset[str]:
    return run.results.passed | run.results.failed | run.results.skipped


def some(tests: Iterable[str]) -> str:
    """The first names of many, for a sentence."""
    return _listed(sorted(tests), ", ")


def _listed(things: Sequence[str], between: str = "; ") -> str:
    more = f" and {len(things) - _NAMED} more" if len(things) > _NAMED else ""
    return between.join(things[:_NAMED]) + more
