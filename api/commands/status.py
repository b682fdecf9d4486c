"""`cairn status`: a data directory -> what is indexed in it, how fresh it is, what is left out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from retriever.client import Client, KnownRepo, running_server

from .. import terminal, wire
from ..reader import choose
from ..settings import Settings
from . import data_option, json_option
from .index import local

if TYPE_CHECKING:
    from indexer.store.catalog import RepoRow

    from ..service import Service

# What a server knows of a repository beyond the catalog, and what holds where none runs.
_UNWATCHED: dict[str, Any] = {
    "watching": False, "lag_seconds": 0.0, "beat_age_seconds": None, "problem": None,
}  # fmt: skip
_SHOWN = 20  # skipped paths of one reason; --json has them all


@click.command(short_help="Show what is indexed, and what is left out.")
@click.option("--repo", metavar="REPO", help="Only this repository (name or path). Default: all.")
@click.option("--skipped", is_flag=True, help="List the paths that are left out, by reason.")
@data_option
@json_option
def status(repo: str | None, skipped: bool, data: Path | None, as_json: bool) -> None:
    """Show the indexed repositories, how fresh each is, and what is left out for which reason."""
    settings = local(Settings.load(data=data))
    from ..leftovers import used_bytes
    from ..migration_state import state_of
    from ..service import Service

    service = Service(settings)
    rows = choose_rows(service, repo)
    server = running_server(settings.data)
    watched = _watched(server) if server else {}
    document = {
        "data": str(settings.data),
        "bytes": used_bytes(settings.data),
        "embedder": service.embedder.fingerprint,
        "second_stage": settings.rerank,
        "index": state_of(service),
        "server": server.url if server else None,
        "repos": [{**_of(service, row, skipped), **watched.get(row.name, _UNWATCHED)} for row in rows],
    }
    if as_json:
        terminal.print_json(document)
    else:
        _print(document)


def choose_rows(service: Service, repo: str | None) -> list[RepoRow]:
    """The one that is meant, or all."""
    rows = service.repos()
    if repo is None:
        return rows
    known = [KnownRepo(row.name, row.root) for row in rows]
    name = choose(known, repo).name
    return [row for row in rows if row.name == name]


def _watched(server: Client) -> dict[str, dict[str, Any]]:
    """How the running server follows each repository."""
    return {repo["name"]: {key: repo[key] for key in _UNWATCHED} for repo in server.get("/v1/repos")["repos"]}


def _of(service: Service, row: RepoRow, skipped: bool) -> dict[str, Any]:
    document = {
        **wire.of_repo(row),
        **service.catalog.counts(row),
        "skipped": service.catalog.skip_counts(row),
    }
    if skipped:
        document["skipped_paths"] = [
            {"path": path, "reason": reason, "detail": detail}
            for path, reason, detail in service.catalog.skipped(row)
        ]
    return document


def _print(document: dict[str, Any]) -> None:
    size = document["bytes"] / 1e6
    click.echo(f"{document['data']}  {size:.1f} MB  {document['embedder']}")
    if document["second_stage"]:
        click.echo(f"second stage: {document['second_stage']}")
    click.echo(f"server: {document['server'] or 'none (cairn serve starts one)'}")
    for line in _around(document["index"]):
        click.echo(line)
    for repo in document["repos"]:
        click.echo()
        click.echo(f"{click.style(repo['name'], bold=True)}  {repo['root']}")
        click.echo(f"     {repo['files']} files, {repo['chunks']} chunks, {repo['symbols']} symbols")
        click.echo(f"     {_freshness(repo)}")
        if document["server"]:
            click.echo(f"     {_following(repo)}")
        if repo["redactions"]:
            click.echo(f"     secrets redacted: {repo['redactions']}")
        if repo["skipped"]:
            counts = ", ".join(f"{count} {reason}" for reason, count in repo["skipped"].items())
            click.echo(f"     left out: {counts}")
        _print_skipped(repo.get("skipped_paths", []))
    if not document["repos"]:
        click.echo("nothing is indexed yet; index a repository with: cairn index PATH")


def _around(index: dict[str, Any]) -> list[str]:
    """What lies beside the index that answers, a line for each."""
    lines = []
    if index["building"]:
        done = index["progress"]
        lines.append(
            f"being built: {index['building']['fingerprint']}, {done['done']} of {done['total']} files; "
            "cairn migrate goes on with it, --cancel gives it up"
        )
    elif index["advice"]:
        lines.append(index["advice"])
    if index["previous"]:
        one = index["previous"]
        size = f"{one['bytes'] / 1e6:.1f} MB"
        lines.append(f"kept: {one['fingerprint']}, {size}; cairn migrate --rollback or --clean")
    for one in index["leftovers"]:
        name, size = one["fingerprint"] or one["edition"], f"{one['bytes'] / 1e6:.1f} MB"
        lines.append(f"left over: {name}, {size}; cairn migrate --clean removes it")
    return lines


def _freshness(repo: dict[str, Any]) -> str:
    if not repo["complete"]:
        return "not complete; run cairn index again to go on"
    commit = f", commit {repo['commit'][:12]}" if repo["commit"] else ""
    pending = f", {repo['pending']} files pending" if repo["pending"] else ""
    return f"generation {repo['generation']}{commit}, last looked at {repo['synced_at']}{pending}"


def _following(repo: dict[str, Any]) -> str:
    lag = f", {repo['lag_seconds']:.1f} s behind" if repo["lag_seconds"] else ""
    if repo["watching"]:
        return f"followed{lag}" + (f"; {repo['problem']}" if repo["problem"] else "")
    return click.style(f"NOT followed: {repo['problem'] or 'the server has not begun yet'}", fg="red")


def _print_skipped(skipped: list[dict[str, str]]) -> None:
    by_reason: dict[str, list[str]] = {}
    for one in skipped:
        detail = f" ({one['detail']})" if one["detail"] else ""
        by_reason.setdefault(one["reason"], []).append(one["path"] + detail)
    for reason, paths in by_reason.items():
        click.echo(f"     {reason}:")
        for path in paths[:_SHOWN]:
            click.echo(f"         {path}")
        if len(paths) > _SHOWN:
            click.echo(f"         and {len(paths) - _SHOWN} more (--json has them all)")
