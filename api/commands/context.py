"""`cairn context`: a task -> what to know before writing, ready for a prompt."""

from __future__ import annotations

from pathlib import Path

import click

from .. import terminal, wire
from ..reader import open_reader
from ..settings import Settings
from . import data_option, json_option, repo_option, wait_option


@click.command(short_help="Pack what to know before writing, within a token budget.")
@click.argument("task", nargs=-1, required=True)
@click.option("--budget", type=click.IntRange(200, 200_000), default=8000, show_default=True, help="Tokens.")
@click.option("--path", "paths", multiple=True, help="A file the task is about; may be repeated.")
@click.option("--known", multiple=True, help="The id of a piece you hold already; may be repeated.")
@click.option("--tokenizer", help="Counts the budget: estimate, hf:FILE or tiktoken:FILE.")
@click.option("--map", "with_map", is_flag=True, help="Add a map of the surroundings.")
@wait_option
@repo_option
@data_option
@json_option
def context(
    task: tuple[str, ...],
    budget: int,
    paths: tuple[str, ...],
    known: tuple[str, ...],
    tokenizer: str | None,
    with_map: bool,
    wait: bool,
    repo: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Gather what matters for TASK: code to reuse, its callers, tests and conventions.

    The text goes to stdout and nothing else does, so it can be piped into a prompt.
    """
    reader = open_reader(Settings.load(data=data))
    chosen = reader.choose(repo)
    if wait:
        reader.catch_up([chosen.name])
    found = reader.verbs.context(
        " ".join(task), chosen.name, budget, paths, known, _absolute(tokenizer), with_map
    )
    if as_json:
        terminal.print_json(wire.of_context(found))
        return
    click.echo(found.text)
    for note in found.notes:
        terminal.say(note)
    left = f", {len(found.left_out)} pieces left out" if found.left_out else ""
    terminal.say(
        f"{found.tokens} of {found.budget} tokens ({found.tokenizer}), {len(found.items)} pieces{left}"
    )


def _absolute(tokenizer: str | None) -> str | None:
    """A file is named from where somebody stands, and may be read by a server that stands elsewhere."""
    kind, _, place = (tokenizer or "").partition(":")
    is_file = kind in ("hf", "tiktoken") and ("/" in place or Path(place).is_file())
    return f"{kind}:{Path(place).expanduser().absolute()}" if is_file else tokenizer
