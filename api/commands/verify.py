"""`cairn verify`: repositories -> whether each index equals its files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from .. import terminal
from ..settings import Settings
from . import data_option, json_option
from .index import local
from .status import choose_rows

_SHOWN = 10


@click.command(short_help="Prove that the index equals the files.")
@click.option("--repo", metavar="REPO", help="Only this repository (name or path). Default: all.")
@data_option
@json_option
def verify(repo: str | None, data: Path | None, as_json: bool) -> None:
    """Compare each index with its files: every file, line and vector. Exit code 1 when they differ."""
    settings = local(Settings.load(data=data))
    from ..service import Service
    from ..verify import verify as compare

    service = Service(settings)
    rows = choose_rows(service, repo)
    verdicts = [compare(service, row) for row in rows]
    wrong = [verdict.repo for verdict in verdicts if not verdict.ok]
    if as_json:
        terminal.print_json({"ok": not wrong, "repos": [{"ok": v.ok, **asdict(v)} for v in verdicts]})
    for verdict in verdicts if not as_json else []:
        state = "equals its files" if verdict.ok else "DIFFERS from its files"
        click.echo(f"{verdict.repo}: {verdict.files} files, {verdict.chunks} chunks, index {state}")
        for sentence in [*verdict.damaged, *verdict.stale][:_SHOWN]:
            click.echo(f"     {sentence}")
    if not verdicts and not as_json:
        click.echo("nothing is indexed yet; index a repository with: cairn index PATH")
    if any(verdict.damaged for verdict in verdicts):
        terminal.say("a damaged index is mended by: cairn remove REPO, then cairn index PATH")
    elif wrong:
        terminal.say("files changed since they were indexed; run: cairn index PATH")
    if wrong:
        raise click.exceptions.Exit(1)
