"""`cairn index`: a folder -> its index, or what changed in it since."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from indexer.errors import BadInput, IndexBusy

from .. import terminal, wire
from ..settings import Settings
from . import data_option, json_option

if TYPE_CHECKING:
    from indexer.store.catalog import RepoRow
    from indexer.sync import SyncReport

    from ..service import Service

PATIENCE = 600.0  # seconds to wait for another process that indexes the same files, as `serve` may
_QUIET = 2.0  # of them without a word: `serve` takes up a save in less


@click.command(short_help="Index a repository, or what changed in it.")
@click.argument("path", type=click.Path(path_type=Path), default=None, required=False)
@click.option("--name", help="Name of a new repository. Default: the folder's name.")
@click.option(
    "--rebuild", is_flag=True, help="Begin again, with every repository there is: for a damaged index."
)
@data_option
@json_option
def index(path: Path | None, name: str | None, rebuild: bool, data: Path | None, as_json: bool) -> None:
    """Index the repository at PATH (default: this folder).

    The second time, only what changed is done. Ctrl-C, and a kill too, leave an index that the next run
    completes. --rebuild is for an index that is damaged: it indexes every registered repository anew.
    """
    if rebuild and (path is not None or name is not None):
        raise click.UsageError("--rebuild is for all repositories; give no PATH and no --name with it")
    settings = local(Settings.load(data=data))
    from ..service import Service

    service = Service(settings)
    if rebuild:
        reports = _rebuild(service)
    else:
        repo, _ = service.add_repo(Path(os.path.expanduser(path or "")).absolute(), name)
        reports = [_sync(service, repo)]
    if service.advice:
        terminal.say(service.advice)
    service.close()
    if as_json:
        found = [wire.of_report(report) for report in reports]
        terminal.print_json({"repos": found} if rebuild else found[0])
    else:
        click.echo("\n".join(map(summary, reports)))


def _rebuild(service: Service) -> list[SyncReport]:
    if (aside := service.rebuild()) is not None:
        terminal.say(f"the damaged catalog lies in {aside} now; delete it when nothing is missed")
    reports = []
    for repo in service.catalog.repos():
        if Path(repo.root).is_dir():
            reports.append(_sync(service, repo))
        else:
            terminal.say(f"{repo.name} is indexed when its folder is back: {repo.root}")
    return reports


def _sync(service: Service, repo: RepoRow) -> SyncReport:
    service.current.wake_vectors()  # beside the next line, which imports what reads files
    from indexer.sync import Hooks

    with terminal.progress(f"indexing {repo.name}") as show:
        hooks = Hooks(progress=show)
        try:
            return service.sync(repo, None, hooks, patience=_QUIET)
        except IndexBusy as busy:
            terminal.say(f"{busy}; waiting")
            return service.sync(repo, None, hooks, patience=PATIENCE)


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
