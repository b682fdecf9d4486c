"""`cairn run`, `cairn runs`: a task -> a branch with a tested commit; and what became of earlier ones."""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from .. import terminal
from ..reader import open_reader
from ..settings import Settings
from . import data_option, json_option, repo_option
from .index import local

if TYPE_CHECKING:
    from agent.run import Outcome
    from agent.runs import Event

_SILENT = ("run.started", "model.request", "finished")  # said by what comes before or after
_TELLING = {  # what is shown of an event; of any other, everything
    "task.created": ("task", "repo", "model"),
    "workspace.made": ("branch",),
    "context.retrieved": ("tokens", "cited"),
    "model.response": ("text",),
    "tool.call": ("name", "arguments"),
    "tool.result": ("text",),
    "tests.finished": ("stage", "summary"),
    "edit.applied": ("path",),
    "commit.created": ("branch", "commit"),
}
_TOLD = 160  # letters of an event that are shown while it runs; `cairn runs ID --json` has all


@click.command(short_help="Let the agent carry out a task on a copy.")
@click.argument("task", nargs=-1, required=True)
@repo_option
@data_option
@json_option
def run(task: tuple[str, ...], repo: str | None, data: Path | None, as_json: bool) -> None:
    """Carry out TASK on a copy of the repository, tests included, and leave a branch to look at.

    With OPENAI_API_KEY or OPENAI_BASE_URL a model does it; without, a scripted demonstration works on
    the sample project. Ctrl-C ends the run before its next step, twice at once.
    """
    settings = local(Settings.load(data=data))
    reader = open_reader(settings)
    chosen = reader.choose(repo)
    from ..service import Service
    from ..tasks import RunChoice
    from ..tasks import run as carry_out

    stopped: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if stopped:
            raise KeyboardInterrupt
        stopped.append(number)
        terminal.say("stopping before the next step; press Ctrl-C again to stop at once")

    signal.signal(signal.SIGINT, stop)
    choice = RunChoice(
        " ".join(task), chosen.name, Path(chosen.root), on_event=_tell, cancelled=lambda: bool(stopped)
    )
    outcome = carry_out(Service(settings), reader.verbs, choice)
    if as_json:
        terminal.print_json(of_outcome(outcome))
    else:
        _print(outcome)
    if outcome.status != "finished":
        raise click.exceptions.Exit(1)


@click.command(short_help="List the agent's runs, or show one.")
@click.argument("run_id", required=False)
@click.option("--limit", type=click.IntRange(1, 500), default=20, show_default=True)
@data_option
@json_option
def runs(run_id: str | None, limit: int, data: Path | None, as_json: bool) -> None:
    """List the agent's runs, the newest first; with RUN_ID show that one and its events."""
    settings = local(Settings.load(data=data))
    from ..service import Service
    from ..tasks import Tasks, of_step

    tasks = Tasks(Service(settings))
    if run_id is None:
        rows = tasks.recent(limit)
        if as_json:
            terminal.print_json({"runs": rows})
        for row in rows if not as_json else []:
            click.echo(
                f"{row['id']}  {row['status']:<9}  {row['created']}  {row['repo']}  {row['task'][:80]}"
            )
        if not rows:
            terminal.say('no task was run yet; try: cairn run "add a payment retry mechanism"')
        return
    shown = tasks.show(run_id)
    events = tasks.log.events(run_id)
    if as_json:
        terminal.print_json({**shown, "events": [of_step(event).data for event in events]})
        return
    for key, value in shown.items():
        if value:
            click.echo(f"{key}: {', '.join(value) if isinstance(value, list) else value}")
    for event in events:
        click.echo(f"  {event.seq:>3}  {_line(event)}")


def of_outcome(outcome: Outcome) -> dict[str, Any]:
    before, after = outcome.tests_before, outcome.tests_after
    return {
        "id": outcome.run_id,
        "status": outcome.status,
        "model": outcome.model,
        "scripted": outcome.scripted,
        "summary": outcome.summary,
        "question": outcome.question,
        "branch": outcome.branch,
        "commit": outcome.commit,
        "gitdir": str(outcome.gitdir) if outcome.gitdir else None,
        "tests_before": before.summary if before else None,
        "tests_after": after.summary if after else None,
        "proof": list(outcome.proof),
        "notes": list(outcome.notes),
        "diff": outcome.diff,
    }


def _tell(event: Event) -> None:
    if event.type not in _SILENT:
        terminal.say(_line(event))


def _line(event: Event) -> str:
    """An event on one line: its type and what a reader wants to know of it."""
    wanted = _TELLING.get(event.type, tuple(event.payload))
    said = "  ".join(
        str(event.payload[key]) for key in wanted if event.payload.get(key) not in ("", [], None)
    )
    text = " ".join(said.split())
    return f"{event.type:<17} {text if len(text) <= _TOLD else text[: _TOLD - 1] + '…'}"


def _print(outcome: Outcome) -> None:
    if outcome.diff:
        click.echo(outcome.diff.rstrip())
        click.echo()
    label = " (scripted demonstration: no model thought here)" if outcome.scripted else ""
    click.echo(f"{click.style(outcome.status, bold=True)}{label}: {outcome.summary}")
    if outcome.question:
        click.echo(f"question: {outcome.question}")
    if outcome.tests_before and outcome.tests_after:
        click.echo(f"tests before: {outcome.tests_before.summary}; after: {outcome.tests_after.summary}")
    if outcome.proof:
        click.echo(f"fails on the old code, passes now: {', '.join(outcome.proof)}")
    for note in outcome.notes:
        click.echo(f"note: {note}")
    if outcome.commit:
        click.echo(
            f"branch {outcome.branch}; bring it home with: git fetch {outcome.gitdir} {outcome.branch}"
        )
