"""`cairn index`: a folder -> its index, or what changed in it since."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.errors import BadInput, IndexBusy

from .. import terminal, wire
from ..settings import Settings
from . import data_option, json_option

if TYPE_CHECKING:
    from indexer.sync import SyncReport

PATIENCE = 600.0  # seconds to wait for another process that indexes the same files, as `serve` may
_QUIET = 2.0  # of them without a word: `serve` takes up a save in less


@click.command(short_help="Index a repository, or what changed in it.")
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--name", help="Name of a new repository. Default: the folder's name.")
@data_option
@json_option
def index(path: Path, name: str | None, data: Path | None, as_json: bool) -> None:
    """Index the repository at PATH (default: this folder).

    The second time, only what changed is done. Ctrl-C leaves an index that the next run completes.
    """
    settings = local(Settings.load(data=data))
    from indexer.sync import Hooks

    from ..service import Service

    service = Service(settings)
    repo, _ = service.add_repo(path.expanduser().absolute(), name)
    with terminal.progress(f"indexing {repo.name}") as show:
        hooks = Hooks(progress=show)
        try:
            report = service.sync(repo, None, hooks, patience=_QUIET)
        except IndexBusy as busy:
            terminal.say(f"{busy}; waiting")
            report = service.sync(repo, None, hooks, patience=PATIENCE)
    if service.advice:
        terminal.say(service.advice)
    service.close()
    if as_json:
        terminal.print_json(wire.of_report(report))
    else:
        click.echo(summary(report))


def local(settings: Settings) -> Settings:
    """Settings for a command that works on files here. Raises BadInput when a server elsewhere is meant."""
    if settings.url is not None:
        raise BadInput(
            f"CAIRN_URL is set, so questions go to {settings.url}, but this command works on the data "
            "directory of this machine; unset CAIRN_URL, or use that server's HTTP interface"
        )
    return settings


def summary(report: SyncReport) -> str:
    """What a sync found and did, in a few lines."""
    did = (
        f"{report.changed} changed, {report.removed} removed"
        if report.changed or report.removed
        else "no change"
    )
    lines = [
        f"{report.repo}: {report.files} files, {report.chunks} chunks, {report.symbols} symbols "
        f"({did}) in {report.seconds:.1f} s"
    ]
    if report.skipped:
        counts = ", ".join(f"{n} {reason}" for reason, n in report.skipped.items())
        lines.append(f"left out: {counts} (cairn status --skipped lists them)")
    if report.redactions:
        lines.append(f"secrets redacted: {report.redactions}")
    lines += [f"failed: {failed}" for failed in report.failed]
    return "\n".join(lines)
