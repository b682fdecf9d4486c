"""The events of a run -> the part of a terminal that stays at the bottom: the plan, what happens now, what
is used up."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from agent.log.budget import Limits, Spent

from .transcript import OF_THE_CHANGE, told_of_call

if TYPE_CHECKING:
    from rich.console import RenderableType

    from agent.log.runs import Event

STOPPING = "stopping before the next step; press Ctrl-C again to stop at once"
_STEPS = 6  # shown of the plan at once, so that a low terminal keeps room for what happens
_MARKS = {
    "open": ("○", ""),
    "doing": ("▶", "bold cyan"),
    "begun": ("▷", "dim"),  # and another one was begun since
    "done": ("✓", "green"),
    "skipped": ("–", "dim"),
}
_NOW = {
    "task.created": "making a working copy",
    "workspace.made": "running the tests on the code as it is",
    "environment.started": "installing what the tests need",
    "environment.ready": "running the tests on the code as it is",
    "run.resumed": "finding the place where it stopped",
    "model.request": "waiting for the model",
    "model.busy": "sitting out the pause that the endpoint wants",
    "tests.started": "running the tests",
    "work.finished": "committing and opening the request",
}


class Board:
    """Told of each event; `shown` is what to draw now."""

    def __init__(self, stopping: Callable[[], bool] = lambda: False) -> None:
        self._stopping = stopping
        self._spent = Spent()
        self._limits = Limits()
        self._steps: list[str] = []
        self._states: list[str] = []
        self._tests: tuple[str, str] = ("", "")
        self._now = "opening the repository"
        self._since = self._began = time.monotonic()

    def add(self, event: Event) -> None:
        self._spent.add(event)
        said = event.payload
        if event.type == "policy.set":
            self._limits = Limits(**said["policy"]["limits"])
        elif event.type == "plan.proposed":
            self._take(said["plan"])
        elif event.type == "gate.granted" and said["plan"]:
            self._take(said["plan"])
        elif event.type == "plan.updated" and said["step"]:
            self._step(said["step"], said["status"])
        elif event.type == "tests.finished" and said["stage"] in OF_THE_CHANGE:
            self._tests = (said["summary"], "green" if said["green"] else "red")
        if event.type == "tool.call":
            self._turn_to(told_of_call(said))
        elif event.type in _NOW:
            self._turn_to(_NOW[event.type])

    def shown(self) -> RenderableType:
        from rich.console import Group
        from rich.rule import Rule
        from rich.spinner import Spinner
        from rich.text import Text

        def row(text: str, style: str = "") -> Text:
            return Text(text, style=style, no_wrap=True, overflow="ellipsis")

        now = STOPPING if self._stopping() else self._now
        spinner = Spinner("dots", row(f"{now}  {_clock(time.monotonic() - self._since)}"))
        summary, colour = self._tests
        tests = [row(f"  tests: {summary}", colour)] if summary else []
        return Group(
            Rule(style="dim"),
            *(row(text, style) for text, style in self._plan()),
            spinner,
            *tests,
            row(f"  {self._used()}", "dim"),
        )

    def _take(self, plan: dict[str, Any]) -> None:
        self._steps = [step["text"] for step in plan["steps"]]
        self._states = ["open"] * len(self._steps)

    def _step(self, number: int, status: str) -> None:
        if number > len(self._states):
            return
        if status == "doing":
            self._states = ["begun" if state == "doing" else state for state in self._states]
        self._states[number - 1] = status

    def _turn_to(self, now: str) -> None:
        self._now, self._since = now, time.monotonic()

    def _plan(self) -> list[tuple[str, str]]:
        """The steps around the one that is worked on."""
        at = self._states.index("doing") if "doing" in self._states else 0
        first = max(0, min(at - _STEPS // 2, len(self._steps) - _STEPS))
        rows = []
        for number in range(first, min(first + _STEPS, len(self._steps))):
            mark, style = _MARKS[self._states[number]]
            rows.append((f"  {mark} {number + 1}. {self._steps[number]}", style))
        hidden = len(self._steps) - len(rows)
        return [*rows, (f"    and {hidden} more steps", "dim")] if hidden else rows

    def _used(self) -> str:
        """What is used of each limit since a person spoke last: that is what stops a run."""
        spent, limits = self._spent, self._limits
        parts = [
            f"{spent.steps} of {limits.steps} steps",
            f"{spent.input_tokens // 1000}k of {limits.input_tokens // 1000}k tokens",
            f"{spent.cycles} of {limits.cycles} attempts",
        ]
        if spent.dollars is not None:
            parts.append(f"${spent.dollars:.2f} of ${limits.dollars:.2f}")
        return " · ".join([*parts, _clock(time.monotonic() - self._began)])


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
