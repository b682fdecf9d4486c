"""What a server says of a check -> the Report it made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .apply import LeftOut
from .finding import Finding, Shown
from .report import Report


def report_from(said: Mapping[str, Any]) -> Report:
    return Report(
        findings=tuple(_finding(one) for one in said["findings"]),
        suppressed=tuple(_finding(one) for one in said["suppressed"]),
        unused=tuple(said["unused"]),
        left_out=tuple(LeftOut(**one) for one in said["left_out"]),
        files=said["files"],
        lines=said["lines"],
    )


def _finding(said: Mapping[str, Any]) -> Finding:
    shown = Shown(**said["example"]) if said["example"] else None
    return Finding(**{**said, "example": shown, "also": tuple(said["also"])})
