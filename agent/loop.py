"""A prompt and tools -> an ending: the model acts, sees what came of it, and acts again.

The loop is small and the guards stand outside the model: it cannot raise a limit, and what it costs
is counted before its answer is even read.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from agent.history import paired, shortened
from agent.model import Message, Model, Reply, ToolCall, Usage
from agent.observation import Observation
from agent.runs import Recorder
from agent.tools import Ending, Toolbox
from indexer.errors import BadInput, Cancelled

_WARN, _BLOCK, _STOP = 3, 4, 5  # the same call this often, with nothing changed in between
_LAST_STEPS = 5  # from here on every answer says how many are left
_NO_CALL = "You called no tool. Go on with a tool, hand in with finish, or stop with escalate."
_CUT = "Your answer was cut off at the output limit and nothing of it was done. Make a smaller step."


@dataclass(frozen=True, slots=True)
class Limits:
    """When a run stops by itself. Reaching one is an escalation: the work so far is kept."""

    steps: int = 60
    calls_per_message: int = 8
    input_tokens: int = 400_000
    output_tokens: int = 40_000
    refused_finishes: int = 5
    useless_answers: int = 3  # in a row: no call, or none that could be read
    seconds: float = 1800.0
    conversation_letters: int = 240_000  # about 60,000 tokens in one request


@dataclass(slots=True)
class _Spent:
    steps: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    useless: int = 0
    started: float = field(default_factory=time.monotonic)

    def charge(self, usage: Usage) -> None:
        self.steps += 1
        self.input_tokens += usage.input_tokens
        self.output_tokens += usage.output_tokens


class Agent:
    """Runs one task to its ending."""

    def __init__(
        self,
        model: Model,
        tools: Toolbox,
        record: Recorder,
        limits: Limits | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        self._model = model
        self._tools = tools
        self._record = record
        self._limits = limits or Limits()
        self._cancelled = cancelled
        self._spent = _Spent()
        self._repeats: Counter[tuple[str, str]] = Counter()
        self._repeats_of = 0  # the version of the tree they were counted at
        self._calls = 0

    def run(self, system: str, task: str) -> Ending:
        """Work until the model finishes or escalates, or a limit ends the run.

        Raises ModelFailed, SandboxUnavailable, and Cancelled when asked to stop.
        """
        messages: list[Message] = [{"role": "system", "content": system}, {"role": "user", "content": task}]
        while self._tools.ending is None:
            if self._cancelled():
                raise Cancelled("the run was cancelled; what was done is in its working copy")
            if limit := self._limit_reached():
                return Ending("escalated", "", f"Stopped by a limit: {limit}.")
            reply = self._ask(messages)
            messages += self._answer(reply)
        return self._tools.ending

    def _limit_reached(self) -> str:
        spent, limits = self._spent, self._limits
        reached = (
            (spent.steps, limits.steps, "steps"),
            (spent.input_tokens, limits.input_tokens, "input tokens"),
            (spent.output_tokens, limits.output_tokens, "output tokens"),
            (time.monotonic() - spent.started, limits.seconds, "seconds"),
            (self._tools.refused_finishes, limits.refused_finishes, "refused attempts to finish"),
            (spent.useless, limits.useless_answers, "answers in a row without a usable tool call"),
            (max(self._repeats.values(), default=0), _STOP, "identical calls with nothing changed between"),
        )
        for used, limit, what in reached:
            if used >= limit:
                return f"{limit:g} {what}"
        return ""

    def _ask(self, messages: list[Message]) -> Reply:
        sent = shortened(paired(messages), self._limits.conversation_letters)
        self._record("model.request", step=self._spent.steps + 1, messages=len(sent))
        reply = self._model.reply(sent, self._tools.schemas)
        self._spent.charge(reply.usage)  # before anything is read of it: a bad answer costs as much
        self._record(
            "model.response",
            step=self._spent.steps,
            text=reply.text,
            calls=[call.name for call in reply.calls],
            input_tokens=reply.usage.input_tokens,
            output_tokens=reply.usage.output_tokens,
        )
        return reply

    def _answer(self, reply: Reply) -> list[Message]:
        """The model's message and what came of each of its calls, in order."""
        if reply.cut or not reply.calls:
            self._spent.useless += 1
            said: Message = {"role": "assistant", "content": reply.text or "(nothing)"}
            return [said, {"role": "user", "content": self._with_budget(_CUT if reply.cut else _NO_CALL)}]
        calls = [self._named(call) for call in reply.calls]
        written: list[Message] = []
        results: list[Message] = []
        for place, call in enumerate(calls):
            arguments, observation = self._run(place, call)
            written.append(
                {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": arguments}}
            )
            results.append({"role": "tool", "tool_call_id": call.id, "content": observation.text})
        self._spent.useless = 0 if self._readable(calls) else self._spent.useless + 1
        results[-1]["content"] = self._with_budget(results[-1]["content"])
        return [{"role": "assistant", "content": reply.text or None, "tool_calls": written}, *results]

    def _named(self, call: ToolCall) -> ToolCall:
        """An id that is certainly unique; some endpoints send none, or the same one again."""
        self._calls += 1
        return ToolCall(f"call_{self._calls}", call.name or "unnamed", call.arguments)

    def _run(self, place: int, call: ToolCall) -> tuple[str, Observation]:
        """Run one call. Returns its arguments as they go into the history, where only JSON may stand."""
        arguments = _canonical(call.arguments)
        if self._tools.ending is not None:
            return arguments, Observation("Not run: the task ended with the call before.", True)
        if place >= self._limits.calls_per_message:
            return arguments, Observation(
                f"Not run: at most {self._limits.calls_per_message} calls are run of one message.", True
            )
        count = self._count(call.name, arguments)
        if count >= _BLOCK:
            return arguments, Observation(
                "Not run: you made this very call before and nothing has changed since. Do something else.",
                True,
            )
        observation = self._tools.call(call.name, call.arguments)
        if count >= _WARN:
            note = "\n[You made this very call before, with the same result. Try something else.]"
            observation = Observation(observation.text + note, observation.failed)
        return arguments, observation

    def _count(self, name: str, arguments: str) -> int:
        if self._repeats_of != self._tools.version:
            self._repeats.clear()
            self._repeats_of = self._tools.version
        self._repeats[name, arguments] += 1
        if self._repeats[name, arguments] == _BLOCK:
            self._record("guard.tripped", guard="identical calls", name=name)
        return self._repeats[name, arguments]

    def _readable(self, calls: list[ToolCall]) -> bool:
        """Whether a call at least had a known name and sound arguments: then its failure taught something."""
        for call in calls:
            try:
                self._tools.arguments(call.name, call.arguments)
                return True
            except BadInput:
                continue
        return False

    def _with_budget(self, text: str) -> str:
        left = self._limits.steps - self._spent.steps
        return text if left > _LAST_STEPS else f"{text}\n[{left} of {self._limits.steps} steps are left]"


def _canonical(arguments: str) -> str:
    """Arguments as sound JSON, equal for equal calls; `{}` for what cannot be read."""
    try:
        given = json.loads(arguments or "{}")
    except ValueError:
        return "{}"
    return json.dumps(given, sort_keys=True) if isinstance(given, dict) else "{}"
