"""The lines of an event stream -> the same JSON that the endpoint would have sent as one answer."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from agent.model import SEAL, THOUGHTS
from agent.model.answer import Unusable, text_of

_TEXTS = ("content", "refusal")


@dataclass(slots=True)
class _Call:
    index: Any
    id: str = ""
    name: str = ""
    arguments: str = ""
    whole: Any = None  # arguments that came as an object
    seal: Any = None

    @property
    def complete(self) -> bool:
        try:
            return self.whole is not None or isinstance(json.loads(self.arguments), dict)
        except (ValueError, RecursionError):
            return False


@dataclass(slots=True)
class Stream:
    """Takes one line after the other. `error` is set where the endpoint breaks off with one."""

    _texts: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in _TEXTS})
    _thoughts: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in THOUGHTS})
    _calls: list[_Call] = field(default_factory=list)
    _finish: str = ""
    _usage: Any = None
    _begun: bool = False
    _done: bool = False
    error: Any = None

    def take(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._take(line)
            if self._done or self.error is not None:
                return

    def answer(self) -> dict[str, Any]:
        """The answer as a whole. Raises Unusable where the stream broke off, for half a call is none."""
        if not self._begun:
            raise Unusable("the endpoint sent a stream without an answer in it")
        if not self._done and not self._finish:
            raise Unusable("the answer was cut off in the middle of the stream")
        texts = {name: "".join(parts) for name, parts in self._texts.items()}
        message: dict[str, Any] = {**texts, **{name: _whole(parts) for name, parts in self._thoughts.items()}}
        message["tool_calls"] = [
            {
                "id": call.id,
                "function": {"name": call.name, "arguments": call.whole or call.arguments},
                SEAL: call.seal,
            }
            for call in self._calls
        ]
        return {"choices": [{"message": message, "finish_reason": self._finish}], "usage": self._usage}

    @property
    def begun(self) -> bool:
        return self._begun

    @property
    def letters(self) -> int:
        """How much was written so far: a stream that breaks off has been paid for too."""
        texts = sum(len(part) for parts in self._texts.values() for part in parts)
        return texts + sum(len(call.arguments) for call in self._calls)

    def _take(self, line: str) -> None:
        if not line.startswith("data:"):
            return  # names of events, comments that keep the connection open, empty lines
        data = line.removeprefix("data:").strip()
        if data == "[DONE]":
            self._done = True
            return
        try:
            event = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise Unusable("the endpoint sent an event that is no JSON") from error
        if not isinstance(event, dict):
            return
        self.error = event.get("error")
        self._usage = event.get("usage") or self._usage
        choices = event.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            self._choose(choices[0])

    def _choose(self, choice: dict[str, Any]) -> None:
        self._begun = True
        self._finish = str(choice.get("finish_reason") or self._finish)
        delta = choice.get("delta") or choice.get("message")
        if not isinstance(delta, dict):
            return
        for name in _TEXTS:
            self._texts[name].append(text_of(delta.get(name)))
        for name in THOUGHTS:  # pieces of a text, or items of a list
            thought = delta.get(name)
            self._thoughts[name] += thought if isinstance(thought, list) else filter(None, [text_of(thought)])
        calls = delta.get("tool_calls")
        for call in calls if isinstance(calls, list) else ():
            if isinstance(call, dict):
                self._add(call)

    def _add(self, delta: dict[str, Any]) -> None:
        function = delta.get("function")
        function = function if isinstance(function, dict) else {}
        call = self._called(delta, function)
        call.id = call.id or str(delta.get("id") or "")
        call.name = call.name or str(function.get("name") or "")
        call.seal = call.seal or delta.get(SEAL)
        arguments = function.get("arguments")
        if isinstance(arguments, str):
            call.arguments += arguments
        elif arguments is not None:
            call.whole = arguments

    def _called(self, delta: dict[str, Any], function: dict[str, Any]) -> _Call:
        """The call that a delta goes on with, or a new one.

        Some servers send no index, some always 0; then a new id, or a name after complete arguments,
        begins the next call. Some repeat id and name in every delta, also in a last one that is empty.
        """
        index, identity = delta.get("index"), delta.get("id")
        same = [call for call in self._calls if call.index == index] if index is not None else self._calls
        last = same[-1] if same else None
        if last is not None:
            other = bool(identity and last.id) and identity != last.id
            repeated = bool(identity) and identity == last.id and not function.get("arguments")
            again = bool(function.get("name") and last.name) and last.complete and not repeated
            if not other and not again:
                return last
        self._calls.append(_Call(index))
        return self._calls[-1]


def _whole(parts: list[Any]) -> Any:
    return "".join(parts) if all(isinstance(part, str) for part in parts) else parts
