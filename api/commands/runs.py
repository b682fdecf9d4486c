"""`cairn runs`: the log of the agent's runs -> a list, or one of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from indexer.errors import BadInput

from .. import terminal
from ..settings import Settings
from . import data_option, json_option
from .index import local


@click.command(short_help="List the agent's runs, or show one.")
@click.argument("run_id", required=False)
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True)
@click.option("--plan", "what", flag_value="plan", help="Print the plan of RUN_ID as JSON, to edit.")
@click.option("--diff", "what", flag_value="diff", help="Print its change as a diff.")
@click.option("--transcript", "what", flag_value="transcript", help="Replay what was said and done.")
@data_option
@json_option
def runs(run_id: str | None, limit: int, what: str | None, data: Path | None, as_json: bool) -> None:
    """List the agent's runs, the newest first; with RUN_ID show that one."""
    settings = local(Settings.load(data=data))
    from ..service import Service
    from ..tasks import Tasks, of_step

    tasks = Tasks(Service(settings))
    if run_id is None:
        if what:
            raise BadInput(f"--{what} is of one run; name it, as in: cairn runs RUN_ID --{what}")
        _list(tasks.recent(limit), as_json)
        return
    from agent.log.outcome import outcome_of

    row = tasks.log.show(run_id)
    outcome = outcome_of(tasks.log, row.id, tasks.service.data.root)
    if what == "plan":
        terminal.print_json(outcome.plan.as_json() if outcome.plan else None)
    elif what == "diff":
        click.echo(outcome.diff, nl=False)
    elif what == "transcript":
        from .. import transcript

        transcript.replay(outcome.events)
    elif as_json:
        from agent.log.outcome import as_json as document

        steps = [of_step(event).data for event in outcome.events]
        terminal.print_json({**document(outcome), **tasks.show(row.id), "events": steps})
    else:
        from .. import transcript

        transcript.report(row, outcome, interrupted=tasks.show(row.id)["interrupted"])


def _list(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        terminal.print_json({"runs": rows})
        return
    for row in rows:
        click.echo(row_of(row))
    if not rows:
        terminal.say('no task was run yet; try: cairn run "add a payment retry mechanism"')


def row_of(run: dict[str, Any]) -> str:
    """A run on one line."""
    from ..transcript import plain

    state = "interrupted" if run["interrupted"] else run["status"].replace("_", " ")
    return f"{run['id']}  {state:<17}  {run['created']}  {run['repo']}  {plain(run['task'][:80])}"
