"""Scripts that solve small tasks by what the tools really say, and the world they do it in.

A bot knows a way of working and no answer: names, places, numbers and what has to change are read from
the task, from searches, from code and from failures. So it solves the same task in another project too,
and stops where it does not find what it needs. `play` turns one into a bot for the test endpoint.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from agent.model.scripted import Begin, Script, Scripted, call
from tests.agent.bots.reading import Lost
from tests.agent.endpoint import Bot, Call, Said

Stage = Callable[[str], Script]  # the first prompt of a stage -> what is said in it


def two_stages(planning: Stage, work: Stage) -> Begin:
    """A bot that plans when it can propose a plan and works otherwise; at its wits' end it asks."""

    def begin(prompt: str, tools: frozenset[str]) -> Script:
        try:
            yield from (planning if "propose_plan" in tools else work)(prompt)
        except Lost as lost:
            yield call("escalate", "I stop here.", reason=str(lost))

    return begin


def play(begin: Begin) -> Bot:
    """The bot as the endpoint serves it: only what came over the wire is known."""
    model = Scripted("scripted", begin)

    def bot(messages: list[dict[str, Any]], tools: list[dict[str, Any]]) -> Said:
        reply = model.reply(messages, tools)
        return Said(reply.text, [Call(call.name, call.arguments) for call in reply.calls])

    return bot
