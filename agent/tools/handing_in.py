"""A change that the model calls done -> handed in if it proves itself, or objections to mend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from agent.criteria import states
from agent.cycles import Cycles
from agent.edits import EDITABLE_BYTES
from agent.inspection import Inspection
from agent.intake import Brief, tick
from agent.kinds import Kind, proves_less
from agent.log.progress import Met, Progress
from agent.misfits import Misfits
from agent.seeds import Seeds
from agent.suites.baseline import attempts
from agent.suites.review import Review, Reviewer
from agent.tools import Ending
from agent.tools.desk import Desk
from indexer.errors import BadInput

_TRIED = 5  # commands that are named
_REMEDY = "The sandbox sees a program by CAIRN_TOOLCHAINS, and what is installed by a setup command"


class HandingIn:
    """The tools that end the work. `reviewed` is the review that accepted it."""

    def __init__(
        self,
        desk: Desk,
        reviewer: Reviewer,
        brief: Brief,
        progress: Progress,
        seeds: Seeds,
        cycles: Cycles,
        misfits: Misfits,
        inspection: Inspection,
    ) -> None:
        self._desk = desk
        self._reviewer = reviewer
        self._brief = brief
        self._progress = progress
        self._seeds = seeds
        self._cycles = cycles
        self._misfits = misfits
        self._inspection = inspection
        self.reviewed: Review | None = None
        self._ticked: dict[str, tuple[bytes, bytes]] = {}  # task lists before and after they were ticked

    @property
    def tools(self) -> list[Callable[..., str]]:
        return [self.finish, self.escalate]

    def finish(
        self, subject: str, summary: str, kind: Kind | None = None, criteria: list[Met] | None = None
    ) -> str:
        """Hand in the change. All tests run on it, the new ones on the old code too; objections come back.

        subject: what is true now, as the first line of a commit, at most 72 letters
        summary: what changed and why, for the reviewer, in a few sentences
        kind: only if it differs from the plan's; a fix or a feature needs a test that failed before
        criteria: for each acceptance criterion whether it is met, and what shows it
        """
        if not subject.strip():
            raise BadInput("the subject is empty; say what is true now")
        self._judge(criteria or [])
        self._stay_in_the_plan()
        kind = kind or self._progress.plan.kind
        self._tick()
        review = self._reviewer.review(sorted(self._desk.created), kind)
        if not review.verdict.accepted:
            self._cycles.failed(review.after, self._desk.version, review.verdict.objections[0])
            context = self._seeds.for_failure(review.after) if review.after else ""
            raise BadInput("Not finished. " + "\n".join(review.verdict.objections) + context)
        blocking, risky = self._inspection.leaks(review.tree)
        if blocking:
            self._cycles.failed(review.after, self._desk.version, "must not leave")
            self._desk.record(
                "guard.tripped", guard="must not leave", findings=[str(one) for one in blocking]
            )
            listed = "\n".join(f"- {one}" for one in blocking)
            raise BadInput(f"Not finished. This must not leave the machine; take it out:\n{listed}")
        if found := self._misfits.news(review.tree, review.paths):
            raise BadInput(
                "Not finished. This does not fit how the code is written here:\n"
                + "\n".join(f"- {line}" for line in found)
                + "\nMend what you can and call finish again; what stays is shown to the reviewer."
            )
        self.reviewed = review
        self._desk.ending = Ending("finished", subject.strip().splitlines()[0], summary.strip())
        self._desk.record(
            "work.finished",
            subject=self._desk.ending.subject,
            summary=self._desk.ending.summary,
            kind=kind,
            criteria=self._shown(review),
            review={
                **_of_review(review, [str(one) for one in risky], self._lesser(review, kind)),
                "asks": self._asks(review, kind),
                "coverage": self._inspection.coverage(review.tree),
            },
            misfits=self._misfits.kept,
        )
        return "Finished."

    def escalate(self, reason: str, question: str = "") -> str:
        """Stop and ask a person. What you did so far is kept, and you go on with the answer.

        reason: what you tried, what you believe, and what stands in the way
        question: what you need to know or to be decided
        """
        self._desk.ending = Ending("escalated", "", reason.strip(), question.strip())
        return "Stopped."

    def _lesser(self, review: Review, kind: Kind) -> str:
        """What to say of a change that was to prove more by its plan than it did; "" where it did."""
        planned = self._progress.plan.kind
        if review.verdict.proof or not proves_less(kind, planned):
            return ""
        return f"planned as {planned} and handed in as {kind}, which has to prove less"

    def _asks(self, review: Review, kind: Kind) -> list[str]:
        """Why a person has to look before anything leaves the machine."""
        asks = ["no test run speaks for the change"] if review.needs_person else []
        if review.after is None and (tried := attempts(self._desk.record)):
            asks.append(f"tried were {'; '.join(tried[:_TRIED])}. {_REMEDY}")
        weakened = (str(finding) for finding in review.verdict.risk_findings)
        asks += [f"existing tests or what guards them was weakened: {line}" for line in weakened]
        lesser = self._lesser(review, kind)
        return [*asks, lesser] if lesser else asks

    def _shown(self, review: Review) -> dict[str, str]:
        """The state of each criterion, by its id."""
        passed = review.after.results.passed if review.after else frozenset()
        return dict(states(self._progress, passed, set(self._desk.paths())))

    def _stay_in_the_plan(self) -> None:
        """Commands can change files as well as edits can; what they changed must be in the plan too."""
        changed = {*self._desk.workspace.changed(), *self._desk.created}
        ticked = {box.path for box in self._brief.ticks}
        beyond = sorted(path for path in changed - ticked if not self._progress.allows(path))
        if beyond:
            self._desk.record("guard.tripped", guard="change outside the plan", paths=beyond)
            raise BadInput(
                f"Not finished. {', '.join(beyond)} changed and is not in the plan. Put it back as it was, "
                "or add it with update_plan(add_files=...), saying why."
            )

    def _tick(self) -> None:
        """Tick the tasks that are done in the list they came from; where it is not in the clone, nothing."""
        met = {item.id for item in self._progress.criteria.values() if item.met}
        files = self._desk.workspace.files
        for path in sorted({box.path for box in self._brief.ticks}):
            done = {
                box.id for box in self._brief.ticks if box.path == path and box.id in met and not box.done
            }
            if not (done or path in self._ticked) or not files.exists(path):
                continue
            now = files.read(path, EDITABLE_BYTES)
            # what an earlier attempt ticked is taken back first: it may be judged otherwise by now
            before, ticked = self._ticked.get(path, (now, now))
            before = before if ticked == now else now
            after = tick(before.decode("utf-8", "surrogateescape"), done).encode("utf-8", "surrogateescape")
            self._ticked[path] = (before, after)
            if after != now:
                files.write(path, after)
                self._desk.record("tasks.ticked", path=path, done=sorted(done))
                self._desk.changed([path])

    def _judge(self, criteria: Sequence[Met]) -> None:
        """Every criterion is judged first; a task that is its own criterion need not be."""
        wanted = self._progress.wanted
        judged = {item.id: item for item in criteria}
        unknown = sorted(set(judged) - set(wanted))
        if unknown:
            raise BadInput(f"there is no criterion {', '.join(unknown)}; there are {', '.join(wanted)}")
        missing = [name for name in wanted if name not in judged]
        if len(wanted) > 1 and missing:
            raise BadInput(f"say in `criteria` whether each is met, and what shows it: {', '.join(missing)}")
        if judged:
            event = self._desk.record("criteria.judged", criteria=[asdict(item) for item in criteria])
            self._progress.add(event)


def _of_review(review: Review, leaks: Sequence[str], lesser: str) -> dict[str, Any]:
    """What the steps after the work, and a resumed run, need to know of a review."""
    verdict, after = review.verdict, review.after
    risky = [str(finding) for finding in verdict.risk_findings]
    return {
        "tree": review.tree,
        "paths": list(review.paths),
        "left_out": list(review.left_out),
        "notes": list(verdict.notes),
        "proof": sorted(verdict.proof),
        "flaky": sorted(verdict.flaky),
        "findings": [str(finding) for finding in verdict.findings],
        "risky": [*([lesser] if lesser else []), *risky, *leaks],
        "after": after.summary if after else None,
        "command": after.shown if after else "",
    }
