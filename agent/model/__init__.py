"""The seam of the chat model: messages and tools -> one reply.

Messages are plain dicts, because there the dict is the wire: the format of OpenAI's chat completions,
which every compatible endpoint speaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Message = dict[str, Any]
ToolSchema = dict[str, Any]

LETTERS_PER_TOKEN = 4  # of English and code; an estimate where an endpoint reports no usage


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool the model wants to run. `arguments` is JSON as the model wrote it, right or wrong."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Usage:
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model said. `cut` means that it ran into its output limit in the middle."""

    text: str
    calls: tuple[ToolCall, ...]
    usage: Usage
    cut: bool = False


class Model(Protocol):
    """A chat model. `name` stands in every report, `scripted` says that no model thought here."""

    name: str
    scripted: bool

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        """Answer a conversation. Raises ModelFailed when there is no usable answer."""
        ...
