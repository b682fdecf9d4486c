"""A status and the body of an error -> what the endpoint objects to, in one bounded line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SHOWN = 400  # letters of a foreign text in an error
_BUSY = (408, 409, 425, 429, 500, 502, 503, 504, 520, 522, 524, 529)  # 520-529: proxies and overloaded models
_NO_MONEY = re.compile(r"insufficient_quota|insufficient (credit|balance|fund)|billing", re.I)
_TOO_LONG = re.compile(
    r"context_length_exceeded|context (length|window|size)|maximum context|prompt is too long|too many tokens"
    r"|input is too long|input length|reduce the length|exceeds the model's max",
    re.I,
)
_WINDOW = re.compile(r"(?:length|window|size|limit)\D{0,40}?(\d{3,8})", re.I)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is an error. `text` is one line; `said` is that with the parameter and the code."""

    status: int
    text: str
    param: str = ""
    code: str = ""
    retry_after: float | None = None  # seconds

    @property
    def said(self) -> str:
        return f"{self.text} {self.param} {self.code}"

    @property
    def busy(self) -> bool:
        """Whether the same request may well be answered later. An empty account is not filled by waiting."""
        return self.status in _BUSY and not _NO_MONEY.search(self.said) and not self.too_long

    @property
    def too_long(self) -> bool:
        return self.status == 413 or (self.status in (400, 422, 500) and bool(_TOO_LONG.search(self.said)))

    @property
    def window(self) -> int | None:
        """The length in tokens that the endpoint says it takes."""
        found = _WINDOW.search(self.text)
        return int(found[1]) if found else None

    def names(self, parameter: str) -> bool:
        return self.param == parameter or re.search(rf"\b{parameter}\b", self.text) is not None


def refusal(status: int, body: Any, headers: Mapping[str, str]) -> Refusal:
    """Read an error in OpenAI's shape, in one of its many variations, or in none."""
    body = body[0] if isinstance(body, list) and body else body  # Gemini's come in a list
    error = body.get("error", body) if isinstance(body, dict) else body
    if isinstance(error, dict):
        told = error.get("message") or error.get("detail") or error
        text = told if isinstance(told, str) else json.dumps(told, default=str)
        param, code = error.get("param"), error.get("code")
    else:
        text, param, code = str(error or ""), None, None
    return Refusal(status, line(text), str(param or ""), str(code or ""), _retry_after(headers))


def line(text: str) -> str:
    """A foreign text as one line of bounded length; of a page of HTML, its words."""
    text = text[: 20 * _SHOWN]
    if re.match(r"\s*<(!doctype|html|head|\?xml)", text, re.I):
        text = "a page of HTML: " + re.sub(r"<[^<>]*>", " ", text)
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds; the header's other form, a date, is left to our own growing pauses."""
    for name, per_second in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        given = headers.get(name, "")
        if re.fullmatch(r"\d{1,9}(\.\d{1,6})?", given):
            return float(given) / per_second
    return None
