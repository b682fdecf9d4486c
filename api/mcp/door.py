"""The tools over HTTP, at /mcp of a server: built when the first model calls, for the library takes 30 MB."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from .desk import Here

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from ..house import House


class Door:
    """An ASGI application. Each request stands for itself, so a server may restart between two."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[StreamableHTTPSessionManager] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._ready is None or self._task is None or self._task.done():  # one that failed is tried again
            self._ready = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._hold(self._ready))
        manager = await asyncio.shield(self._ready)  # others wait for it too
        await manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        self._over.set()
        if self._task is not None:
            await self._task

    async def _hold(self, ready: asyncio.Future[StreamableHTTPSessionManager]) -> None:
        """Begin and end in one task: requests come in others, and may be given up."""
        try:
            manager = await asyncio.to_thread(self._build)
            async with manager.run():
                ready.set_result(manager)
                await self._over.wait()
        except Exception as error:
            if ready.done():
                raise
            ready.set_exception(error)

    def _build(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from .server import create_server

        house = self._house
        desk = Here(house.service, house.live, leaving=lambda: house.leaving)
        # The guard before every route has checked host, origin and key.
        return StreamableHTTPSessionManager(create_server(lambda: desk), json_response=True, stateless=True)
