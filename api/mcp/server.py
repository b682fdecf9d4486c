"""A Desk -> a server of the Model Context Protocol, for any transport."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import mcp_types as types
from anyio.to_thread import run_sync
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server

from indexer.errors import CairnError

from .asked import schema_of
from .desk import Desk
from .tools import INSTRUCTIONS, TOOLS, called

log = logging.getLogger(__name__)

_READS = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


def create_server(desk: Callable[[], Desk]) -> Server[Any]:
    """`desk` is asked in a thread for each call: opening it may take a while, and who answers may change.

    What goes wrong is told as the text of a failed call, so that the model can act on it.
    """

    async def list_tools(
        context: ServerRequestContext[Any], asked: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=listed())

    async def call_tool(
        context: ServerRequestContext[Any], asked: types.CallToolRequestParams
    ) -> types.CallToolResult:
        try:
            text = await run_sync(lambda: called(asked.name, asked.arguments or {}, desk()))
        except CairnError as error:
            return _said(str(error), failed=True)
        except Exception as error:
            log.exception("the tool %s failed", asked.name)
            return _said(f"Cairn made a mistake ({type(error).__name__}); its log says where", failed=True)
        return _said(text)

    return Server(
        "cairn",
        version=version("cairn-context"),
        title="Cairn",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def listed() -> list[types.Tool]:
    return [
        types.Tool(
            name=tool.name,
            description=tool.about,
            input_schema=schema_of(tool.arguments),
            annotations=_READS,
        )
        for tool in TOOLS.values()
    ]


def _said(text: str, failed: bool = False) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=text)], is_error=failed)
