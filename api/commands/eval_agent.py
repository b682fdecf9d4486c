"""`cairn eval-agent`: how many tasks with known tests the agent solves, and whether context pays."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from indexer.errors import BadInput, CairnError

from .. import terminal
from ..settings import Settings
from . import data_option, json_option
from .index import local

if TYPE_CHECKING:
    from agent.evaluate.campaign import Order
    from agent.evaluate.instances import Instance
    from agent.evaluate.results import Arm, Result, Results


@click.command(name="eval-agent", short_help="Measure how many tasks with known tests the agent solves.")
@click.argument("instances", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--context",
    type=click.Choice(["on", "off", "both"]),
    default="both",
    show_default=True,
    help="With the code base's context, without, or both to compare.",
)
@click.option("--limit", type=click.IntRange(1), help="Only the first so many instances.")
@click.option("--only", multiple=True, metavar="ID", help="Only this instance; may be repeated.")
@click.option("--jobs", type=click.IntRange(1, 16), default=1, show_default=True, help="Instances at once.")
@click.option("--mirrors", type=click.Path(path_type=Path, file_okay=False), help="Folder of clones by name.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of the results.")
@click.option("--model", help="The model. Default: CAIRN_MODEL.")
@click.option("--run-limit", "limits", multiple=True, metavar="NAME=N", help="As in steps=30, for each run.")
@click.option("--dry-run", is_flag=True, help="Without a model: a script makes each instance's own patch.")
@data_option
@json_option
def eval_agent(instances: Path, data: Path | None, as_json: bool, **options: Any) -> None:
    """Let the agent solve INSTANCES, a JSONL file in SWE-bench's format, and judge it by their tests.

    docs/eval-agent.md says how. Results are kept line by line: after Ctrl-C or a kill the same command
    goes on.
    """
    settings = local(Settings.load(data=data))
    if not settings.has_model and not options["dry_run"]:
        raise BadInput(
            "no model is configured; set OPENAI_API_KEY, and OPENAI_BASE_URL for an endpoint of your own "
            "(CAIRN_MODEL names the model), or try everything else with --dry-run"
        )
    from agent.evaluate.instances import read_instances
    from agent.evaluate.report import publish, table

    chosen = _chosen(read_instances(instances, options["mirrors"]), options["only"], options["limit"])
    out = (options["out"] or _place(settings.data, instances, options["dry_run"])).absolute()
    results = _results(out, settings, options)
    stopped: CairnError | None = None
    try:
        _evaluate(chosen, settings, results, options)
    except CairnError as error:
        stopped = error
    report = publish(results)
    if stopped is not None:
        raise stopped
    terminal.print_json(report) if as_json else click.echo(table(report), nl=False)
    terminal.say(f"results, predictions and this report are in {out}")


def _chosen(instances: list[Instance], only: tuple[str, ...], limit: int | None) -> list[Instance]:
    known = {instance.id for instance in instances}
    if unknown := [name for name in only if name not in known]:
        raise BadInput(f"there is no instance {', '.join(unknown)} in this file; check --only")
    return [instance for instance in instances if not only or instance.id in only][:limit]


def _place(data: Path, instances: Path, dry: bool) -> Path:
    return data / "evaluations" / f"{instances.stem}{'-dry' if dry else ''}"


def _results(out: Path, settings: Settings, options: dict[str, Any]) -> Results:
    from agent.evaluate.gold import NAME
    from agent.evaluate.results import Campaign, Results

    dry = options["dry_run"]
    return Results(out, Campaign(NAME if dry else options["model"] or settings.model, dry))


def _evaluate(
    instances: list[Instance], settings: Settings, results: Results, options: dict[str, Any]
) -> None:
    """With an index, runs and working copies of its own, beside the results."""
    from agent.evaluate.campaign import evaluate

    from ..means import forget_working_copies, means_of
    from ..service import Service

    # The clones lie outside of CAIRN_ROOTS, and nothing of an evaluation is pushed anywhere.
    own = replace(settings, data=results.folder / "data", roots=(), forge="local")
    service = Service(own)
    try:
        retriever = service.retriever
        forget_working_copies(service)
        with _stopping() as cancelled:
            means = means_of(service, retriever, "evaluation", results.folder, cancelled=cancelled)
            evaluate(instances, means, results, _order(options, len(instances)))
    finally:
        service.close()


def _order(options: dict[str, Any], count: int) -> Order:
    from agent.evaluate.attempt import Choices
    from agent.evaluate.campaign import Order
    from agent.evaluate.results import ARMS

    arms: tuple[Arm, ...] = ARMS if options["context"] == "both" else (options["context"],)
    choices = Choices(options["model"] or "", _limits(options["limits"]), options["dry_run"])
    return Order(arms, choices, options["jobs"], _teller(count * len(arms)))


def _limits(given: tuple[str, ...]) -> dict[str, float]:
    limits = {}
    for one in given:
        name, _, number = one.partition("=")
        try:
            limits[name] = float(number)
        except ValueError:
            raise BadInput(f"--run-limit {one}: give a name and a number, as in steps=30") from None
    return limits


def _teller(expected: int) -> Callable[[Result], None]:
    """One line for each result that comes in."""
    told: list[Result] = []

    def tell(result: Result) -> None:
        told.append(result)
        verdict = "resolved" if result.resolved else "not resolved"
        said = result.status if result.status == "invalid" else f"{verdict} ({result.status})"
        why = f": {' '.join(result.reason.split())[:160]}" if result.reason else ""
        terminal.say(f"{len(told)}/{expected}  {result.instance}  context {result.arm}  {said}{why}")

    return tell


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Ctrl-C asks the runs to stop before their next step; the second time it ends at once."""
    stopped: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        if stopped:
            raise KeyboardInterrupt
        stopped.append(number)
        terminal.say("stopping before the next step; press Ctrl-C again to stop at once")

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield lambda: bool(stopped)
    finally:
        signal.signal(signal.SIGINT, before)
