"""The events of a run -> what it has used up, and whether a limit is reached.

Counted from the log, so a run that was killed and resumed has not got a second budget. A person who
answers grants a new one: what was used before is still reported, but no longer limits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from agent.log.runs import Event


@dataclass(frozen=True, slots=True)
class Limits:
    """When a run stops by itself. Reaching one is an escalation: the work so far is kept."""

    steps: int = 60  # answers of the model, all stages together
    calls_per_message: int = 8
    input_tokens: int = 400_000
    output_tokens: int = 40_000
    dollars: float = 3.0  # binds where prices are known
    cycles: int = 8  # test runs after an edit that failed more than the old code did, and refused finishes
    same_failure: int = 3  # cycles in a row with the same tests failing in the same way
    useless_answers: int = 3  # in a row: no call, or none that could be read
    seconds: float = 1800.0  # of work; waiting for a person does not count
    conversation_tokens: int = 60_000  # of one request


@dataclass(frozen=True, slots=True)
class Reached:
    """What a run ran into, in words; `name` is that of the limit, "" where nobody can set one."""

    name: str
    words: str


@dataclass(slots=True)
class Spent:
    """What was used. `since` fields count from the last word of a person, the others from the start."""

    steps: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    dollars: float | None = None
    seconds: float = 0.0
    cycles: int = 0
    total_steps: int = 0
    total_input: int = 0
    total_output: int = 0
    total_cycles: int = 0
    total_seconds: float = 0.0
    total_dollars: float | None = None
    signatures: list[str] = field(default_factory=list)
    _at: float | None = None

    @classmethod
    def of(cls, events: Iterable[Event]) -> Spent:
        spent = cls()
        for event in events:
            spent.add(event)
        return spent

    def add(self, event: Event) -> None:
        """Count one more event of the run, in order."""
        self._clock(event)
        said = event.payload
        if event.type == "answered":
            self.steps = self.input_tokens = self.output_tokens = self.cycles = 0
            self.seconds, self.dollars = 0.0, None
            self.signatures.clear()
        elif event.type == "model.response":
            self.steps += 1
            self.total_steps += 1
            self.input_tokens += said["input_tokens"]
            self.total_input += said["input_tokens"]
            self.output_tokens += said["output_tokens"]
            self.total_output += said["output_tokens"]
            if (dollars := said.get("dollars")) is not None:
                self.dollars = (self.dollars or 0.0) + dollars
                self.total_dollars = (self.total_dollars or 0.0) + dollars
        elif event.type == "cycle":
            self.cycles += 1
            self.total_cycles += 1
            self.signatures.append(said.get("signature", ""))

    def reached(self, limits: Limits) -> Reached | None:
        """The limit that is reached, None while none is."""
        for used, name, what in (
            (self.steps, "steps", "steps"),
            (self.input_tokens, "input_tokens", "input tokens"),
            (self.output_tokens, "output_tokens", "output tokens"),
            (self.dollars or 0.0, "dollars", "dollars"),
            (self.seconds, "seconds", "seconds"),
            (self.cycles, "cycles", "attempts that were not green"),
            (self._same(), "same_failure", "attempts in a row that fail in the same way"),
        ):
            limit = getattr(limits, name)
            if used >= limit:
                return Reached(name, f"{limit:.10g} {what}")
        return None

    def left(self, limits: Limits) -> str:
        """What is left, for the model: `[42 of 60 steps, 310k of 400k tokens, 7 of 8 attempts left]`."""
        steps = f"{limits.steps - self.steps} of {limits.steps} steps"
        unread = max(0, limits.input_tokens - self.input_tokens)
        tokens = f"{unread // 1000}k of {limits.input_tokens // 1000}k tokens"
        cycles = f"{limits.cycles - self.cycles} of {limits.cycles} attempts"
        return f"[{steps}, {tokens}, {cycles} left]"

    def _same(self) -> int:
        """How many of the newest attempts failed in the same way."""
        count = 0
        for signature in reversed(self.signatures):
            if not signature or signature != self.signatures[-1]:
                break
            count += 1
        return count

    def _clock(self, event: Event) -> None:
        """Time between two events is work, unless the later is a worker that begins or a person's word."""
        begins = event.type in ("run.started", "run.resumed")
        if self._at is not None and not begins and "actor" not in event.payload:
            passed = max(0.0, event.at - self._at)
            self.seconds += passed
            self.total_seconds += passed
        self._at = event.at
