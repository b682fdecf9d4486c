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
        self._manager: StreamableHTTPSessionManager | None = None
        self._opening = asyncio.Lock()
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self._opening:
            if self._manager is None:
                await self._open()
        assert self._manager is not None
        await self._manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        self._over.set()
        if self._task is not None:
            await self._task

    async def _open(self) -> None:
        manager = await asyncio.to_thread(self._build)
        ready = asyncio.get_running_loop().create_future()

        async def hold() -> None:  # it begins and ends in one task, and requests come in others
            async with manager.run():
                ready.set_result(None)
                await self._over.wait()

        task = asyncio.create_task(hold())
        await asyncio.wait((task, ready), return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            await task  # raises why it did not begin; the next request tries again
        self._task, self._manager = task, manager

    def _build(self) -> StreamableHTTPSessionManager:
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from .server import create_server

        house = self._house
        desk = Here(house.service, house.live, leaving=lambda: house.leaving)
        # The guard before every route has checked host, origin and key.
        return StreamableHTTPSessionManager(create_server(lambda: desk), json_response=True, stateless=True)
