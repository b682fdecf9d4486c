"""One thing that a pack would like to show."""

from __future__ import annotations

from dataclasses import dataclass

from .sheet import Sheet


@dataclass(frozen=True, slots=True)
class Wish:
    """Lines of one file that a pack would like to show.

    `lines` is the whole of it, `parts` and then `shorter` what is shown where that is too much (less and
    less): some of it, then what stands for it. `around` are the heads of the types it stands in, `share`
    how much of the budget it may take. A wish that `supports` the one before is of no use without it.
    `until` is the share of the room that may be spent when it is taken: what comes later leaves something
    for others.
    """

    role: str
    sheet: Sheet
    lines: tuple[int, ...]
    why: str
    symbol: str | None = None
    parts: tuple[tuple[int, ...], ...] = ()
    shorter: tuple[tuple[int, ...], ...] = ()
    around: tuple[int, ...] = ()
    share: float = 0.25
    supports: bool = False
    until: float = 1.0

    @property
    def place(self) -> str:
        return f"{self.sheet.path}:{self.lines[0]}-{self.lines[-1]}"
