"""`cairn mcp`: the verbs of Cairn as tools of a language model, on stdin and stdout."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.errors import CairnError, NotFound
from retriever.client import KnownRepo

from .. import terminal
from ..reader import around, known_of
from ..settings import Settings
from . import data_option, json_option

if TYPE_CHECKING:
    from ..mcp.desk import Desk

_PATIENCE = 3600.0  # seconds to wait for another writer: a first index of a huge repository takes minutes


@click.command(short_help="Serve a language model its tools on stdin and stdout.")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--no-index", is_flag=True, help="Index no further repository; answer about those that are.")
@data_option
@json_option
def mcp(path: Path | None, no_index: bool, data: Path | None, as_json: bool) -> None:
    """Speak the Model Context Protocol on stdin and stdout, as an editor or agent starts it.

    It answers about the repository at PATH, by default the git repository around the working directory. That
    is indexed if it is not yet, and followed; where a server runs (cairn serve), that does it for everyone.

    With --json it serves nothing: it prints the tools, as a model is told of them.
    """
    if as_json:
        from ..mcp.server import listed

        tools = [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in listed()]
        terminal.print_json({"tools": tools})
        return
    settings = Settings.load(data=data)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    standing = Path(os.path.expanduser(path or "")).absolute()
    if not standing.is_dir():
        raise NotFound(f"there is no folder {standing}; check the path")
    root = None if no_index else _root(standing, named=path is not None)
    with contextlib.closing(_Desks(settings, standing, root)) as desks:
        _speak(desks.current)


def _root(standing: Path, named: bool) -> Path | None:
    """What to index where nothing indexed holds it: a folder that was named, else only a git repository."""
    from indexer.git import find

    if named:
        return standing
    repository = find(os.path.realpath(standing))
    return Path(repository.top) if repository is not None else None


class _Desks:
    """Whoever answers, opened at once or when the first call comes, and anew when a server went away."""

    def __init__(self, settings: Settings, standing: Path, root: Path | None) -> None:
        self._settings = settings
        self._standing = standing
        self._root = root
        self._lock = threading.Lock()
        self._desk: Desk | None = None
        self._opened = contextlib.ExitStack()
        threading.Thread(target=self._warm, name="open the index", daemon=True).start()

    def current(self) -> Desk:
        with self._lock:
            if self._desk is not None and not self._desk.answers():
                self._forget()
            if self._desk is None:
                try:
                    self._desk = self._open()
                except BaseException:
                    self._forget()
                    raise
            return self._desk

    def close(self) -> None:
        with self._lock:
            self._forget()

    def _warm(self) -> None:
        with contextlib.suppress(CairnError):  # it is told to the first call
            self.current()

    def _forget(self) -> None:
        self._opened.close()
        self._desk = None

    def _open(self) -> Desk:
        from retriever.client import Client, running_server

        from ..mcp.desk import There

        settings = self._settings
        client = Client(settings.url, settings.api_key) if settings.url else running_server(settings.data)
        if client is None:
            return self._open_here()
        self._opened.callback(client.close)
        if settings.url is None:  # a server elsewhere has other folders
            self._register(client.repos(), lambda root: client.post("/v1/repos", {"path": str(root)}))
        return There(client, self._standing)

    def _open_here(self) -> Desk:
        from ..jobs import Jobs
        from ..live import Live
        from ..mcp.desk import Here
        from ..service import Service

        service = Service(self._settings)
        self._opened.callback(service.close)
        _ = service.retriever  # built once, before threads share it
        self._register(known_of(service), service.add_repo)
        ours = around(known_of(service), self._standing)
        jobs = Jobs(lambda repo, hooks: service.sync(repo, None, hooks, _PATIENCE))
        self._opened.callback(jobs.stop)
        live = Live(service, jobs, only=ours.name if ours else "")
        live.start()
        self._opened.callback(live.stop)
        return Here(service, live, self._standing)

    def _register(self, known: Sequence[KnownRepo], add: Callable[[Path], object]) -> None:
        """Have the folder indexed unless something indexed holds it. Where it cannot be, the rest answers."""
        if self._root is not None and around(known, self._standing) is None:
            try:
                add(self._root)
            except CairnError as error:
                terminal.say(f"cairn: {error}")


def _speak(desk: Callable[[], Desk]) -> None:
    import anyio
    from mcp.server.stdio import stdio_server

    from ..mcp.server import create_server

    async def serve() -> None:
        server = create_server(desk)
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    try:
        anyio.run(serve)
    except KeyboardInterrupt:
        terminal.say("stopped")
