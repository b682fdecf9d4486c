"""The events of a run -> lines for a person: each in a sentence, all of them replayed, and how it rests."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from . import terminal

if TYPE_CHECKING:
    from agent.log.outcome import Outcome
    from agent.log.runs import Event, RunRow

_TOLD = 150  # letters of a line; `cairn runs ID --transcript` has all
_SHOWN_TASK = 500  # letters of a task above its events
_CITED = 3  # places named of a context


def told(event: Event) -> str:
    """An event in a sentence, "" for those that say nothing to a person."""
    said = _LINES.get(event.type)
    if event.type == "task.created":  # what a person needs to go on with the run, whatever happens
        return plain(f"{event.run} · {_LINES['task.created'](event.payload)}")
    return plain(said(event.payload)) if said else ""


def plain(text: str) -> str:
    """On one line and free of control characters: a model or a test must not steer the terminal."""
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))


def line(event: Event) -> str:
    """The same with the event's name before it, cut to a length that can be read in a log."""
    text = told(event)
    cut = text if len(text) <= _TOLD else text[: _TOLD - 1] + "…"
    return f"{event.type:<17} {cut}" if text else ""


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
                click.echo("\n".join(f"    {_printable(row)}" for row in text.splitlines()))
            else:
                click.echo(f"{click.style(key + ':', dim=True)} {_printable(text)}")


def report(row: RunRow, outcome: Outcome, *, interrupted: bool) -> None:
    """A run as `cairn runs ID` shows it."""
    state = "interrupted" if interrupted else row.state.replace("_", " ")
    click.echo(f"{row.id}  {state}  {row.repo}  {row.model}")
    click.echo(f"task: {plain(row.task[:_SHOWN_TASK])}")
    for event in outcome.events:
        if text := line(event):
            click.echo(f"  {text}")
    if interrupted:
        terminal.say(f"its worker died; go on with: cairn resume {row.id}")
        return
    click.echo()
    ending(outcome, diff=False)


def ending(outcome: Outcome, *, diff: bool = True) -> None:
    """How a run rests: the change, what speaks for it, and what a person can do now."""
    if outcome.gate and outcome.gate.gate == "plan" and outcome.plan:
        click.echo(_printable(outcome.plan.text()))
        if outcome.used_by:
            click.echo(_printable(f"\nWho else uses what it changes:\n{outcome.used_by}"))
        click.echo()
    elif diff and outcome.diff:
        click.echo(_printable(outcome.diff.rstrip()))
        click.echo()
    label = " (scripted demonstration: no model thought here)" if outcome.scripted else ""
    status = outcome.status.replace("_", " ")
    account = _printable(outcome.summary or _waits(outcome)).removeprefix("[scripted demonstration]").strip()
    click.echo(f"{click.style(status, bold=True)}{label}" + (f": {account}" if account else ""))
    for one in outcome.suggestions:
        click.echo(plain(f"  · {one['place']}: {one['title']} ({one['why']})"))
    if outcome.question:
        click.echo(f"question: {_printable(outcome.question)}")
    if outcome.tests_before and outcome.tests_after:
        click.echo(f"tests before: {outcome.tests_before}; after: {outcome.tests_after}")
    if outcome.proof:
        click.echo(f"fails on the old code, passes now: {', '.join(outcome.proof)}")
    for note in outcome.notes:
        click.echo(f"note: {plain(note)}")
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
        return [f"answer it with: cairn answer {run} WORDS; it goes on from where it is"]
    if outcome.status in ("failed", "cancelled"):
        return [f"go on with: cairn resume {run}"]
    return []


