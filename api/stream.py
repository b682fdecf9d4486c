"""A log that grows -> server-sent events, from any point of it until its end.

Format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import StreamingResponse

from indexer.errors import BadInput

_LOOK = 0.15  # seconds between looks at the log: quick to a person, nothing to a processor
_PULSE = 15.0  # seconds without an event after which a comment keeps proxies from hanging up


class Event(Protocol):
    """A numbered step of a log; numbers grow."""

    @property
    def number(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def data(self) -> dict[str, Any]: ...


Read = Callable[[int], tuple[Sequence[Event], bool]]


def stream(request: Request, read: Read, leaving: Callable[[], bool]) -> StreamingResponse:
    """Send what `read(after)` returns as it comes; it also says whether the log has ended.

    A client that lost its connection goes on after the Last-Event-ID it sends.
    """
    return StreamingResponse(_lines(read, _last_seen(request), leaving), media_type="text/event-stream")


def _last_seen(request: Request) -> int:
    given = request.headers.get("last-event-id", "").strip()
    if not given:
        return 0
    if not (given.isascii() and given.isdigit() and len(given) < 16):
        raise BadInput("Last-Event-ID is no number that this server sent; leave it out to begin at the start")
    return int(given)


async def _lines(read: Read, after: int, leaving: Callable[[], bool]) -> AsyncIterator[bytes]:
    last_word = time.monotonic()
    while True:
        events, ended = await run_in_threadpool(read, after)
        for event in events:
            after = event.number
            data = json.dumps(event.data)  # ASCII on one line, whatever the text holds
            yield f"id: {event.number}\nevent: {event.name}\ndata: {data}\n\n".encode()
        if ended or leaving():
            return
        now = time.monotonic()
        if events:
            last_word = now
        elif now - last_word > _PULSE:
            yield b": still here\n\n"
            last_word = now
        await asyncio.sleep(_LOOK)
