"""A model's answers -> a file of them, one JSON line each, and the same file -> a model that plays it.

So whoever has an endpoint can record a run once, and everybody can run it again without one. Secrets are
masked before they are written. A request is kept as a hash alone: it says at which step a run has gone
another way than the recorded one, and holds nothing of the code that was sent.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agent.model import Message, Model, Reply, ToolCall, ToolSchema, Usage
from agent.model.errors import ContextOverflow
from indexer.errors import BadInput, ModelFailed
from indexer.secrets import redact

_UNSTEADY = re.compile(r"\b\d{1,9}(?:\.\d{1,9})? ?(?:s|ms|seconds)\b")  # how long something took


class Recording:
    """Asks `model` and adds each answer to the file; `hidden` values are masked like secrets found."""

    def __init__(self, model: Model, path: Path, hidden: Sequence[str] = ()) -> None:
        if path.exists() and path.stat().st_size:
            raise BadInput(f"{path} holds a recording already; give another path or remove it")
        self.name, self.scripted = model.name, model.scripted
        self._model, self._path, self._hidden = model, path, tuple(hidden)
        self._step = 0

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        try:
            reply = self._model.reply(messages, tools)
        except ContextOverflow as error:  # the caller goes on from it, so it belongs to the run
            self._write(messages, tools, overflow={"message": str(error), "window": error.window})
            raise
        self._write(messages, tools, model=self.name, reply=asdict(reply))
        return reply

    def _write(self, messages: Sequence[Message], tools: Sequence[ToolSchema], **entry: Any) -> None:
        self._step += 1
        request = _hash(messages, tools, self._hidden)
        line = json.dumps({"step": self._step, "request": request, **_masked(entry, self._hidden)})
        with self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


class Replay:
    """Plays a recording. `scripted`, for no model thinks here."""

    scripted = True

    def __init__(self, path: Path, hidden: Sequence[str] = ()) -> None:
        self.name = f"replay of {path.name}"
        self._path, self._hidden = path, tuple(hidden)
        try:
            self._entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        except (OSError, ValueError) as error:
            raise BadInput(f"{path} is no recording ({error}); record one first") from error
        self._step = 0

    def reply(self, messages: Sequence[Message], tools: Sequence[ToolSchema]) -> Reply:
        """The recorded answer. Raises ModelFailed where the run differs from the recorded one."""
        if self._step == len(self._entries):
            raise ModelFailed(f"{self._path} ends after {self._step} steps; record the run again")
        entry = self._entries[self._step]
        self._step += 1
        if entry["request"] != _hash(messages, tools, self._hidden):
            raise ModelFailed(
                f"the request of step {self._step} is not the one recorded in {self._path}: the task, the "
                "tools, the prompts or what a tool returned have changed; record the run again"
            )
        if "overflow" in entry:
            raise ContextOverflow(**entry["overflow"])
        told = entry["reply"]
        calls = tuple(ToolCall(**call) for call in told["calls"])
        return Reply(**{**told, "calls": calls, "usage": Usage(**told["usage"])})


def _hash(messages: Sequence[Message], tools: Sequence[ToolSchema], hidden: tuple[str, ...]) -> str:
    """Equal for requests that say the same; masked as the answers are, for a replay meets its own words."""
    asked = json.dumps(_masked([list(messages), list(tools)], hidden), sort_keys=True)
    return hashlib.sha256(_UNSTEADY.sub("", asked).encode()).hexdigest()


def _masked(value: Any, hidden: tuple[str, ...]) -> Any:
    if isinstance(value, str):
        for secret in filter(None, hidden):
            value = value.replace(secret, "[redacted:key]")
        return redact(value)[0]
    if isinstance(value, dict):
        return {key: _masked(item, hidden) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(item, hidden) for item in value]
    return value
