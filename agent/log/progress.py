"""A plan and the events of a run -> how far it has come: steps done, files added, criteria met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from agent.log.runs import Event
from agent.plan import FileChange, Plan

Status = Literal["open", "doing", "done", "skipped"]


@dataclass(frozen=True, slots=True)
class Met:
    """Whether an acceptance criterion is met.

    id: its name, such as C1
    met: true if it is
    evidence: the test or the place in the code that shows it, or why it is not met
    """

    id: str
    met: bool
    evidence: str


class Progress:
    """Of one run. `wanted` are the ids of its criteria, `beyond` the files that were added to the plan while
    it was carried out."""

    def __init__(self, plan: Plan, wanted: Iterable[str] = (), events: Iterable[Event] = ()) -> None:
        self.plan = plan
        self.wanted = tuple(wanted)
        self.steps: list[Status] = ["open"] * len(plan.steps)
        self.notes: dict[int, str] = {}
        self.beyond: list[FileChange] = []
        self.criteria: dict[str, Met] = {}
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        said = event.payload
        if event.type == "plan.updated":
            if step := said.get("step"):
                self.steps[step - 1] = said["status"]
                if said.get("note"):
                    self.notes[step] = said["note"]
            for file in said.get("add_files", ()):
                if not self.planned(file["path"]):  # a call that was interrupted is heard twice
                    self.beyond.append(FileChange(**file))
        elif event.type == "criteria.judged":
            self.criteria = {item["id"]: Met(**item) for item in said["criteria"]}

    def allows(self, path: str) -> bool:
        """Whether a file is in the plan; a plan without files is no boundary."""
        return not self.plan.files or self.planned(path)

    def planned(self, path: str) -> bool:
        return path in self.plan.paths or any(file.path == path for file in self.beyond)

    def text(self) -> str:
        marks = {"open": " ", "doing": ">", "done": "x", "skipped": "-"}
        return "\n".join(
            f"[{marks[status]}] {number}. {step.text}"
            for number, (step, status) in enumerate(zip(self.plan.steps, self.steps, strict=True), 1)
        )
