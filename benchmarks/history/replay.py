"""A known fix -> a model that makes it again, call by call, through the tools of the agent.

No model thinks here: what is proven is that the tools, the sandbox and the tests carry real changes of
real repositories. The bot has no memory. It finds its place in the conversation, so that a run can be
continued by another process.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.model import LETTERS_PER_TOKEN, Message, Reply, ToolCall, ToolSchema, Usage
from benchmarks.history.change import Fix
from benchmarks.history.moves import Arguments, Move, moves

_LABEL = "[replay of a known fix]"
_REFUSED = re.compile(r"([A-Z_]+): ")
_INTERRUPTED = "This call was interrupted"


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a conversation has come: the last move called, in which form, how often so, what was said."""

    move: int
    form: int
    times: int
    said: str


class Replay:
    """Plays `fix` through the seam of the model."""

    name = "replay of a known fix"
    scripted = True

    def __init__(self, fix: Fix) -> None:
        self._moves = moves(fix)

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        why, tool, arguments = self._next(messages)
        written = json.dumps(arguments)
        read = sum(len(str(message.get("content"))) for message in messages)
        usage = Usage(read // LETTERS_PER_TOKEN, len(written) // LETTERS_PER_TOKEN)
        return Reply(f"{_LABEL} {why}", (ToolCall("", tool, written),), usage)

    def _next(self, messages: Sequence[Message]) -> tuple[str, str, Arguments]:
        place = _find_place(self._moves, messages)
        if place is None:
            return _call(self._moves[0])
        move = self._moves[place.move]
        if place.said.startswith(_INTERRUPTED):
            return _call(move, place.form)
        if _succeeded(move, place):
            if place.move + 1 == len(self._moves):
                return _stop("the run goes on after its end")
            return _call(self._moves[place.move + 1])
        refused = _REFUSED.match(place.said)
        if refused and refused[1] == "AMBIGUOUS" and place.form + 1 < len(move.forms):
            return _call(move, place.form + 1)
        if refused and refused[1] == "STALE_READ" and place.times == 1:
            return _call(self._moves[place.move - 1])
        return _stop(f"{move.tool} did not lead to what it should ({move.expected or 'done'}): {place.said}")


def _find_place(known: Sequence[Move], messages: Sequence[Message]) -> _Place | None:
    """Follow the calls that were made through the moves; of the results only the newest is needed."""
    results = {
        message["tool_call_id"]: message["content"] for message in messages if message["role"] == "tool"
    }
    place: _Place | None = None
    for message in messages:
        for call in message.get("tool_calls") or ():
            arguments = json.loads(call["function"]["arguments"])
            near = (0,) if place is None else (place.move, place.move + 1, place.move - 1)
            found = _match(known, near, call["function"]["name"], arguments)
            if found is None:
                continue  # a call of another hand
            said = str(results.get(call["id"], _INTERRUPTED))
            again = place is not None and place.times and found == (place.move, place.form)
            place = _Place(*found, place.times + 1 if place is not None and again else 1, said)
    return place


def _match(
    known: Sequence[Move], near: Sequence[int], tool: str, arguments: Arguments
) -> tuple[int, int] | None:
    for move in near:
        if 0 <= move < len(known) and known[move].tool == tool and arguments in known[move].forms:
            return move, known[move].forms.index(arguments)
    return None


def _succeeded(move: Move, place: _Place) -> bool:
    said = place.said
    if move.expected == "red":
        return re.match(r"red: \d+ failed", said) is not None  # a run that was stopped is no proof
    if move.expected == "green":
        return said.startswith("green")
    if move.expected == "edited":
        # After an interruption the same call finds its own work.
        done_before = said.startswith("ALREADY_APPLIED") or (said.startswith("EXISTS") and place.times > 1)
        return done_before or said.startswith(f"{move.forms[0]['path']} ")
    return _REFUSED.match(said) is None and not said.startswith("Not finished.")


def _call(move: Move, form: int = 0) -> tuple[str, str, Arguments]:
    return move.why, move.tool, move.forms[form]


def _stop(reason: str) -> tuple[str, str, Arguments]:
    question = "Is it the change, the tests or the tools?"
    return "This is not what the fix leads to.", "escalate", {"reason": reason, "question": question}
