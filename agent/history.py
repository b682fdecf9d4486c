"""A conversation -> one that an endpoint accepts: every call answered once, and not too long.

Endpoints refuse a conversation for ever when a call has no answer or an answer no call. That must
hold after a crash and after shortening as well, so it is established before every request.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from agent.model import Message

_KEPT_RESULTS = 6  # the newest tool results stay whole: the model is working with them
_LEFT_OUT = "[left out to save space; call the tool again if you need it]"
_INTERRUPTED = "This call was interrupted before it gave a result."


def paired(messages: Sequence[Message]) -> list[Message]:
    """Give every tool call exactly one result, right after its message; drop results without a call."""
    results = {message["tool_call_id"]: message for message in messages if message["role"] == "tool"}
    whole: list[Message] = []
    for message in messages:
        if message["role"] == "tool":
            continue
        whole.append(message)
        for call in message.get("tool_calls") or ():
            missing = {"role": "tool", "tool_call_id": call["id"], "content": _INTERRUPTED}
            whole.append(results.get(call["id"], missing))
    return whole


def shortened(messages: Sequence[Message], letters: int) -> list[Message]:
    """Replace the oldest tool results until it fits, or only the newest are left."""
    messages = list(messages)
    places = [place for place, message in enumerate(messages) if message["role"] == "tool"]
    size = sum(_letters(message) for message in messages)
    for place in places[:-_KEPT_RESULTS]:
        if size <= letters:
            break
        short = {**messages[place], "content": _LEFT_OUT}
        size -= _letters(messages[place]) - _letters(short)
        messages[place] = short
    return messages


def _letters(message: Message) -> int:
    return len(json.dumps(message))
