"""The calls of one message -> what came of each: edits as one batch, everything else in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, get_type_hints

from agent.edits import Change
from agent.log.runs import Event
from agent.model import ToolCall, ToolSchema
from agent.observation import Observation, clipped
from agent.schema import arguments_for, schema_of, typed
from agent.tools import Ending
from agent.tools.change import Edits
from agent.tools.desk import Desk
from indexer.errors import BadInput, CairnError, Cancelled, ModelFailed, SandboxUnavailable
from indexer.secrets import redact

# What these do depends on what was edited before: edits behind them are a batch of their own.
_ACTING = frozenset({"run", "run_tests", "finish", "report", "escalate", "propose_plan"})
_BETWEEN = _ACTING | {"update_plan"}  # it may allow the files that the edits behind it change
_ONCE = frozenset({"run"})  # not again after a restart: half of a command may have happened
_INTERRUPTED = (
    "This command was interrupted before it ended, and may have done a part of what it does. "
    "Look at the files before you run it again."
)
_OVERTAKEN = "Not run: the run was interrupted before, and a person has spoken since. Do what still fits."


class Toolbox:
    """The tools of one stage."""

    def __init__(self, desk: Desk, tools: Sequence[Callable[..., str]], edits: Edits | None = None) -> None:
        self._desk = desk
        self._edits = edits
        changes: list[Callable[..., Any]] = list(edits.tools) if edits else []
        self._changes = {tool.__name__: tool for tool in changes}
        self._tools: dict[str, Callable[..., Any]] = {tool.__name__: tool for tool in (*tools, *changes)}
        self.schemas: list[ToolSchema] = [schema_of(tool) for tool in self._tools.values()]
        self._by_name = {schema["function"]["name"]: schema for schema in self.schemas}
        self._known: dict[str, Observation] = {}

    @property
    def ending(self) -> Ending | None:
        return self._desk.ending

    @property
    def version(self) -> int:
        return self._desk.version

    def reopen(self) -> None:
        """Go on after a person answered."""
        self._desk.ending = None

    def carry_out(self, calls: Sequence[ToolCall]) -> Iterator[tuple[ToolCall, Observation]]:
        """Run the calls of a message. What goes wrong becomes an observation; nothing runs unconfined.

        The edits up to the next command are one batch. When it is refused the rest of the message is not
        run: it was meant for files that are not as the model thinks.
        """
        done: set[str] = set()
        refused = False
        for place, call in enumerate(calls):
            if call.id in done:
                continue
            if self._desk.ending is not None:
                yield call, Observation("Not run: this ended with the call before.", True)
            elif refused and (call.name in _ACTING or call.name in self._changes):
                yield call, Observation("Not run: an edit of this message was refused before it.", True)
            elif call.name in self._changes:
                batch = [other for other in _up_to_a_command(calls[place:]) if other.name in self._changes]
                for edit, observation in self._batch(batch):
                    done.add(edit.id)
                    refused = refused or observation.failed
                    yield edit, observation
            else:
                yield call, self._call(call)

    def recover(self, events: Sequence[Event]) -> None:
        """After a restart: take back what was not recorded, remember what recorded edits said."""
        if self._edits is not None:
            self._known = self._edits.recover(events, self._change)

    def carry_on(self, calls: Sequence[ToolCall]) -> Iterator[tuple[ToolCall, Observation]]:
        """Run the calls that were open when the run was interrupted."""
        for call in calls:
            if call.id in self._known:
                yield call, self._known[call.id]
            elif call.name in _ONCE:
                yield call, Observation(_INTERRUPTED, True)
        rest = [call for call in calls if call.id not in self._known and call.name not in _ONCE]
        yield from self.carry_out(rest)

    def leave(self, calls: Sequence[ToolCall]) -> Iterator[tuple[ToolCall, Observation]]:
        """Answer the calls that were open without running them: a person has spoken since."""
        for call in calls:
            yield call, self._known.get(call.id, Observation(_OVERTAKEN, True))

    def end_again(self, call: ToolCall) -> None:
        """End the stage as the call did before a restart. Its result is in the conversation already."""
        self._answer(call)

    def arguments(self, name: str, written: str) -> dict[str, Any]:
        """Read the arguments of a call. Raises BadInput."""
        if name not in self._by_name:
            raise BadInput(f"there is no tool {name!r}; there are {', '.join(self._tools)}")
        given = arguments_for(self._by_name[name], written)
        hints = get_type_hints(self._tools[name])
        return {key: typed(_plain(hints[key]), value) for key, value in given.items()}

    def _call(self, call: ToolCall) -> Observation:
        self._desk.record("tool.call", call=call.id, name=call.name, arguments=clipped(call.arguments))
        return self._answer(call)

    def _answer(self, call: ToolCall) -> Observation:
        try:
            arguments = self.arguments(call.name, call.arguments)
            text, failed = self._tools[call.name](**arguments), False
        except (SandboxUnavailable, Cancelled, ModelFailed):
            raise
        except CairnError as error:
            text, failed = str(error), True
        return Observation(clipped(redact(text)[0]), failed)

    def _change(self, name: str, written: str) -> Change:
        made: Change = self._changes[name](**self.arguments(name, written))
        return made

    def _batch(self, calls: Sequence[ToolCall]) -> Iterator[tuple[ToolCall, Observation]]:
        assert self._edits is not None
        changes: dict[str, Change] = {}
        unread: dict[str, str] = {}
        for call in calls:
            self._desk.record("tool.call", call=call.id, name=call.name, arguments=clipped(call.arguments))
            try:
                changes[call.id] = self._change(call.name, call.arguments)
            except CairnError as error:
                unread[call.id] = str(error)
        if unread:
            others = "Not applied: another edit of this message could not be read. Send all of them again."
            for call in calls:
                yield call, Observation(unread.get(call.id, others), True)
            return
        observed = self._edits.carry_out(changes)
        for call in calls:
            found = observed[call.id]
            yield call, Observation(clipped(redact(found.text)[0]), found.failed)


def _up_to_a_command(calls: Sequence[ToolCall]) -> Iterator[ToolCall]:
    for call in calls:
        if call.name in _BETWEEN:
            return
        yield call


def _plain(hint: Any) -> Any:
    """`list[X] | None` -> `list[X]`: what an optional argument is when it is given."""
    parts = [part for part in getattr(hint, "__args__", ()) if part is not type(None)]
    return parts[0] if isinstance(hint, type(int | None)) and len(parts) == 1 else hint
