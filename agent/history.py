"""A conversation -> one that an endpoint accepts: every call answered once, and not too long.

Endpoints refuse a conversation for ever when a call has no answer or an answer no call. That must
hold after a crash and after shortening as well, so it is established before every request.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agent.model import LETTERS_PER_TOKEN, THOUGHTS, Message

_KEPT_RESULTS = 6  # the newest tool results stay whole: the model is working with them
_INTERRUPTED = "This call was interrupted before it gave a result."
_LEFT_OUT = "left out to save space; call the tool again if you need it"
_HEAD_LETTERS = 100  # of a result or of an argument, in the line that takes its place
_OLD_TEXT_LETTERS = 200  # of what the model said long ago
_LONG_ARGUMENT = 200  # letters; a shorter one is not worth leaving out
_TELLING = ("run", "run_tests", "finish")  # their first line says how it went
_PLAN = "update_plan"
_EVERY_LINE = 10**9
_LONG_THOUGHTS = THOUGHTS[0]  # in words; other fields hold seals, and without those a call is refused


@dataclass(frozen=True, slots=True)
class Condensed:
    """`tokens` is the size now and `left_out` what was there more, estimates both; `parts` were shortened."""

    messages: list[Message]
    tokens: int
    left_out: int
    parts: int


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


def condensed(messages: Sequence[Message], tokens: int, keep: int = _KEPT_RESULTS) -> Condensed:
    """Leave out the oldest and least useful parts, one by one, until the rest fits into `tokens`.

    First go old thoughts, then reads of a file that a later read repeats and reports of older test runs,
    then other results, then the texts in old edits, then what the model said. System messages, the first
    task, the newest plan and everything from the `keep` newest results on stay, so the rest may still be
    too long: then ask again with a smaller `keep`. The same conversation always gives the same result.
    """
    history = _History(list(messages), keep)
    for part in history.parts():
        if history.letters <= tokens * LETTERS_PER_TOKEN:
            break
        history.cut(part)
    left_out = history.at_first - history.letters
    return Condensed(
        history.messages, history.letters // LETTERS_PER_TOKEN, left_out // LETTERS_PER_TOKEN, history.cuts
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A message at a `place`, and how it is made shorter."""

    place: int
    shorten: Callable[[Message], Message]


class _History:
    """The messages with their sizes, so that each cut costs no more than itself."""

    def __init__(self, messages: list[Message], keep: int) -> None:
        self.messages = messages
        self._calls = {
            call["id"]: call["function"] for message in messages for call in message.get("tool_calls") or ()
        }
        results = [place for place, message in enumerate(messages) if message["role"] == "tool"]
        newest = results[-keep:] if keep else []
        self._until = newest[0] if newest else len(messages)  # from here on all stays
        self._results = [place for place in results if place < self._until and place != self._plan(results)]
        self._sizes = [_letters(message) for message in messages]
        self.letters = self.at_first = sum(self._sizes)
        self.cuts = 0

    def parts(self) -> Iterator[_Part]:
        """What may go, the least useful first and within that the oldest first."""
        for place, message in enumerate(self.messages[: self._until]):
            if _LONG_THOUGHTS in message:
                yield _Part(place, _without_thoughts)
        repeated = self._repeated()
        for place in (*repeated, *(place for place in self._results if place not in repeated)):
            yield _Part(place, self._shorter_result)
        for place, message in enumerate(self.messages[: self._until]):
            if message.get("tool_calls") and not self._is_plan(place):
                yield _Part(place, _shorter_arguments)
        for place, message in enumerate(self.messages[: self._until]):
            if message["role"] == "assistant":
                yield _Part(place, _shorter_text)

    def cut(self, part: _Part) -> None:
        short = part.shorten(self.messages[part.place])
        size = _letters(short)
        if size < self._sizes[part.place]:
            self.letters -= self._sizes[part.place] - size
            self.messages[part.place], self._sizes[part.place] = short, size
            self.cuts += 1

    def _plan(self, results: Sequence[int]) -> int:
        """Where the answer to the newest plan stands."""
        plans = [place for place in results if self._name(place) == _PLAN]
        return plans[-1] if plans else -1

    def _is_plan(self, place: int) -> bool:
        calls = self.messages[place].get("tool_calls") or ()
        return any(call["function"]["name"] == _PLAN for call in calls)

    def _name(self, place: int) -> str:
        return str(self._calls.get(self.messages[place]["tool_call_id"], {}).get("name", ""))

    def _repeated(self) -> list[int]:
        """Results that a later one stands for: the same lines of a file, or the tests run again.

        The newest results count as later ones, so all are walked, from the end.
        """
        seen: dict[str, list[tuple[int, int]]] = {}
        tested = False
        found: list[int] = []
        for place in range(len(self.messages) - 1, -1, -1):
            if self.messages[place]["role"] != "tool":
                continue
            name = self._name(place)
            if name == "run_tests":
                found += [place] if tested else []
                tested = True
            elif name == "read_file":
                path, lines = _lines_read(_arguments(self._calls[self.messages[place]["tool_call_id"]]))
                known = seen.setdefault(path, [])
                if any(first <= lines[0] and lines[1] <= last for first, last in known):
                    found.append(place)
                known.append(lines)
        gone = set(found)
        return [place for place in self._results if place in gone]

    def _shorter_result(self, message: Message) -> Message:
        function = self._calls.get(message["tool_call_id"], {"name": "a call"})
        what = " ".join(filter(None, (function["name"], _told(_arguments(function)))))
        content = message["content"]
        if function["name"] in _TELLING and isinstance(content, str):
            what = f"{what}: {content.partition(chr(10))[0][:_HEAD_LETTERS]}"
        return {**message, "content": f"[{what}: {_LEFT_OUT}]"}


def _without_thoughts(message: Message) -> Message:
    return {key: value for key, value in message.items() if key != _LONG_THOUGHTS}


def _shorter_arguments(message: Message) -> Message:
    """Old edits are in the files now; what was called and where is enough to remember."""
    calls = []
    for call in message["tool_calls"]:
        arguments = {
            key: f"[{len(value)} letters left out]"
            if isinstance(value, str) and len(value) > _LONG_ARGUMENT
            else value
            for key, value in _arguments(call["function"]).items()
        }
        calls.append({**call, "function": {**call["function"], "arguments": json.dumps(arguments)}})
    return {**message, "tool_calls": calls}


def _shorter_text(message: Message) -> Message:
    content = message.get("content")
    if not isinstance(content, str) or len(content) <= _OLD_TEXT_LETTERS:
        return message
    return {**message, "content": f"{content[:_OLD_TEXT_LETTERS]} [...]"}


def _lines_read(arguments: dict[str, Any]) -> tuple[str, tuple[int, int]]:
    start, end = arguments.get("start"), arguments.get("end")
    lines = (start if isinstance(start, int) else 1, end if isinstance(end, int) else _EVERY_LINE)
    return str(arguments.get("path")), lines


def _told(arguments: dict[str, Any]) -> str:
    """The short arguments in one line, lines of a file as `80-120`."""
    given = {key: value for key, value in arguments.items() if isinstance(value, str | int)}
    lines = "-".join(str(given.pop(key)) for key in ("start", "end") if key in given)
    texts = [" ".join(str(value)[:_HEAD_LETTERS].split()) for value in given.values()]
    return " ".join((*filter(None, texts[:2]), lines)).strip()[:_HEAD_LETTERS]


def _arguments(function: dict[str, Any]) -> dict[str, Any]:
    try:
        read = json.loads(function.get("arguments") or "{}")
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _letters(message: Message) -> int:
    return len(json.dumps(message, ensure_ascii=False))
