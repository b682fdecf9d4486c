"""`cairn conventions`: a repository -> what its code takes for granted, with evidence."""

from __future__ import annotations

from pathlib import Path

import click

from .. import terminal, wire
from ..reader import open_reader
from ..settings import Settings
from . import data_option, json_option, repo_option


@click.command(short_help="List what the team's code takes for granted.")
@click.option("--path", help="Only those that hold for this file or folder.")
@click.option("--all", "everything", is_flag=True, help="Also those that nearly every project follows.")
@repo_option
@data_option
@json_option
def conventions(
    path: str | None, everything: bool, repo: str | None, data: Path | None, as_json: bool
) -> None:
    """List conventions: how much of the code follows each, an example, and what does not."""
    reader = open_reader(Settings.load(data=data))
    chosen = reader.choose(repo).name
    index = wire.of_freshness(reader.index_of(chosen))
    found = reader.verbs.conventions(chosen, path)
    rules = [rule for rule in found if everything or not rule.ordinary]
    if as_json:
        terminal.print_json({"conventions": [wire.of_rule(rule) for rule in rules], "index": index})
        return
    for rule in rules:
        where = f"  in {rule.scope}" if rule.scope else ""
        click.echo(f"{click.style(rule.statement, bold=True)}  {rule.support} of {rule.total}{where}")
        if rule.examples:
            click.echo(f"     as in {', '.join(rule.examples[:2])}")
        if rule.counter_examples:
            click.echo(click.style(f"     but not {', '.join(rule.counter_examples[:2])}", dim=True))
    if not rules:
        terminal.say("no convention is followed widely enough to be called one")
