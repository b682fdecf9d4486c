"""`cairn map`: a repository -> its most central definitions, within a token budget."""

from __future__ import annotations

from pathlib import Path

import click

from retriever.types import RepositoryMap

from .. import terminal, wire
from ..reader import open_reader
from ..settings import Settings
from . import data_option, json_option, repo_option, wait_option


@click.command(short_help="Show the most central definitions, within a token budget.")
@click.option("--budget", type=click.IntRange(100, 200_000), default=1024, show_default=True, help="Tokens.")
@click.option(
    "--focus",
    multiple=True,
    metavar="TEXT|PATH|SYMBOL",
    help="What it is about: words, a file, a folder, path:line or a definition; may be repeated.",
)
@click.option("--path", default="", help="Only this folder or file.")
@wait_option
@repo_option
@data_option
@json_option
def map(
    budget: int,
    focus: tuple[str, ...],
    path: str,
    wait: bool,
    repo: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Show what a repository consists of: files with the signatures of their most central definitions.

    What is central is what the rest of the code rests on; with --focus, what stands near to it.
    The text goes to stdout and nothing else does, so it can be piped into a prompt.
    """
    reader = open_reader(Settings.load(data=data))
    chosen = reader.choose(repo)
    if wait:
        reader.catch_up([chosen.name])
    found = reader.verbs.map(chosen.name, budget, focus, path)
    if as_json:
        terminal.print_json(wire.of_map(found))
        return
    click.echo(found.text, nl=False)
    _tell(found)


def _tell(found: RepositoryMap) -> None:
    for note in found.notes:
        terminal.say(note)
    shown = sum(len(file.definitions) for file in found.files)
    terminal.say(
        f"{found.tokens} of {found.budget} tokens: {shown} definitions in {len(found.files)} files, "
        f"{found.left_out} left out"
    )
