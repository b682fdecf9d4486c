"""What an endpoint knows and takes, and the shape in which it refuses all else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


@dataclass(frozen=True)
class Refusal:
    status: int
    message: str
    param: str | None = None
    code: str | None = None
    kind: str = "invalid_request_error"

    @property
    def body(self) -> dict[str, Any]:
        error = {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}
        return {"error": error}


@dataclass(frozen=True)
class Rules:
    """`key` None lets anybody in. `limit` is the only name of the output limit that is known, or None.

    `window` counts input and output limit together, in tokens of four letters.
    """

    key: str | None = "key"
    model: str = "scripted"
    window: int = 128_000
    tools: bool = True
    limit: Literal["max_tokens", "max_completion_tokens"] | None = None
    temperature: bool = True
    stream_options: bool = True
    system: bool = True
    json_arguments: bool = (
        True  # llama-server parses the arguments of old calls, and fails for ever on broken ones
    )
    wants_back: Literal["reasoning_content", "extra_content"] | None = None  # with each answer, each call
    alternating: bool = False  # some chat templates want user and assistant in turns

    def key_refusal(self, header: str | None) -> Refusal | None:
        if self.key is None:
            return None
        if not header or not header.startswith("Bearer "):
            return Refusal(
                401, "You didn't provide an API key. Use an Authorization header with Bearer auth."
            )
        given = header.removeprefix("Bearer ")
        if given != self.key:
            return Refusal(401, f"Incorrect API key provided: {given}.", code="invalid_api_key")
        return None


def name_wrongs(name: Any, at: str) -> Iterator[Refusal]:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        text = f"Invalid '{at}': expected a string that matches the pattern '^[a-zA-Z0-9_-]{{1,64}}$'."
        yield Refusal(400, text, at, "invalid_value")
