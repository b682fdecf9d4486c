"""A Change and a Retriever -> a Report: what was found, what people have judged, what was not looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import style
from .apply import LeftOut
from .change import Change
from .finding import KINDS, Finding, Kind, in_order
from .suppress import judged, suppressions, unused

if TYPE_CHECKING:
    from ..search import Retriever


@dataclass(frozen=True, slots=True)
class Report:
    """`suppressed` are findings that a comment answers, `unused` the comments that answer none."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...]
    unused: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    files: int
    lines: int


def check(
    change: Change,
    search: Retriever,
    kinds: Sequence[Kind] = KINDS,
    everything: bool = False,
    left_out: Sequence[LeftOut] = (),
) -> Report:
    """Raises NotFound when the repository of the change is not indexed."""
    found: list[Finding] = []
    if "style" in kinds:
        found += style.finds(change, search, everything)
    said = suppressions(change)
    left, hidden, used = judged(in_order(found), said)
    return Report(
        tuple(left),
        tuple(hidden),
        tuple(unused(change, said, used, kinds)),
        tuple(left_out),
        len(change.files),
        sum(len(file.added) for file in change.files),
    )
