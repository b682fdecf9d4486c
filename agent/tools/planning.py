"""A plan that the model proposes -> a checked Plan; and, while it is carried out, its progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Literal

from agent.log.progress import Progress
from agent.plan import FileChange, Ground, Plan, require_sound
from agent.seeds import Seeds
from agent.tools import Ending
from agent.tools.desk import Desk
from indexer.errors import BadInput


class Planning:
    """The tools of the planning stage. `plan` is the one that held."""

    def __init__(self, desk: Desk, ground: Ground, *, asks: bool) -> None:
        self._desk = desk
        self._ground = ground
        self._asks = asks
        self.plan: Plan | None = None
        self.refused = 0

    @property
    def tools(self) -> list[Callable[..., str]]:
        return [self.propose_plan, *([self.ask] if self._asks else []), self.escalate]

    def propose_plan(self, plan: Plan) -> str:
        """Hand in the plan. It is checked against the repository; what does not hold comes back to you.

        plan: what you will do, in steps that can be checked
        """
        try:
            require_sound(plan, self._ground)
        except BadInput:
            self.refused += 1
            raise
        self.plan = plan
        self._desk.ending = Ending("finished", summary=plan.summary)
        return "The plan holds."

    def ask(self, question: str, readings: list[str]) -> str:
        """Ask a person, once, when the task can be read in ways that lead to different code.

        question: what you need to know, in one sentence
        readings: the ways to read the task, the one you would choose first
        """
        options = "\n".join(f"{place}) {reading}" for place, reading in enumerate(readings, 1))
        self._desk.ending = Ending(
            "escalated",
            summary="The task can be read in more than one way.",
            question=f"{question}\n{options}",
        )
        return "Asked."

    def escalate(self, reason: str, question: str = "") -> str:
        """Stop and ask a person, when no plan can be made. You go on with the answer.

        reason: what you tried and what stands in the way
        question: what you need to know or to be decided
        """
        self._desk.ending = Ending("escalated", "", reason.strip(), question.strip())
        return "Stopped."


class Following:
    """The tool that keeps the plan and the work together."""

    def __init__(self, desk: Desk, progress: Progress, ground: Ground, seeds: Seeds) -> None:
        self._desk = desk
        self._progress = progress
        self._ground = ground
        self._seeds = seeds

    @property
    def tools(self) -> list[Callable[..., str]]:
        return [self.update_plan]

    def update_plan(
        self,
        step: int | None = None,
        status: Literal["doing", "done", "skipped"] = "doing",
        note: str = "",
        add_files: list[FileChange] | None = None,
    ) -> str:
        """Say which step you begin or end; beginning one shows what the code base knows about it.

        step: its number in the plan
        status: doing, done or skipped
        note: why, if it is skipped or was done differently
        add_files: files that turned out to need a change and are not in the plan
        """
        plan, progress = self._progress.plan, self._progress
        if step is None and not add_files:
            raise BadInput("give a step and its status, or add_files")
        if step is not None and not 1 <= step <= len(plan.steps):
            raise BadInput(f"the plan has steps 1 to {len(plan.steps)}; there is no step {step}")
        for file in add_files or ():
            if reason := self._ground.protected(file.path):
                raise BadInput(f"{file.path} may not be touched: {reason}")
            if not file.why.strip():
                raise BadInput(f"say why {file.path} has to change")
        event = self._desk.record(
            "plan.updated",
            step=step,
            status=status,
            note=note,
            add_files=[asdict(file) for file in add_files or ()],
        )
        progress.add(event)
        if step is None or status != "doing":
            return progress.text()
        chosen = plan.steps[step - 1]
        return progress.text() + self._seeds.for_step(chosen.text, chosen.files)
