"""What people say to a run, from approve to cancel -> its next event, and the work that follows."""

from __future__ import annotations

import getpass
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.errors import BadInput, Conflict

from .. import terminal
from ..reader import open_reader
from ..settings import Settings
from . import data_option, json_option
from .index import local

if TYPE_CHECKING:
    from agent.log.runs import RunLog

    from ..service import Service


@click.command(short_help="Let a run through the gate it waits at.")
@click.argument("run_id")
@click.option("--plan", "plan_file", type=click.Path(path_type=Path, exists=True), help="The plan, edited.")
@click.option("--subject", help="What you looked at: the start of the gate's subject.")
@click.option("--note", default="", help="Why.")
@click.option("--later", is_flag=True, help="Only write it down; `cairn resume` goes on.")
@data_option
@json_option
def approve(
    run_id: str,
    plan_file: Path | None,
    subject: str | None,
    note: str,
    later: bool,
    data: Path | None,
    as_json: bool,
) -> None:
    """Approve the plan or the push that RUN_ID waits with, and go on.

    `cairn runs RUN_ID --plan > plan.json` gives the plan to edit; --plan plan.json approves it as edited.
    """
    from agent.log import persons

    def word(service: Service) -> None:
        plan = _plan_in(plan_file) if plan_file else None
        log = _log(service)
        persons.approve(log, run_id, _actor(), subject=subject, note=note, plan=plan)

    _after_a_word(run_id, word, data, as_json, later)


@click.command(short_help="End a run at the gate it waits at.")
@click.argument("run_id")
@click.option("--note", default="", help="Why.")
@data_option
@json_option
def reject(run_id: str, note: str, data: Path | None, as_json: bool) -> None:
    """Reject what RUN_ID waits with. To have it done differently, answer instead."""
    from agent.log import persons

    _after_a_word(
        run_id,
        lambda service: persons.reject(_log(service), run_id, _actor(), note=note),
        data,
        as_json,
        True,
    )


@click.command(short_help="Answer what a run asks, and go on.")
@click.argument("run_id")
@click.argument("text", nargs=-1, required=True)
@click.option("--later", is_flag=True, help="Only write it down; `cairn resume` goes on.")
@data_option
@json_option
def answer(run_id: str, text: tuple[str, ...], later: bool, data: Path | None, as_json: bool) -> None:
    """Answer the question of RUN_ID, or say at its gate what shall be different. It gets a new budget."""
    from agent.log import persons

    def word(service: Service) -> None:
        persons.answer(_log(service), run_id, _actor(), " ".join(text))

    _after_a_word(run_id, word, data, as_json, later)


@click.command(short_help="Go on with a run that was stopped.")
@click.argument("run_id")
@data_option
@json_option
def resume(run_id: str, data: Path | None, as_json: bool) -> None:
    """Go on with RUN_ID from where its log ends; nothing that was done is done again."""
    _after_a_word(run_id, lambda _: None, data, as_json, False)


@click.command(short_help="Stop a run, or end one that waits.")
@click.argument("run_id")
@data_option
@json_option
def cancel(run_id: str, data: Path | None, as_json: bool) -> None:
    """End RUN_ID, or ask the server that works on it to stop before its next step."""
    _after_a_word(run_id, lambda service: _cancel(service, run_id), data, as_json, True)


def _plan_in(path: Path) -> dict[str, Any]:
    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadInput(f"{path} is no JSON: {error}") from error
    if not isinstance(plan, dict):
        raise BadInput(f"{path} holds no plan; `cairn runs RUN_ID --plan` prints one")
    return plan


def _cancel(service: Service, run_id: str) -> None:
    from agent.log import persons
    from retriever.client import running_server

    log = _log(service)
    row = log.show(run_id)
    if row.state in ("queued", "running"):
        server = running_server(service.data.root)
        if server is not None:  # it may be the one that works on it
            server.post(f"/v1/tasks/{row.id}/cancel", {})
            return
    if row.state == "running" and log.worked_on(row.id):
        raise Conflict(f"run {row.id} is worked on by another process; stop it there, with Ctrl-C")
    persons.cancel(log, row.id, _actor())


def _after_a_word(
    run_id: str, word: Callable[[Service], Any], data: Path | None, as_json: bool, only: bool
) -> None:
    """Write down what a person says, and go on with the run unless that is all."""
    settings = local(Settings.load(data=data))
    from ..service import Service
    from ..tasks import Tasks, go_on
    from .run import show, watched
    from .runs import row_of

    service = Service(settings)
    word(service)
    tasks = Tasks(service)
    row = tasks.log.show(run_id)
    if only:
        shown = tasks.show(row.id)
        terminal.print_json(shown) if as_json else click.echo(row_of(shown))
        return
    reader = open_reader(settings)
    root = Path(reader.choose(row.repo).root)
    with watched(as_json) as watch:
        outcome = go_on(service, reader.verbs, root, row.id, watch)
    show(outcome, as_json)


def _log(service: Service) -> RunLog:
    from agent.log.runs import RunLog

    return RunLog(service.data.runs)


def _actor() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
