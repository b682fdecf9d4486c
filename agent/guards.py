"""Calls of a model -> whether it goes round in circles.

An identical call is only a repetition while nothing has changed since it was made; two calls that take
turns are one as well. The state is small and outside the model.
"""

from __future__ import annotations

from collections import Counter

from agent.log.conversation import sound
from agent.log.runs import Recorder
from agent.model import ToolCall

_WARN, _BLOCK, _STOP = 3, 4, 5  # the same call this often, with nothing changed in between
_PERIODS = (2, 3, 4)  # calls that take turns
_ROUNDS = 3  # such rounds in a row are a loop


class Repeats:
    """Counts the calls of one stage. `stuck` says why the stage has to end, "" while it need not."""

    def __init__(self, record: Recorder) -> None:
        self._record = record
        self._counts: Counter[tuple[str, str]] = Counter()
        self._order: list[tuple[str, str]] = []
        self._version = 0
        self.stuck = ""

    def refusal(self, call: ToolCall, version: int) -> str:
        """Count a call before it is run; why it is not run, or ""."""
        if version != self._version:
            self._counts.clear()
            self._version = version
        key = (call.name, sound(call.arguments))
        self._counts[key] += 1
        self._order.append(key)
        if self._counts[key] >= _STOP:
            self._stop(
                "identical calls", f"{self._counts[key]} identical calls with nothing changed between", call
            )
        elif period := self._in_turns():
            self._stop("calls in turns", f"{period} calls that take turns, {_ROUNDS} times over", call)
        if self._counts[key] < _BLOCK:
            return ""
        if self._counts[key] == _BLOCK:
            self._record("guard.tripped", guard="identical calls", name=call.name)
        return "Not run: you made this very call before and nothing has changed since. Do something else."

    def warning(self, call: ToolCall) -> str:
        if self._counts[call.name, sound(call.arguments)] != _WARN:
            return ""
        return "\n[You made this very call before, with the same result. Try something else.]"

    def _in_turns(self) -> int:
        """The period of a loop at the end of the calls, 0 where there is none."""
        for period in _PERIODS:
            tail = self._order[-period * _ROUNDS :]
            if (
                len(tail) == period * _ROUNDS
                and len(set(tail[:period])) > 1
                and tail == tail[:period] * _ROUNDS
            ):
                return period
        return 0

    def _stop(self, guard: str, why: str, call: ToolCall) -> None:
        if not self.stuck:
            self._record("guard.tripped", guard=guard, name=call.name)
        self.stuck = why
