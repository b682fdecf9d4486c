"""The events of one stage of a run -> the messages of its conversation.

The live loop builds its conversation from the events it has just written, and a resumed run from those
that were written before: there is one way only, so both hold the same, with the same secrets masked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from agent.log.runs import Event
from agent.model import SEAL, Message, ToolCall
from agent.tools import CLOSING

_NOTHING = "(nothing)"  # some endpoints refuse an empty message


class Conversation:
    """Messages in the order they were said. `pending` are the calls of the last answer without a result.

    `closed_by` is the call that ended the stage, until somebody speaks again or the ending is written down.
    """

    def __init__(self, stage: str, events: Iterable[Event] = ()) -> None:
        self.stage = stage
        self.messages: list[Message] = []
        self.calls = 0  # made so far; ids count on from here
        self.closed_by: ToolCall | None = None
        self._answered: set[str] = set()
        self._last: list[ToolCall] = []
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        """Hear one more event; those of other stages say nothing here."""
        said = event.payload
        if event.type == "escalated":
            self.closed_by = None
        if said.get("stage") != self.stage:
            return
        if event.type in ("prompt", "model.response", "note"):
            self.closed_by = None
        if event.type == "prompt":
            self.messages = [
                {"role": "system", "content": said["system"]},
                {"role": "user", "content": said["user"]},
            ]
            self._last = []
        elif event.type == "model.response":
            self._hear(said)
        elif event.type == "tool.result":
            self._answered.add(said["call"])
            if said["name"] in CLOSING and not said["failed"]:
                self.closed_by = next((call for call in self._last if call.id == said["call"]), None)
            self.messages.append({"role": "tool", "tool_call_id": said["call"], "content": said["text"]})
        elif event.type == "note":
            self.messages.append({"role": "user", "content": said["text"]})

    @property
    def pending(self) -> list[ToolCall]:
        return [call for call in self._last if call.id not in self._answered]

    @property
    def turn(self) -> bool:
        """Whether it is the model's turn: everything it asked for was answered."""
        return bool(self.messages) and not self.pending and self.messages[-1]["role"] != "assistant"

    def _hear(self, said: dict[str, Any]) -> None:
        calls = [ToolCall(**call) for call in said["calls"]]
        self._last = calls
        self.calls += len(calls)
        message: Message = {"role": "assistant", "content": said["text"] or (None if calls else _NOTHING)}
        message |= said.get("thoughts", {})
        if calls:
            message["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": sound(call.arguments)},
                    **({} if call.seal is None else {SEAL: call.seal}),
                }
                for call in calls
            ]
        self.messages.append(message)


def sound(arguments: str) -> str:
    """Arguments as sound JSON, equal for equal calls; `{}` for what cannot be read.

    What stands in the history goes back to the endpoint, and some answer 500 for ever to broken JSON.
    """
    try:
        given = json.loads(arguments or "{}")
    except (ValueError, RecursionError):
        return "{}"
    return json.dumps(given, sort_keys=True) if isinstance(given, dict) else "{}"