def _printable(text: str) -> str:
    """Text of several lines as it is, without the characters that steer a terminal."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "?" for letter in text)


def _count(items: Any, noun: str) -> str:
    return f"{len(items)} {noun}{'' if len(items) == 1 else 's'}"


def told_of_call(said: dict[str, Any]) -> str:
    """A tool call by what matters of it: `str_replace payments/client.py`."""
    try:
        given = json.loads(said["arguments"])
    except ValueError:
        return f"{said['name']} (arguments that cannot be read)"
    if not isinstance(given, dict):
        return str(said["name"])
    named = [_spelled(given[key]) for key in _TELLING if given.get(key)]
    return plain(" ".join([said["name"], *named]))


# The arguments that say what a call is about; the rest is code, which the edit's own event sums up.
_TELLING = (
    "path",
    "to",
    "query",
    "task",
    "name",
    "command",
    "tests",
    "pattern",
    "step",
    "status",
    "question",
)


def _spelled(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _made(said: dict[str, Any]) -> str:
    left = said.get("uncommitted", {}).get("note", "")
    return f"{said['branch']}; {left}" if left else f"{said['branch']} from {said['base'][:10]}"


def _guard(said: dict[str, Any]) -> str:
    more = [_spelled(value) for name, value in said.items() if name != "guard"]
    return f"{said['guard']}: {'; '.join(more)}" if more else str(said["guard"])


def _context(said: dict[str, Any]) -> str:
    places = ", ".join(said["cited"][:_CITED]) + (" …" if len(said["cited"]) > _CITED else "")
    return f"for the {said['seed']}: {said['tokens']} tokens, {_count(said['cited'], 'place')} {places}"


_LINES: dict[str, Callable[[dict[str, Any]], str]] = {
    "task.created": lambda said: f"{said['task']} · {said['repo']} · {said['model']}",
    "run.started": lambda said: f"commands are confined by {said['sandbox']}",
    "run.resumed": lambda said: "it goes on",
    "workspace.made": _made,
    "base.moved": lambda said: said["note"],
    "task.read": lambda said: f"{said['brief']['title']} · {_count(said['brief']['criteria'], 'criterion')}",
    "environment.ready": lambda said: f"{said['seconds']} s" + (", from before" if said["reused"] else ""),
    "environment.started": lambda said: "; ".join(said["commands"]),
    "environment.skipped": lambda said: said["reason"],
    "context.retrieved": _context,
    "plan.proposed": lambda said: f"{said['plan']['summary']} · {_count(said['plan']['steps'], 'step')}",
    "plan.updated": lambda said: (
        f"step {said['step']} {said['status']} {said['note']}" if said["step"] else ""
    ),
    "gate.requested": lambda said: f"{said['gate']} {said['subject'][:12]}: {'; '.join(said['reasons'])}",
    "gate.granted": lambda said: f"{said['gate']} by {said['actor']} {said['note']}",
    "gate.rejected": lambda said: f"{said['gate']} by {said['actor']} {said['note']}",
    "answered": lambda said: f"{said['actor']}: {said['text']}",
    "model.busy": lambda said: said["reason"],
    "model.response": lambda said: said["text"],
    "tool.call": told_of_call,
    "command.finished": lambda said: f"exit code {said['code']} after {said['seconds']} s",
    "tests.finished": lambda said: f"{said['stage']}: {said['summary']}",
    "edit.applied": lambda said: f"{', '.join(said['paths'])} +{said['added']} -{said['deleted']}",
    "edit.proposed": lambda said: f"{', '.join(said['paths'])} +{said['added']} -{said['deleted']}",
    "edit.rejected": lambda said: f"refused: {said['reasons'][0]}",
    "guard.tripped": _guard,
    "cycle": lambda said: f"not yet: {said['summary']}",
    "review.finished": lambda said: (
        "the change is accepted" if said["accepted"] else "; ".join(said["objections"])
    ),
    "report.made": lambda said: said["summary"],
    "diff.proposed": lambda said: ", ".join(said["paths"]),
    "work.finished": lambda said: said["subject"],
    "commit.created": lambda said: f"{said['commit'][:10]} on {said['branch']}",
    "branch.pushed": lambda said: f"{said['branch']} to {said['forge']}",
    "request.opened": lambda said: f"{said['number']} {said['url']}",
    "escalated": lambda said: f"{said['summary']} {said['question']}",
    "failed": lambda said: said["reason"],
    "cancelled": lambda said: said["reason"],
}

OF_THE_CHANGE = ("before", "during", "after")  # the others, as on the old code, are to be red
