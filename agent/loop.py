"""A prompt and tools -> an ending: the model acts, sees what came of it, and acts again.

The loop is small and the guards stand outside the model: it cannot raise a limit, and what it costs
is counted before its answer is even read. Everything is an event before the next thing is done, and
the conversation is read from the events, so a killed run goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from agent.answers import unheard
from agent.guards import Repeats
from agent.history import condensed, paired
from agent.log.budget import Limits, Reached, Spent
from agent.log.conversation import Conversation
from agent.log.runs import Event, Recorder
from agent.model import LETTERS_PER_TOKEN, Message, Model, Reply, ToolCall, Usage
from agent.model.errors import ContextOverflow, Refused, Unreachable
from agent.observation import Observation, clipped
from agent.tools import Ending
from agent.tools.toolbox import Toolbox
from indexer.errors import BadInput, Cancelled

_NO_CALL = "You called no tool. Go on with a tool, hand in your result, or stop with escalate."
_CUT = "Your answer was cut off at the output limit and nothing of it was done. Make a smaller step."
_HIGHER = "`--limit {0}=N`, or `{0}` of [agent.limits] in .cairn.toml, gives a new run more"
_SHRINK = 0.6  # of the conversation is kept when the endpoint says that it is too long
_SHORTEST = 3000  # tokens; when even this is too long, the endpoint's window is too small for the work
_LOOK = 0.1  # seconds between looks at `cancelled` in a pause
_KEPT = (6, 2, 1)  # newest results that stay whole; fewer when it still does not fit


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a stage begins with."""

    system: str
    task: str


