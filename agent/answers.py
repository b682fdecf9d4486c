"""What persons said to a run -> the words that a stage has not heard yet."""

from __future__ import annotations

from collections.abc import Sequence

from agent.log.runs import Event

ANY_STAGE = ""  # said before any model was asked: the first stage that begins hears it


def unheard(events: Sequence[Event], stage: str) -> list[Event]:
    """The `answered` events for this stage that no `note` of a conversation has passed on."""
    heard = {event.payload.get("answer") for event in events if event.type == "note"}
    return [
        event
        for event in events
        if event.type == "answered"
        and event.payload["stage"] in (stage, ANY_STAGE)
        and event.seq not in heard
    ]
