"""The events of a run -> lines for a person: while it runs, when it rests, and replayed later."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from . import terminal

if TYPE_CHECKING:
    from rich.console import RenderableType

    from agent.outcome import Outcome
    from agent.runs import Event, RunRow

    from .tasks import Watch

_TOLD = 150  # letters of a line; `cairn runs ID --transcript` has all
_CITED = 3  # places named of a context
_REFRESH = 8  # times a second


@contextmanager
def watching(*, live: bool, stopping: Callable[[], Callable[[], bool]]) -> Iterator[Watch]:
    """Tell a run while it is worked on: a status that stays at the bottom of a terminal, else plain lines."""
    from .tasks import Watch

    cancelled = stopping()
    if not live:
        yield Watch(_tell, cancelled)
        return
    from rich.console import Console
    from rich.live import Live

    console, status = Console(stderr=True, highlight=False), _Status()

    def tell(event: Event) -> None:
        status.add(event)
        if told := line(event):
            console.print(_styled(event, told), soft_wrap=False, overflow="ellipsis", no_wrap=True)

    with Live(console=console, refresh_per_second=_REFRESH, transient=True, get_renderable=status.shown):
        yield Watch(tell, cancelled)


def line(event: Event) -> str:
    """An event on one line, "" for those that say nothing to a person."""
    said = _LINES.get(event.type)
    if said is None:
        return ""
    text = " ".join(said(event.payload).split())
    return f"{event.type:<17} {text if len(text) <= _TOLD else text[: _TOLD - 1] + '…'}"


def replay(events: Sequence[Event]) -> None:
    """Everything that was said and done, in full."""
    for event in events:
        stamp = time.strftime("%H:%M:%S", time.localtime(event.at))
        click.echo(click.style(f"── {event.seq}  {stamp}  {event.type}", bold=True))
        for key, value in event.payload.items():
            if value in ("", None, [], {}):
                continue
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
            if "\n" in text:
                click.echo(click.style(f"{key}:", dim=True))
                click.echo("\n".join(f"    {row}" for row in text.splitlines()))
            else:
                click.echo(f"{click.style(key + ':', dim=True)} {text}")


def report(row: RunRow, outcome: Outcome, *, interrupted: bool) -> None:
    """A run as `cairn runs ID` shows it."""
    click.echo(f"{row.id}  {row.repo}  {row.model}")
    click.echo(f"task: {row.task}")
    if interrupted:
        terminal.say(f"it was interrupted; go on with: cairn resume {row.id}")
    for event in outcome.events:
        if told := line(event):
            click.echo(f"  {told}")
    click.echo()
    ending(outcome, diff=False)


def ending(outcome: Outcome, *, diff: bool = True) -> None:
    """How a run rests: the change, what speaks for it, and what a person can do now."""
    if outcome.gate and outcome.gate.gate == "plan" and outcome.plan:
        click.echo(outcome.plan.text())
    elif diff and outcome.diff:
        click.echo(outcome.diff.rstrip())
    click.echo()
    label = " (scripted demonstration: no model thought here)" if outcome.scripted else ""
    status = outcome.status.replace("_", " ")
    click.echo(f"{click.style(status, bold=True)}{label}: {outcome.summary or _waits(outcome)}")
    for suggestion in outcome.suggestions:
        click.echo(f"  · {suggestion['place']}: {suggestion['title']} ({suggestion['why']})")
    if outcome.question:
        click.echo(f"question: {outcome.question}")
    if outcome.tests_before and outcome.tests_after:
        click.echo(f"tests before: {outcome.tests_before}; after: {outcome.tests_after}")
    if outcome.proof:
        click.echo(f"fails on the old code, passes now: {', '.join(outcome.proof)}")
    for note in outcome.notes:
        click.echo(f"note: {note}")
    if outcome.request:
        click.echo(f"request {outcome.request['number']}: {outcome.request['url']}")
    if outcome.commit:
        click.echo(
            f"branch {outcome.branch}; bring it home with: git fetch {outcome.gitdir} {outcome.branch}"
        )
    for hint in _hints(outcome):
        terminal.say(hint)


def _waits(outcome: Outcome) -> str:
    return "; ".join(outcome.gate.reasons) if outcome.gate else ""


def _hints(outcome: Outcome) -> list[str]:
    run = outcome.run_id
    if outcome.gate:
        return [
            f"approve it with: cairn approve {run} --subject {outcome.gate.subject[:12]}",
            f"have it done differently with: cairn answer {run} WORDS; end it with: cairn reject {run}",
        ]
    if outcome.status == "escalated":
        return [f"answer with: cairn answer {run} WORDS; it goes on from where it is"]
    if outcome.status in ("failed", "cancelled"):
        return [f"go on with: cairn resume {run}"]
    return []


def _tell(event: Event) -> None:
    if told := line(event):
        terminal.say(told)


def _count(items: Any, noun: str) -> str:
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}"


def _call(said: dict[str, Any]) -> str:
    try:
        given = json.loads(said["arguments"])
    except ValueError:
        return f"{said['name']} {said['arguments']}"
    shown = ", ".join(f"{key}={value!r}" for key, value in given.items()) if isinstance(given, dict) else ""
    return f"{said['name']}({shown})"


def _context(said: dict[str, Any]) -> str:
    places = ", ".join(said["cited"][:_CITED]) + (" …" if len(said["cited"]) > _CITED else "")
    return f"for the {said['seed']}: {said['tokens']} tokens, {_count(said['cited'], 'place')} {places}"


_LINES: dict[str, Callable[[dict[str, Any]], str]] = {
    "task.created": lambda said: f"{said['task']} · {said['repo']} · {said['model']}",
    "run.resumed": lambda said: "it goes on",
    "workspace.made": lambda said: f"{said['branch']} from {said['base'][:10]}",
    "task.read": lambda said: f"{said['brief']['title']} · {_count(said['brief']['criteria'], 'criterion')}",
    "environment.ready": lambda said: f"{said['seconds']} s" + (", from before" if said["reused"] else ""),
    "context.retrieved": _context,
    "plan.proposed": lambda said: f"{said['plan']['summary']} · {_count(said['plan']['steps'], 'step')}",
    "plan.updated": lambda said: (
        f"step {said['step']} {said['status']} {said['note']}" if said["step"] else ""
    ),
    "gate.requested": lambda said: f"{said['gate']} {said['subject'][:12]}: {'; '.join(said['reasons'])}",
    "gate.granted": lambda said: f"{said['gate']} by {said['actor']} {said['note']}",
    "gate.rejected": lambda said: f"{said['gate']} by {said['actor']} {said['note']}",
    "answered": lambda said: f"{said['actor']}: {said['text']}",
    "model.response": lambda said: said["text"],
    "tool.call": _call,
    "command.finished": lambda said: f"exit code {said['code']} after {said['seconds']} s",
    "tests.finished": lambda said: f"{said['stage']}: {said['summary']}",
    "edit.applied": lambda said: f"{', '.join(said['paths'])} +{said['added']} -{said['deleted']}",
    "edit.proposed": lambda said: f"{', '.join(said['paths'])} +{said['added']} -{said['deleted']}",
    "edit.rejected": lambda said: said["reasons"][0],
    "guard.tripped": lambda said: " ".join(str(value) for value in said.values()),
    "work.finished": lambda said: said["subject"],
    "commit.created": lambda said: f"{said['commit'][:10]} on {said['branch']}",
    "branch.pushed": lambda said: f"{said['branch']} to {said['forge']}",
    "request.opened": lambda said: f"{said['number']} {said['url']}",
    "escalated": lambda said: said["summary"],
    "failed": lambda said: said["reason"],
    "cancelled": lambda said: said["reason"],
}

_COLOURS = {
    "edit.applied": "cyan",
    "edit.rejected": "yellow",
    "guard.tripped": "bold yellow",
    "gate.requested": "bold magenta",
    "escalated": "bold yellow",
    "failed": "bold red",
    "request.opened": "bold green",
    "commit.created": "green",
    "model.response": "dim",
}


def _styled(event: Event, told: str) -> Any:
    from rich.text import Text

    colour = _COLOURS.get(event.type, "")
    if event.type == "tests.finished":
        colour = "green" if event.payload["green"] else "red"
    return Text(told, style=colour)


class _Status:
    """The part that stays at the bottom of the screen: the plan, what happens now, what is used up."""

    def __init__(self) -> None:
        from agent.budget import Spent

        self._spent = Spent()
        self._steps: list[str] = []
        self._states: list[str] = []
        self._now = "making a working copy"
        self._began = time.monotonic()

    def add(self, event: Event) -> None:
        self._spent.add(event)
        said = event.payload
        if event.type == "plan.proposed":
            self._steps = [step["text"] for step in said["plan"]["steps"]]
            self._states = ["open"] * len(self._steps)
        elif event.type == "plan.updated" and said["step"] and said["step"] <= len(self._states):
            self._states[said["step"] - 1] = said["status"]
        now = {
            "model.request": "the model thinks",
            "tests.started": "the tests run",
            "tool.call": f"{said.get('name')} …",
            "workspace.made": "the tests run on the code as it is",
        }.get(event.type)
        self._now = now or self._now

    def shown(self) -> RenderableType:
        from rich.console import Group
        from rich.rule import Rule
        from rich.spinner import Spinner
        from rich.text import Text

        marks = {"open": ("○", ""), "doing": ("▶", "bold"), "done": ("✓", "green"), "skipped": ("–", "dim")}
        steps = [
            Text(f"  {marks[state][0]} {text}", style=marks[state][1], no_wrap=True, overflow="ellipsis")
            for text, state in zip(self._steps, self._states, strict=True)
        ]
        spent = self._spent
        money = f" · ${spent.total_dollars:.2f}" if spent.total_dollars is not None else ""
        used = (
            f"{spent.total_steps} steps · {spent.total_input // 1000}k tokens read, "
            f"{spent.total_output // 1000}k written · {spent.total_cycles} attempts{money} · "
            f"{time.monotonic() - self._began:.0f} s"
        )
        return Group(Rule(style="dim"), *steps, Spinner("dots", self._now), Text(f"  {used}", style="dim"))
