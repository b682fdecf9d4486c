"""A run that is worked on -> what a person sees of it meanwhile: lines above a board, or lines alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from . import terminal
from .board import Board
from .transcript import OF_THE_CHANGE, line, told

if TYPE_CHECKING:
    from rich.text import Text

    from agent.log.runs import Event

    from .tasks import Watch

_REFRESH = 8  # times a second
_NOUN = 11  # letters; the longest is environment
_COLOURS = {
    "edit.applied": "cyan",
    "edit.rejected": "yellow",
    "guard.tripped": "bold yellow",
    "gate.requested": "bold magenta",
    "escalated": "bold yellow",
    "failed": "bold red",
    "request.opened": "bold green",
    "commit.created": "green",
    "model.response": "dim",
}


@contextmanager
def watching(*, live: bool, cancelled: Callable[[], bool]) -> Iterator[Watch]:
    """Tell a run while it is worked on: a board that stays at the bottom of a terminal, else plain lines."""
    from .tasks import Watch

    if not live:
        yield Watch(_tell, cancelled)
        return
    from rich.console import Console
    from rich.live import Live

    console, board = Console(stderr=True, highlight=False), Board(cancelled)

    def tell(event: Event) -> None:
        board.add(event)
        if text := told(event):
            console.print(_styled(event, text), no_wrap=True, overflow="ellipsis")

    with Live(console=console, refresh_per_second=_REFRESH, transient=True, get_renderable=board.shown):
        yield Watch(tell, cancelled)


def _tell(event: Event) -> None:
    if text := line(event):
        terminal.say(text)


def _styled(event: Event, text: str) -> Text:
    """A line above the board: the noun of the event, then what happened; cut at the edge, never wrapped."""
    from rich.text import Text

    colour = _COLOURS.get(event.type, "")
    if event.type == "tests.finished" and event.payload["stage"] in OF_THE_CHANGE:
        colour = "green" if event.payload["green"] else "red"
    noun = event.type.partition(".")[0]
    return Text.assemble((f"{noun:<{_NOUN}} ", "dim"), (text, colour))
