"""`cairn watch`: a folder -> an index that follows its changes, until Ctrl-C."""

from __future__ import annotations

import json
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from .. import terminal, wire
from ..settings import Settings
from . import data_option, json_option
from .index import PATIENCE, local, summary

if TYPE_CHECKING:
    from indexer.sync import SyncReport


@click.command(short_help="Index a repository and follow its changes.")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@data_option
@json_option
def watch(path: Path, data: Path | None, as_json: bool) -> None:
    """Index the repository at PATH and follow its changes. `cairn serve` does this for all of them.

    With --json each sync is one JSON document on a line of its own.
    """
    settings = local(Settings.load(data=data))
    from indexer.errors import Cancelled, NotFound
    from indexer.sync import Hooks
    from indexer.watch import Watcher, WatchOptions

    from ..service import Service

    service = Service(settings)
    repo, _ = service.add_repo(path.expanduser().absolute())
    over = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        over.set()

    def sync(paths: set[str] | None) -> None:
        try:
            _tell(service.sync(repo, paths, Hooks(cancelled=over.is_set), patience=PATIENCE), as_json)
        except Cancelled:
            over.set()
        except NotFound as gone:
            terminal.say(f"cairn: {gone}")
            over.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    watcher = Watcher(Path(repo.root), sync, WatchOptions(files=settings.file_options))
    watcher.start()
    sync(None)
    if service.advice:
        terminal.say(service.advice)
    if watcher.note:
        terminal.say(watcher.note)
    if not over.is_set():
        terminal.say(f"following {repo.root} (Ctrl-C stops it)")
    over.wait()
    watcher.stop()
    service.close()
    terminal.say("stopped; the index holds everything up to here")


def _tell(report: SyncReport, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(wire.of_report(report)))
    else:
        click.echo(summary(report).split("\n")[0])
