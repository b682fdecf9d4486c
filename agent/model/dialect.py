"""How an endpoint wants to be asked: what it refuses once is asked in another way from then on.

"OpenAI-compatible" has no version. Newer models refuse `max_tokens`, older servers know nothing else;
some accept no temperature, no usage in streams, or no tools; some want their thoughts back, which others
refuse. A refusal names what it is about, so that one more request finds out, and no list of model names
grows old here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agent.model import SEAL, THOUGHTS, Message, ToolSchema
from agent.model.refusal import Refusal

Tools = Literal["auto", "native", "text"]

_OTHER = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
_ABOUT_PARAMETERS = (400, 404, 422, 500, 501)
_ABOUT_TOOLS = re.compile(
    r"\b(tools?|tool_choice|functions?|function.call(ing|s)?|tool.call(ing|s)?)\b", re.I
)
_ABOUT_THOUGHTS = re.compile(r"reasoning_(?:content|details)|thought_?signature", re.I)
_LEAST_OUTPUT = 500  # tokens of an answer; a smaller number in a refusal is no limit to work with
_MOST_OUTPUT = 32_000  # tokens; who thinks longer about one step will not come to an end
_WINDOW_SHARE = 4  # of a short window is for the answer, the rest for the conversation
_UNKNOWN = re.compile(
    r"un(supported|known|recogni[sz]ed|expected)|not (supported|permitted|allowed)|extra", re.I
)
# Complaints about this conversation or these schemas mean a mistake of ours, not an endpoint without tools.
_ABOUT_MESSAGES = re.compile(r"must be followed|prece+ding|tool_call_id|invalid schema|\bmessages\.?\[", re.I)


@dataclass(slots=True)
class Dialect:
    """`native` says that tools go into the request; else they are written into the system message."""

    model: str
    output_tokens: int
    temperature: float | None
    stream: bool
    limit: str  # the name of the output limit
    native: bool
    may_write_calls: bool  # whether text may take the place of native tools
    stream_usage: bool = True
    limit_learned: bool = False
    smaller: bool = False  # whether the endpoint named a limit, which is kept to
    thoughts: bool = False  # whether the model's thoughts are sent back with its answers
    empty_thoughts: tuple[str, ...] = ()  # fields that an answer without thoughts must have too

    def request(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> dict[str, Any]:
        """The body of a request. An empty list of tools is refused by OpenAI, so it is left out."""
        body: dict[str, Any] = {
            "model": self.model,
            "messages": _sendable([self._said(message) for message in messages]),
            self.limit: self.output_tokens,
        }
        if self.native and tools:
            body["tools"] = list(tools)
        if self.temperature is not None:
            body["temperature"] = self.temperature
        if self.stream:
            body["stream"] = True
            if self.stream_usage:
                body["stream_options"] = {"include_usage": True}
        return body

    def learn(self, refusal: Refusal, body: dict[str, Any]) -> bool:
        """Whether the refusal named something that is asked in another way from now on.

        Each thing is given up once, so at most seven requests are spent on learning.
        """
        if refusal.status not in _ABOUT_PARAMETERS or refusal.too_long:
            return False
        if refusal.names("stream_options") and "stream_options" in body:
            self.stream_usage = False
        elif refusal.names("temperature") and "temperature" in body:
            self.temperature = None
        elif self._wrong_limit(refusal, body):
            self.limit = _OTHER[self.limit]
            self.limit_learned = True
        elif not self.smaller and (most := self._most(refusal, body)):
            self.output_tokens, self.smaller = most, True
        elif not self.thoughts and _ABOUT_THOUGHTS.search(refusal.said):
            self.thoughts = True
            self.empty_thoughts = tuple(name for name in THOUGHTS[:1] if name in refusal.said)
        elif self._no_tools(refusal) and "tools" in body:
            self.native = False
        else:
            return False
        return True

    def fit(self, window: int) -> None:
        """Keep the output within its share of what the model can read and write in all."""
        self.output_tokens = min(self.output_tokens, max(_LEAST_OUTPUT, window // _WINDOW_SHARE))
        self.smaller = True

    def give_room(self) -> None:
        """Allow longer answers, for a model that thought up to the limit and said nothing."""
        if not self.smaller:
            self.output_tokens = max(self.output_tokens, min(2 * self.output_tokens, _MOST_OUTPUT))

    def _said(self, message: Message) -> Message:
        """A message with its thoughts where they are wanted, else without."""
        if message["role"] != "assistant":
            return message
        if self.thoughts:
            return {**dict.fromkeys(self.empty_thoughts, ""), **message}
        bare = {key: value for key, value in message.items() if key not in THOUGHTS}
        if calls := message.get("tool_calls"):
            bare["tool_calls"] = [
                {key: value for key, value in call.items() if key != SEAL} for call in calls
            ]
        return bare

    def _wrong_limit(self, refusal: Refusal, body: dict[str, Any]) -> bool:
        """Whether the name of the limit is refused. That its number is too large is another matter."""
        if self.limit not in body or self.limit_learned or not refusal.names(self.limit):
            return False
        return refusal.names(_OTHER[self.limit]) or bool(_UNKNOWN.search(refusal.said))

    def _most(self, refusal: Refusal, body: dict[str, Any]) -> int:
        """The largest output that a refusal allows, 0 where it is about something else."""
        if self.limit not in body or not refusal.names(self.limit):
            return 0
        numbers = [int(found) for found in re.findall(r"\b\d{1,6}\b", refusal.text)]
        return max((one for one in numbers if _LEAST_OUTPUT <= one < self.output_tokens), default=0)

    def _no_tools(self, refusal: Refusal) -> bool:
        if not self.may_write_calls or refusal.param.startswith(("messages", "tools[")):
            return False
        return bool(_ABOUT_TOOLS.search(refusal.text)) and not _ABOUT_MESSAGES.search(refusal.text)


def _sendable(messages: Sequence[Message]) -> list[Message]:
    """The messages without half characters (lone surrogates), which no request can carry."""
    text = json.dumps(list(messages), ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        made: list[Message] = json.loads(text.encode("utf-8", "replace"))
        return made
    return list(messages)
