"""`cairn remove`: a repository -> nothing of it in the index. Its files stay."""

from __future__ import annotations

import os
from pathlib import Path

import click

from indexer.errors import BadInput
from retriever.client import Client

from .. import terminal
from ..reader import open_reader
from ..settings import Settings
from . import data_option, json_option
from .index import local


@click.command(short_help="Forget a repository's index.")
@click.argument("repo")
@data_option
@json_option
def remove(repo: str, data: Path | None, as_json: bool) -> None:
    """Forget the index of REPO (its name or its root). The repository's own files are not touched."""
    settings = local(Settings.load(data=data))
    reader = open_reader(settings)
    chosen = reader.choose(repo)
    if repo != chosen.name and os.path.realpath(os.path.expanduser(repo)) != chosen.root:
        raise BadInput(
            f"{repo} lies in {chosen.name} ({chosen.root}); to forget all of it: cairn remove {chosen.name}"
        )
    if isinstance(reader.verbs, Client):
        reader.verbs.remove(chosen.name)  # who follows the files has to stop first
    else:
        from ..service import Service

        service = Service(settings)
        service.remove(service.named(chosen.name))
        service.close()
    if as_json:
        terminal.print_json({"removed": chosen.name, "root": chosen.root})
    else:
        click.echo(f"{chosen.name} is removed from the index; the files in {chosen.root} are as they were")
