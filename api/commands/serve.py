"""`cairn serve`: every indexed repository -> answers over HTTP, live."""

from __future__ import annotations

import contextlib
import logging
import os
from pathlib import Path

import click

from indexer.errors import CairnError

from .. import terminal
from ..settings import Settings
from . import data_option, json_option
from .index import local


@click.command(short_help="Serve HTTP and a page, and follow every repository.")
@click.option("--host", help="Address to listen on. Default: CAIRN_HOST, else 127.0.0.1.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help="Default: CAIRN_PORT, else 8000 or the next free one."
)
@data_option
@json_option
def serve(host: str | None, port: int | None, data: Path | None, as_json: bool) -> None:
    """Serve every indexed repository and follow the changes of its files, until SIGTERM or Ctrl-C.

    Beyond loopback a key is demanded: set CAIRN_API_KEY.
    """
    settings = local(Settings.load(data=data)).with_options(host=host, port=port)
    _wake_the_store(settings)
    from ..server import serve as run

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")

    def announce(url: str) -> None:
        if as_json:
            terminal.print_json({"url": url, "pid": os.getpid(), "data": str(settings.data)})
        if settings.port is None and not url.endswith(":8000"):
            terminal.say("port 8000 is in use, so another one was taken")
        terminal.say(f"Cairn serves {url} (Ctrl-C stops it)")

    run(settings, announce)


def _wake_the_store(settings: Settings) -> None:
    """Start the process that keeps the vectors while this one loads its libraries. What is in its way is said
    to whoever asks first."""
    from indexer.store.editions import read_editions
    from indexer.store.schema import DataDir
    from indexer.store.starting import wake

    with contextlib.suppress(CairnError):
        if settings.qdrant_url is None and read_editions(DataDir(settings.data)) is not None:
            wake(settings.data)
