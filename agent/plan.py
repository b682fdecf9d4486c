"""What a model proposes to do -> a Plan that was checked against the repository, and its digest.

A plan is approved by its digest: what was approved is what is worked from, and another plan needs
another approval. A person may edit it as JSON before.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal

from agent.kinds import Kind
from agent.schema import read_as
from indexer.errors import BadInput

_MOST_STEPS = 12  # a longer plan is a list of edits
_NEAR = 3  # names offered for a file that does not exist


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file that will be touched.

    path: relative to the root of the repository
    action: what happens to it
    why: what changes in it, in a sentence
    """

    path: str
    action: Literal["change", "create", "delete", "move"]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of work that can be checked when it is done.

    text: what is done
    files: paths this step touches
    criteria: ids of the acceptance criteria it serves
    """

    text: str
    files: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedTest:
    """A test to write.

    path: the file it goes into
    what: what it shows, in a sentence
    level: unit for one piece, integration for several together
    """

    path: str
    what: str
    level: Literal["unit", "integration"] = "unit"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a task will be carried out.

    summary: the approach in two or three sentences, and why this one
    kind: what sort of change it is; it decides how tests prove it
    steps: in order, at most twelve
    files: every file that will be created, changed, moved or deleted, tests included
    tests: the unit and integration tests to write; empty if the kind needs none
    risks: what could break, for whom
    verification: how it will be shown that it works
    assumptions: what the task leaves open and how you read it
    reuses: existing functions, classes or helpers that will be used
    """

    summary: str
    kind: Kind
    steps: tuple[Step, ...]
    files: tuple[FileChange, ...]
    tests: tuple[PlannedTest, ...] = ()
    risks: tuple[str, ...] = ()
    verification: str = ""
    assumptions: tuple[str, ...] = ()
    reuses: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the plan as canonical JSON: what an approval is bound to."""
        text = json.dumps(self.as_json(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def paths(self) -> frozenset[str]:
        return frozenset({file.path for file in self.files} | {test.path for test in self.tests})

    def as_json(self) -> dict[str, Any]:
        return json.loads(json.dumps(asdict(self)))  # type: ignore[no-any-return]

    def with_files(self, more: Sequence[FileChange]) -> Plan:
        return replace(self, files=(*self.files, *more))

    def text(self) -> str:
        """For a prompt or a terminal."""
        lines = [self.summary, ""]
        for number, step in enumerate(self.steps, 1):
            named = f" ({', '.join(step.criteria)})" if step.criteria else ""
            lines.append(f"{number}. {step.text}{named}")
        lines += ["", "Files:", *(f"- {file.action} {file.path}: {file.why}" for file in self.files)]
        if self.tests:
            lines += ["", "Tests:", *(f"- {test.path} ({test.level}): {test.what}" for test in self.tests)]
        for title, items in (
            ("Reuses", self.reuses),
            ("Risks", self.risks),
            ("Assumptions", self.assumptions),
        ):
            lines += ["", f"{title}:", *(f"- {item}" for item in items)] if items else []
        lines += ["", f"Verified by: {self.verification}"] if self.verification else []
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a plan is checked against."""

    files: Collection[str]
    criteria: tuple[str, ...] = ()
    protected: Callable[[str], str | None] = lambda _: None  # why a path may not be touched
    is_test: Callable[[str], bool] = lambda _: False


def plan_from(written: Mapping[str, Any]) -> Plan:
    """A plan from JSON, for instance as a person edited it. Raises BadInput, naming the field."""
    return read_as(Plan, dict(written), "plan")


def require_sound(plan: Plan, ground: Ground) -> None:
    """Raise BadInput with everything that is wrong with a plan, so that one answer can mend it."""
    wrong = [*_shape(plan), *_paths(plan, ground), *_coverage(plan, ground)]
    if wrong:
        raise BadInput("The plan does not hold:\n" + "\n".join(f"- {line}" for line in wrong))


def fallback_plan(task: str, kind: Kind) -> Plan:
    """The plan of a model that could not make one: a single step, which a person has to approve."""
    return Plan("No sound plan was made; the task is worked on as it stands.", kind, (Step(task),), ())


def _shape(plan: Plan) -> list[str]:
    wrong = []
    if not plan.summary.strip():
        wrong.append("summary is empty; say what the approach is")
    if not plan.steps:
        wrong.append("there are no steps")
    if len(plan.steps) > _MOST_STEPS:
        wrong.append(f"there are {len(plan.steps)} steps, at most {_MOST_STEPS} are allowed; join some")
    if not plan.files:
        wrong.append("files is empty; name every file that will be touched")
    twice = sorted({file.path for file in plan.files if [f.path for f in plan.files].count(file.path) > 1})
    wrong += [f"{path} is listed twice" for path in twice]
    return wrong


def _paths(plan: Plan, ground: Ground) -> list[str]:
    wrong = []
    known = set(ground.files)
    for file in plan.files:
        if reason := ground.protected(file.path):
            wrong.append(f"{file.path} may not be touched: {reason}")
        elif not re.fullmatch(r"[^/\0][^\0]*", file.path) or ".." in file.path.split("/"):
            wrong.append(f"{file.path!r} is no path inside the repository")
        elif file.action == "create" and file.path in known:
            wrong.append(f"{file.path} exists already; its action is change")
        elif file.action != "create" and file.path not in known:
            near = get_close_matches(file.path, known, n=_NEAR, cutoff=0.6)
            hint = f"; did you mean {', '.join(near)}?" if near else "; search for it, or create it"
            wrong.append(f"{file.path} does not exist{hint}")
    listed = {file.path for file in plan.files}
    for place, step in enumerate(plan.steps, 1):
        wrong += [
            f"step {place} names {path}, which is not in files" for path in step.files if path not in listed
        ]
    wrong += [f"the test file {test.path} is not in files" for test in plan.tests if test.path not in listed]
    return wrong


def _coverage(plan: Plan, ground: Ground) -> list[str]:
    wrong = []
    if (
        plan.kind in ("fix", "feature", "tests")
        and not plan.tests
        and not any(ground.is_test(file.path) for file in plan.files)
    ):
        wrong.append(f"a change of kind {plan.kind!r} needs tests; list them, or give the kind that fits")
    served = {criterion for step in plan.steps for criterion in step.criteria}
    wrong += [f"there is no criterion {name}" for name in sorted(served - set(ground.criteria))]
    if len(ground.criteria) > 1:  # one criterion is the task itself: every step serves it
        wrong += [f"no step serves criterion {name}" for name in ground.criteria if name not in served]
    return wrong
