"""A script -> a model that plays it: rules that read what the tools really said, without thinking.

A script is a generator: it is begun with the first prompt, yields what is said next, and is sent what
came of it. The model keeps nothing between two requests. It begins the script anew each time and sends
it what stands in the conversation, so a run that was killed finds its place again by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.model import LETTERS_PER_TOKEN, Message, Reply, ToolCall, ToolSchema, Usage


@dataclass(frozen=True, slots=True)
class Say:
    """What is said next: a text, and calls as (tool, arguments). None at all is a text alone."""

    text: str
    calls: tuple[tuple[str, Mapping[str, Any] | str], ...] = ()


def call(tool: str, why: str = "", **arguments: Any) -> Say:
    """One call with its arguments."""
    return Say(why, ((tool, arguments),))


# Sent to a script: the results of its calls, one text for each, with what a person said after the last.
Heard = tuple[str, ...]
Script = Generator[Say, Heard, None]
Begin = Callable[[str, frozenset[str]], Script]  # the prompt, and the names of the tools there are


class Scripted:
    """Plays what `begin` makes of the first prompt; `label` stands before everything it says."""

    scripted = True

    def __init__(self, name: str, begin: Begin, label: str = "") -> None:
        self.name = name
        self._begin = begin
        self._label = label

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        names = frozenset(tool["function"]["name"] for tool in tools)
        said = self._said(messages, names)
        text = f"{self._label} {said.text}".strip()
        calls = tuple(
            ToolCall("", tool, given if isinstance(given, str) else json.dumps(given))
            for tool, given in said.calls
        )
        read = sum(len(str(message.get("content"))) for message in messages)
        written = len(text) + sum(len(call.arguments) for call in calls)
        return Reply(text, calls, Usage(read // LETTERS_PER_TOKEN, written // LETTERS_PER_TOKEN))

    def _said(self, messages: Sequence[Message], names: frozenset[str]) -> Say:
        script = self._begin(str(messages[1]["content"]), names)
        try:
            said = next(script)
            for heard in _heard(messages[2:]):
                said = script.send(heard)
        except StopIteration:
            last = str(messages[-1].get("content"))
            reason = f"The script has come to its end, and the run has not. It heard last: {last}"
            return call("escalate", "I stop here.", reason=reason)
        return said


def _heard(messages: Sequence[Message]) -> list[Heard]:
    """What followed each of the model's own messages."""
    found: list[list[str]] = []
    for message in messages:
        text = str(message.get("content"))
        if message["role"] == "assistant":
            found.append([])
        elif message["role"] == "tool" or not found[-1]:
            found[-1].append(text)
        else:
            found[-1][-1] += f"\n{text}"
    return [tuple(texts) for texts in found]
