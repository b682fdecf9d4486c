"""The seam of the chat model: messages and tools -> one reply.

Messages are plain dicts, because there the dict is the wire: the format of OpenAI's chat completions,
which every compatible endpoint speaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

Message = dict[str, Any]
ToolSchema = dict[str, Any]

LETTERS_PER_TOKEN = 4  # of English and code; an estimate where an endpoint reports no usage

# What endpoints add to an answer and some of them want back with it: thoughts, by the message
# (https://api-docs.deepseek.com/guides/thinking_mode), and seals of thoughts, by the call
# (https://ai.google.dev/gemini-api/docs/thought-signatures).
THOUGHTS = ("reasoning_content", "reasoning_details")
SEAL = "extra_content"


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool the model wants to run. `arguments` is JSON as the model wrote it, right or wrong.

    `seal` is what the endpoint put under SEAL beside it.
    """

    id: str
    name: str
    arguments: str
    seal: Any = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer took, answers thrown away on the way to it included.

    `cached_tokens` of the input came from the endpoint's cache. `cost` is in dollars, None where no price
    is known. `estimated` says that the endpoint reported nothing and the numbers come from letters.
    """

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    cost: float | None = None
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        known = self.cost is not None and other.cost is not None
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            (self.cost or 0.0) + (other.cost or 0.0) if known else None,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model said. `cut` means that it ran into its output limit in the middle.

    `problem` is for the model to read: its answer held calls that could not be read, and none of them
    may run. It is only set where calls are written as text, and then there are no `calls`. `thoughts` are
    the fields of THOUGHTS that came with the answer.
    """

    text: str
    calls: tuple[ToolCall, ...]
    usage: Usage
    cut: bool = False
    problem: str = ""
    thoughts: Mapping[str, Any] = field(default_factory=dict)


class Model(Protocol):
    """A chat model. `name` stands in every report, `scripted` says that no model thought here."""

    name: str
    scripted: bool

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        """Answer a conversation. Raises ModelFailed when there is no usable answer."""
        ...


@runtime_checkable
class Closing(Protocol):
    """A model that holds connections."""

    def close(self) -> None: ...