class Agent:
    """Runs one stage of a run to its ending."""

    def __init__(
        self,
        stage: str,
        model: Model,
        tools: Toolbox,
        record: Recorder,
        limits: Limits,
        cancelled: Callable[[], bool] = lambda: False,
        give_up: Callable[[], bool] = lambda: False,
    ) -> None:
        self._stage = stage
        self._model = model
        self._tools = tools
        self._record = record
        self._limits = limits
        self._cancelled = cancelled
        self._give_up = give_up
        self._repeats = Repeats(record)
        self._talk = Conversation(stage)
        self._spent = Spent()
        self._useless = 0
        self._window = limits.conversation_tokens

    def run(self, prompt: Callable[[], Prompt]) -> Ending:
        """Work until the model ends the stage, or a limit does. `prompt` is asked for a new stage only.

        Raises ModelFailed, SandboxUnavailable, and Cancelled when asked to stop.
        """
        events = self._record.events()
        self._talk, self._spent = Conversation(self._stage, events), Spent.of(events)
        self._useless = _useless_at_the_end(events, self._stage)
        with self._record.followed_by(self._spent.add):
            self._tools.recover(events)
            if not self._talk.messages:
                first = prompt()
                self._say("prompt", system=first.system, user=first.task)
            self._go_on(unheard(events, self._stage))
            return self._to_the_end()

    def _go_on(self, words: Sequence[Event]) -> None:
        """Settle what was open when the run stopped; what a person said since comes before it."""
        if not words:
            if self._talk.closed_by is not None:  # killed before the ending was written down
                self._tools.end_again(self._talk.closed_by)
            self._hear(self._tools.carry_on(self._talk.pending))
            return
        self._hear(self._tools.leave(self._talk.pending))
        for word in words:
            self._say("note", text=f"A person says: {word.payload['text']}", answer=word.seq)

    def _to_the_end(self) -> Ending:
        while self._tools.ending is None:
            self._stop_if_cancelled()
            if self._give_up():
                return Ending("escalated", summary="The stage was given up.")
            if limit := self._limit_reached():
                self._record("guard.tripped", guard="limit", limit=limit.words)
                return Ending("escalated", summary=self._stopped_by(limit))
            self._answer(self._ask())
        return self._tools.ending

    def _limit_reached(self) -> Reached | None:
        if self._useless >= self._limits.useless_answers:
            return Reached("useless_answers", f"{self._useless} answers in a row without a usable tool call")
        if self._repeats.stuck:
            return Reached("", self._repeats.stuck)
        return self._spent.reached(self._limits)

    def _stopped_by(self, limit: Reached) -> str:
        """Which limit, how far the run is with the others, and how a person gives it more."""
        steps = f", after {self._spent.steps} of {self._limits.steps} steps" if limit.name != "steps" else ""
        more = f" An answer grants it anew; {_HIGHER.format(limit.name)}." if limit.name else ""
        return f"Stopped by a limit: {limit.words}{steps}.{more}"

    def _ask(self) -> Reply:
        while True:
            sent = self._fitting()
            self._say("model.request", step=self._spent.total_steps + 1, messages=len(sent))
            try:
                return self._model.reply(sent, self._tools.schemas)
            except Refused as refusal:
                self._charge(refusal.usage, str(refusal))
                raise
            except Unreachable as busy:
                if busy.pause is None:
                    raise
                self._sit_out(busy, busy.pause)
            except ContextOverflow as overflow:
                if self._window <= _SHORTEST:
                    raise
                known = overflow.window or self._window
                self._window = max(_SHORTEST, int(min(known, self._window) * _SHRINK))
                self._record("conversation.shortened", tokens=self._window)

    def _sit_out(self, busy: Unreachable, pause: float) -> None:
        """Wait as long as the endpoint wants, where the time limit of the run leaves room for it."""
        self._record("model.busy", seconds=round(pause), reason=str(busy))
        left = self._limits.seconds - self._spent.seconds
        if pause >= left:
            raise Unreachable(
                f"{busy}, and {max(0.0, left):.0f} s are left of the limit `seconds`; resume the run then"
            )
        ends = time.monotonic() + pause
        while (rest := ends - time.monotonic()) > 0:
            self._stop_if_cancelled()
            time.sleep(min(rest, _LOOK))

    def _stop_if_cancelled(self) -> None:
        if self._cancelled():
            raise Cancelled("the run was cancelled; what was done is in its working copy")

    def _fitting(self) -> list[Message]:
        """The conversation, shortened to the window as far as that goes."""
        messages = paired(self._talk.messages)
        for keep in _KEPT:
            found = condensed(messages, self._window, keep)
            if found.tokens <= self._window:
                break
        return found.messages

    def _charge(self, usage: Usage, text: str) -> None:
        """Write down an answer that is none; it costs as much."""
        self._say(
            "model.response",
            step=self._spent.total_steps + 1,
            text=text,
            calls=[],
            cut=False,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            dollars=usage.cost,
        )

    def _answer(self, reply: Reply) -> None:
        """Write down what the model said and what it cost, then do it."""
        reply = self._sized(reply)
        calls = () if reply.cut else tuple(self._named(reply.calls))
        self._say(
            "model.response",
            step=self._spent.total_steps + 1,
            text=reply.text,
            calls=[_written(call) for call in calls],
            **({"thoughts": reply.thoughts} if reply.thoughts else {}),
            cut=reply.cut,
            input_tokens=reply.usage.input_tokens,
            output_tokens=reply.usage.output_tokens,
            dollars=reply.usage.cost,
        )
        if not calls:
            self._useless += 1
            said = _CUT if reply.cut else reply.problem or _NO_CALL
            self._say("note", text=f"{said}\n{self._spent.left(self._limits)}")
            return
        self._useless = 0 if self._readable(calls) else self._useless + 1
        allowed, refused = self._sifted(calls)
        self._hear((call, refused[call.id]) for call in calls if call.id in refused)
        self._hear(self._tools.carry_out(allowed))

    def _sized(self, reply: Reply) -> Reply:
        """An answer larger than the whole budget of output is not carried out; its ends are kept."""
        letters = len(reply.text) + sum(len(call.arguments) for call in reply.calls)
        if letters <= self._limits.output_tokens * LETTERS_PER_TOKEN:
            return reply
        self._record("guard.tripped", guard="size of one answer", letters=letters)
        return Reply(clipped(reply.text), (), reply.usage, cut=True)

    def _sifted(self, calls: Sequence[ToolCall]) -> tuple[list[ToolCall], dict[str, Observation]]:
        """The calls that are run, and what the others are told."""
        allowed: list[ToolCall] = []
        refused: dict[str, Observation] = {}
        for place, call in enumerate(calls):
            if place >= self._limits.calls_per_message:
                reason = f"Not run: at most {self._limits.calls_per_message} calls are run of one message."
            else:
                reason = self._repeats.refusal(call, self._tools.version)
            if reason:
                refused[call.id] = Observation(reason, True)
            else:
                allowed.append(call)
        if len(calls) > self._limits.calls_per_message:
            self._record("guard.tripped", guard="calls of one message", count=len(calls))
        return allowed, refused

    def _hear(self, results: Iterable[tuple[ToolCall, Observation]]) -> None:
        for call, observation in results:
            text = observation.text + self._repeats.warning(call) + self._reminder(call)
            self._say("tool.result", call=call.id, name=call.name, failed=observation.failed, text=text)

    def _reminder(self, call: ToolCall) -> str:
        """The budget, once for each message, at its last call."""
        last = self._talk.pending[-1:]
        return f"\n{self._spent.left(self._limits)}" if last and last[0].id == call.id else ""

    def _named(self, calls: Sequence[ToolCall]) -> Iterator[ToolCall]:
        """Calls with ids that are certainly unique; some endpoints send none, or the same one again.

        Nine letters and digits: Mistral's refuse all others, also some that their own servers made.
        """
        for place, call in enumerate(calls, self._talk.calls + 1):
            yield replace(call, id=f"{self._stage[0]}{place:08d}", name=call.name or "unnamed")

    def _readable(self, calls: Sequence[ToolCall]) -> bool:
        """Whether a call at least had a known name and sound arguments: then its failure taught something."""
        for call in calls:
            try:
                self._tools.arguments(call.name, call.arguments)
                return True
            except BadInput:
                continue
        return False

    def _say(self, type: str, **payload: object) -> Event:
        event = self._record(type, stage=self._stage, **payload)
        self._talk.add(event)
        return event


def _written(call: ToolCall) -> dict[str, object]:
    sealed = {} if call.seal is None else {"seal": call.seal}
    return {"id": call.id, "name": call.name, "arguments": call.arguments, **sealed}


def _useless_at_the_end(events: Sequence[Event], stage: str) -> int:
    """Answers without a call since the last one with a call, or since a person spoke."""
    count = 0
    for event in events:
        if event.type == "answered":
            count = 0
        elif event.type == "model.response" and event.payload.get("stage") == stage:
            count = 0 if event.payload["calls"] else count + 1
    return count
