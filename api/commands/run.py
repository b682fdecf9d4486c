"""`cairn run`, and what people say to a run: approve, reject, answer, resume, cancel; and `cairn runs`."""

from __future__ import annotations

import getpass
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from indexer.errors import BadInput

from .. import terminal
from ..reader import Reader, open_reader
from ..settings import Settings
from . import data_option, json_option, repo_option
from .index import local

if TYPE_CHECKING:
    from agent.outcome import Outcome

    from ..service import Service

_ENDED_WELL = ("finished", "awaiting_approval")


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

    TASK is text, an issue (#12, owner/repo#12 or its address), an OpenSpec change folder, or a file
    (@notes.md). With OPENAI_API_KEY or OPENAI_BASE_URL a model does it; without, a scripted demonstration
    works on the sample project. Ctrl-C ends the run before its next step, twice at once.
    """
    settings = local(Settings.load(data=data))
    reader = open_reader(settings)
    chosen = reader.choose(repo)
    from ..service import Service
    from ..tasks import begin

    service = Service(settings)
    with _watched(as_json) as watch:
        outcome = begin(
            service,
            reader.verbs,
            chosen.name,
            Path(chosen.root),
            " ".join(task),
            _choices(options),
            watch,
        )
    _show(outcome, as_json)


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
    from agent import persons

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
    from agent import persons

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
    from agent import persons

    def word(service: Service) -> None:
        persons.answer(_log(service), run_id, _actor(), " ".join(text))

    _after_a_word(run_id, word, data, as_json, later)


@click.command(short_help="Go on with a run that failed, was cancelled or was interrupted.")
@click.argument("run_id")
@data_option
@json_option
def resume(run_id: str, data: Path | None, as_json: bool) -> None:
    """Go on with RUN_ID from where its log ends; nothing that was done is done again."""
    _after_a_word(run_id, lambda _: None, data, as_json, False)


@click.command(short_help="End a run that waits, failed or was interrupted.")
@click.argument("run_id")
@data_option
@json_option
def cancel(run_id: str, data: Path | None, as_json: bool) -> None:
    """End RUN_ID. One that is worked on is stopped where it runs (Ctrl-C, or over HTTP)."""
    from agent import persons

    _after_a_word(run_id, lambda s: persons.cancel(_log(s), run_id, _actor()), data, as_json, True)


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
        _list(tasks.recent(limit), as_json)
        return
    from agent.outcome import outcome_of

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
        from agent.outcome import as_json as document

        steps = [of_step(event).data for event in outcome.events]
        terminal.print_json({**document(outcome), **tasks.show(row.id), "events": steps})
    else:
        from .. import transcript

        transcript.report(row, outcome, interrupted=tasks.show(row.id)["interrupted"])


def _choices(options: dict[str, Any]) -> dict[str, Any]:
    """The options of the command line as settings of the agent's policy; None where nothing was said."""
    models = {
        stage: options[name] for stage, name in (("work", "model"), ("plan", "plan_model")) if options[name]
    }
    if options["model"] and not options["plan_model"]:
        models["plan"] = models["report"] = options["model"]
    limits = {}
    for given in options["limits"]:
        name, _, number = given.partition("=")
        try:
            limits[name] = float(number)
        except ValueError:
            raise BadInput(f"--limit {given}: give a name and a number, as in steps=30") from None
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


def _after_a_word(
    run_id: str, word: Callable[[Service], Any], data: Path | None, as_json: bool, only: bool
) -> None:
    """Write down what a person says, and go on with the run unless that is all."""
    settings = local(Settings.load(data=data))
    from ..service import Service
    from ..tasks import Tasks, go_on

    service = Service(settings)
    word(service)
    tasks = Tasks(service)
    row = tasks.log.show(run_id)
    if only:
        shown = tasks.show(row.id)
        terminal.print_json(shown) if as_json else click.echo(f"{row.id}  {shown['status']}  {row.task[:80]}")
        return
    reader = open_reader(settings)
    root = Path(reader.choose(row.repo).root)
    with _watched(as_json) as watch:
        outcome = go_on(service, _verbs(reader), root, row.id, watch)
    _show(outcome, as_json)


def _verbs(reader: Reader) -> Any:
    return reader.verbs


def _watched(as_json: bool) -> Any:
    from .. import transcript

    return transcript.watching(live=sys.stderr.isatty() and not as_json, stopping=_on_interrupt)


def _on_interrupt() -> Callable[[], bool]:
    """Ctrl-C asks the run to stop before its next step; the second time it ends at once."""
    stopped: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if stopped:
            raise KeyboardInterrupt
        stopped.append(number)
        terminal.say("stopping before the next step; press Ctrl-C again to stop at once")

    signal.signal(signal.SIGINT, stop)
    return lambda: bool(stopped)


def _show(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        from agent.outcome import as_json as document

        terminal.print_json(document(outcome))
    else:
        from .. import transcript

        transcript.ending(outcome)
    if outcome.status not in _ENDED_WELL:
        raise click.exceptions.Exit(1)


def _list(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        terminal.print_json({"runs": rows})
        return
    for row in rows:
        state = "interrupted" if row["interrupted"] else row["status"]
        click.echo(f"{row['id']}  {state:<17}  {row['created']}  {row['repo']}  {row['task'][:80]}")
    if not rows:
        terminal.say('no task was run yet; try: cairn run "add a payment retry mechanism"')


def _log(service: Service) -> Any:
    from agent.runs import RunLog

    return RunLog(service.data.runs)


def _plan_in(path: Path) -> dict[str, Any]:
    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BadInput(f"{path} is no JSON: {error}") from error
    if not isinstance(plan, dict):
        raise BadInput(f"{path} holds no plan; `cairn runs RUN_ID --plan` prints one")
    return plan


def _actor() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
