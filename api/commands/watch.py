"""`cairn watch`: a folder -> an index that follows its changes, until Ctrl-C."""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from indexer.errors import NotFound

from .. import terminal, wire
from ..settings import Settings
from . import data_option, json_option
from .index import PATIENCE, local, summary

if TYPE_CHECKING:
    from indexer.store.catalog import RepoRow
    from indexer.sync import Hooks, SyncReport

    from ..live import Live
    from ..service import Service

_LOOK = 1.0  # seconds between looks at whether something is in the way


@click.command(short_help="Index a repository and follow its changes.")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@data_option
@json_option
def watch(path: Path, data: Path | None, as_json: bool) -> None:
    """Index the repository at PATH and follow its changes. `cairn serve` does this for all of them.

    With --json each sync is one JSON document on a line of its own.
    """
    settings = local(Settings.load(data=data))
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    from ..jobs import Jobs
    from ..live import Live
    from ..service import Service

    service = Service(settings)
    _ = service.retriever  # built once, before threads share it
    repo, _new = service.add_repo(Path(os.path.expanduser(path)).absolute())
    over = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        over.set()

    def told(report: SyncReport) -> None:
        _tell(report, as_json)

    def sync(repo: RepoRow, hooks: Hooks) -> SyncReport:
        report = service.sync(repo, None, hooks, PATIENCE)
        told(report)
        terminal.say(f"following {repo.root} (Ctrl-C stops it)")
        return report

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    if service.advice:
        terminal.say(service.advice)
    jobs = Jobs(sync)
    live = Live(service, jobs, only=repo.name, told=told)
    live.start()
    _say_problems(service, live, repo.name, over)
    live.stop()
    jobs.stop()
    service.close()
    terminal.say("stopped; the index holds everything up to here")


def _say_problems(service: Service, live: Live, name: str, over: threading.Event) -> None:
    """Each once, until it is `over` or the repository was removed."""
    said = None
    while not over.wait(_LOOK):
        try:
            service.named(name)
        except NotFound as gone:
            terminal.say(f"cairn: {gone}")
            return
        problem = live.state(name).problem
        if problem is not None and problem != said:
            terminal.say(f"cairn: {problem}")
        said = problem


def _tell(report: SyncReport, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(wire.of_report(report)))
    else:
        click.echo(summary(report).split("\n")[0])
