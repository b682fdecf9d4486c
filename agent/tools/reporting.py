"""What a read-only stage found -> a report, with the proposal that was drafted beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from agent.tools import Ending
from agent.tools.desk import Desk
from indexer.errors import BadInput


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that could be better.

    title: what, in a sentence
    place: where, as path:line or path:start-end
    why: what it costs today
    how: what to do
    """

    title: str
    place: str
    why: str
    how: str = ""


class Reporting:
    """The tools that end a read-only stage."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def tools(self) -> list[Callable[..., str]]:
        return [self.report, self.escalate]

    def report(self, summary: str, suggestions: list[Suggestion] | None = None) -> str:
        """Hand in the analysis. Edits you proposed are shown as a diff beside it; nothing is written.

        summary: the answer to the task
        suggestions: what could be better, the most valuable first
        """
        if not summary.strip():
            raise BadInput("the summary is empty; say what you found")
        self._desk.record(
            "report.made", summary=summary.strip(), suggestions=[asdict(item) for item in suggestions or ()]
        )
        self._desk.ending = Ending("finished", summary=summary.strip())
        return "Reported."

    def escalate(self, reason: str, question: str = "") -> str:
        """Stop and ask a person. You go on with the answer.

        reason: what you tried and what stands in the way
        question: what you need to know or to be decided
        """
        self._desk.ending = Ending("escalated", "", reason.strip(), question.strip())
        return "Stopped."
