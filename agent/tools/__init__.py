"""A call of the model -> an observation: what it may look at, change, run, and how it hands in.

A tool is a method; its signature and docstring are what the model is shown. There is no git tool:
commits are made by Cairn, from what was verified (docs/decisions/0004).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Calls that end a stage. `finish` is not among them: what it accepted is in the log as `work.finished`.
CLOSING = frozenset({"propose_plan", "ask", "escalate", "report"})


@dataclass(frozen=True, slots=True)
class Ending:
    """How a stage stopped. `question` is what it needs from a person when it escalated."""

    status: Literal["finished", "escalated"]
    subject: str = ""
    summary: str = ""
    question: str = ""
