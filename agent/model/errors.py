"""How asking a chat model ends without a usable answer, where a caller can do something about it.

ModelFailed
├── ContextOverflow   the conversation is too long: shorten it and ask again
├── Refused           the model or a filter declined: ask a person, or put the task in other words
└── Unreachable       nothing wrong with the request: the run can go on later as it stands

Everything else, a wrong key or an unknown model, is a plain ModelFailed: only a person can mend it.
"""

from __future__ import annotations

from agent.model import Usage
from indexer.errors import ModelFailed


class ContextOverflow(ModelFailed):
    """`window` is the length in tokens that the endpoint names, if it names one."""

    def __init__(self, message: str, window: int | None = None) -> None:
        super().__init__(message)
        self.window = window


class Refused(ModelFailed):
    """`usage` is what the refusal cost; it is charged like any answer."""

    def __init__(self, message: str, usage: Usage) -> None:
        super().__init__(message)
        self.usage = usage


class Unreachable(ModelFailed):
    """`pause` is how many seconds the endpoint wants to be left alone, where that is more than a moment."""

    def __init__(self, message: str, pause: float | None = None) -> None:
        super().__init__(message)
        self.pause = pause
