"""`cairn run`: a task and a repository -> a run of the agent, told while it goes on."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from indexer.errors import BadInput, Cancelled

from .. import terminal
from ..reader import open_reader
from ..settings import Settings
from . import data_option, json_option, repo_option
from .index import local

if TYPE_CHECKING:
    from agent.log.outcome import Outcome

    from ..tasks import Watch

_ENDED_WELL = ("finished", "awaiting_approval")
_MOST = 1e9  # of any limit; more is no limit


@click.command(short_help="Let the agent carry out a task on a copy.")
@click.argument("task", nargs=-1, required=True)
@repo_option
@click.option("--read-only", is_flag=True, help="Analyse and propose a diff; nothing is written.")
@click.option(
    "--gate",
    "gates",
    multiple=True,
    type=click.Choice(["plan", "push"]),
    help="Wait for an approval there; may be repeated.",
)
@click.option("--assume", is_flag=True, help="Do not ask when the task is ambiguous; state assumptions.")
@click.option(
    "--context", type=click.Choice(["on", "off"]), help="Off: without retrieval, to see what it is worth."
)
@click.option("--test", "tests", multiple=True, metavar="COMMAND", help="How the tests are run.")
@click.option(
    "--setup",
    multiple=True,
    metavar="COMMAND",
    help="Install what the tests need, with a network; may be repeated.",
)
@click.option("--allow-setup", is_flag=True, help="Run the setup that the repository's .cairn.toml names.")
@click.option("--model", help="The model. Default: CAIRN_MODEL.")
@click.option("--plan-model", help="Another model for the plan.")
@click.option("--limit", "limits", multiple=True, metavar="NAME=N", help="As in steps=30; may be repeated.")
@data_option
@json_option
def run(task: tuple[str, ...], repo: str | None, data: Path | None, as_json: bool, **options: Any) -> None:
    """Carry out TASK on a copy of the repository, tests included, and ask for a pull request.

    TASK is text, an issue ('#12', owner/repo#12 or its address), an OpenSpec change folder, or a file
    (@notes.md). With OPENAI_API_KEY or OPENAI_BASE_URL a model does it; without, a scripted demonstration
    works on the sample project. Ctrl-C ends the run before its next step, twice at once.
    """
    settings = local(Settings.load(data=data))
    reader = open_reader(settings)
    chosen = reader.choose(repo)
    from ..service import Service
    from ..tasks import begin

    service = Service(settings)
    with watched(as_json) as watch:
        outcome = begin(
            service,
            reader.verbs,
            chosen.name,
            Path(chosen.root),
            " ".join(task),
            _choices(options),
            watch,
        )
    show(outcome, as_json)


def _choices(options: dict[str, Any]) -> dict[str, Any]:
    """The options of the command line as settings of the agent's policy; None where nothing was said."""
    models = dict.fromkeys(("plan", "work", "report"), options["model"]) if options["model"] else {}
    if options["plan_model"]:
        models["plan"] = options["plan_model"]
    limits = {}
    for given in options["limits"]:
        name, _, number = given.partition("=")
        try:
            limits[name] = float(number)
        except ValueError:
            limits[name] = 0.0
        if not 0 < limits[name] <= _MOST:
            raise BadInput(f"--limit {given}: give a name and a number above 0, as in steps=30")
    return {
        "mode": "read-only" if options["read_only"] else None,
        "gates": list(options["gates"]) or None,
        "ask": "assume" if options["assume"] else None,
        "context": options["context"] == "on" if options["context"] else None,
        "test": list(options["tests"]) or None,
        "setup": list(options["setup"]) or None,
        "setup_allowed": True if options["allow_setup"] or options["setup"] else None,
        "models": models or None,
        "limits": limits or None,
    }


@contextmanager
def watched(as_json: bool) -> Iterator[Watch]:
    """Who is told of a run. Ctrl-C asks it to stop before its next step; the second time it ends at once."""
    from ..board import STOPPING
    from ..watching import watching

    stopped: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if stopped:
            raise KeyboardInterrupt
        stopped.append(number)
        if not live:  # the board says it by itself; the stream may be in the middle of a line, so past it
            os.write(2, f"{STOPPING}\n".encode())

    live = sys.stderr.isatty() and not as_json and os.environ.get("TERM") != "dumb"
    before = signal.signal(signal.SIGINT, stop)
    try:
        with watching(live=live, cancelled=lambda: bool(stopped)) as watch:
            yield watch
    except KeyboardInterrupt:
        raise Cancelled(
            "stopped in the middle of a step; `cairn runs` names the run, `cairn resume RUN_ID` goes on"
        ) from None
    finally:
        signal.signal(signal.SIGINT, before)


def show(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        from agent.log.outcome import as_json as document

        terminal.print_json(document(outcome))
    else:
        from .. import transcript

        transcript.ending(outcome)
    if outcome.status not in _ENDED_WELL:
        raise click.exceptions.Exit(1)
