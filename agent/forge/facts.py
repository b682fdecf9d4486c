"""What a run knows about its change, as plain values: the source of a request's text.

Everything a model or a repository wrote is here as it was written; body.py makes it harmless. What is
empty or None is not known and not spoken of, except where the reader has to know that it is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Met = Literal["met", "not met", "not shown"]
Change = Literal["added", "changed", "deleted", "moved"]


@dataclass(frozen=True, slots=True)
class Task:
    """`source` says where it came from (`owner/repo#12`, a path, `text`); `closes` is `#12` or empty."""

    title: str
    text: str = ""
    source: str = ""
    url: str = ""
    closes: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """`evidence` is what shows it: tests, a file, or why nothing does."""

    id: str
    text: str
    state: Met
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """`beyond` marks what was done without having been planned."""

    text: str
    done: bool
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """`added` and `removed` are lines, None for a binary file. `purpose` is the plan's word for it."""

    path: str
    added: int | None
    removed: int | None
    change: Change = "changed"
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """`before` and `after` are summaries of whole runs (`41 passed, 1 failed`).

    `falsified` are tests that fail on the old code and pass now. `mutants` says how many were killed.
    """

    command: str = ""
    before: str = ""
    after: str = ""
    new_tests: tuple[str, ...] = ()
    falsified: tuple[str, ...] = ()
    mutants: str = ""
    flaky: tuple[str, ...] = ()
    already_failing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the changed lines that can be covered. `missing` says why nothing was measured."""

    covered: int = 0
    total: int = 0
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """A decision of a person or a rule, with their words. `digest` binds it to what was decided about."""

    name: str
    decision: str
    who: str
    when: str
    digest: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """`places` are `path:start-end` that retrieval put before the model; `searches` its own further ones."""

    places: tuple[str, ...] = ()
    searches: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """`money` is an amount with its currency (`0.42 USD`), empty where no price is known."""

    model: str
    steps: int = 0
    cycles: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    money: str = ""
    minutes: float = 0.0


@dataclass(frozen=True, slots=True)
class Facts:
    """`kind` is fix, feature, tests, refactoring, docs, dependencies or build.

    `summary` are the model's own words. `moved` says where the base branch went meanwhile. `template` is the
    repository's pull request template.
    """

    run_id: str
    task: Task
    cost: Cost
    kind: str = ""
    scripted: bool = False
    summary: str = ""
    criteria: tuple[Criterion, ...] = ()
    plan: tuple[Step, ...] = ()
    files: tuple[ChangedFile, ...] = ()
    verification: Verification = field(default_factory=Verification)
    coverage: Coverage | None = None
    risks: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()
    moved: str = ""
    gaps: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    gates: tuple[Gate, ...] = ()
    context: Context = field(default_factory=Context)
    reproduce: tuple[str, ...] = ()
    template: str = ""
