"""`cairn conventions`: a repository -> what its code takes for granted, with evidence."""

from __future__ import annotations

from pathlib import Path

import click

from .. import terminal, wire
from ..listing import listing
from ..reader import open_reader
from ..settings import Settings
from . import data_option, json_option, repo_option


@click.command(short_help="List what the team's code takes for granted.")
@click.option("--path", help="Only those that hold for this file or folder.")
@click.option("--language", help="Only those of this language: a name (typescript) or a suffix (ts).")
@click.option("--family", help="Only naming, errors, tests, docs, structure, tooling or history.")
@click.option(
    "--all", "everything", is_flag=True, help="Also what nearly every project does, and all that is written."
)
@click.option("--rejected", is_flag=True, help="Only those that .cairn.toml rejects, with the reasons.")
@click.option(
    "--export", type=click.Choice(["agents-md"]), help="Print a short AGENTS.md to go over and sign."
)
@repo_option
@data_option
@json_option
def conventions(
    path: str | None,
    language: str | None,
    family: str | None,
    everything: bool,
    rejected: bool,
    export: str | None,
    repo: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """List conventions: how much of the code follows each, an example, and what does not.

    What a tool enforces stands apart, for nobody has to be told. Sentences of the repository's own guides
    are cited where the code bears them out, and set against it where it does not.
    """
    reader = open_reader(Settings.load(data=data))
    chosen = reader.choose(repo).name
    index = wire.of_freshness(reader.index_of(chosen))
    found = reader.verbs.conventions(chosen, path, language, family, everything, history=True)
    if as_json:
        terminal.print_json({**wire.of_conventions(found), "index": index})
        return
    for problem in found.problems:
        terminal.say(problem)
    if export:
        from retriever.conventions.agents_md import agents_md

        click.echo(agents_md(chosen, found), nl=False)
        return
    lines = list(listing(found, rejected))
    for line in lines:
        click.echo(line)
    if not lines:
        terminal.say(
            "nothing is rejected" if rejected else "no convention is followed widely enough to be called one"
        )
