"""What one check of a machine or a data directory found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """`state` is ok, note (works, with a limit) or bad (something will fail). `remedy` is what to do."""

    what: str
    state: Literal["ok", "note", "bad"]
    said: str
    remedy: str = ""
