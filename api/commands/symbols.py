"""`cairn symbols`, `callers`, `callees`: a name -> where it is defined, used, and what it uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from retriever.types import Caller

from .. import terminal, wire
from ..reader import Reader, open_reader
from ..settings import Settings
from . import data_option, json_option, repo_option

limit_option = click.option("--limit", type=click.IntRange(1, 500), default=50, show_default=True)


@click.command(short_help="List the definitions of a name.")
@click.argument("name")
@click.option("--kind", help="Only this kind: function, class, method, …")
@limit_option
@repo_option
@data_option
@json_option
def symbols(
    name: str, kind: str | None, limit: int, repo: str | None, data: Path | None, as_json: bool
) -> None:
    """List the definitions of NAME (`retry`, `Client.charge`, `ns::name`), exact ones first."""
    reader = open_reader(Settings.load(data=data))
    chosen = reader.choose(repo).name
    index = wire.of_freshness(reader.index_of(chosen))
    found = reader.verbs.symbols(chosen, name, kind, limit)
    if as_json:
        symbols = [wire.of_symbol(symbol) for symbol in found]
        terminal.print_json({"name": name, "symbols": symbols, "index": index})
        return
    for symbol in found:
        place = click.style(f"{symbol.path}:{symbol.start_line}-{symbol.end_line}", fg="cyan")
        click.echo(f"{place}  {click.style(symbol.qualname, bold=True)}  {symbol.kind}")
        if symbol.signature:
            click.echo(f"     {symbol.signature}")
    if not found:
        terminal.say(f"nothing called {name} is defined here; search for it in words instead")


@click.command(short_help="List where a definition is used.")
@click.argument("name")
@limit_option
@repo_option
@data_option
@json_option
def callers(name: str, limit: int, repo: str | None, data: Path | None, as_json: bool) -> None:
    """List the uses of NAME, proven ones first."""
    _uses(
        "callers", lambda reader, chosen: reader.verbs.callers(chosen, name, limit), name, repo, data, as_json
    )


@click.command(short_help="List what a definition uses.")
@click.argument("name")
@limit_option
@repo_option
@data_option
@json_option
def callees(name: str, limit: int, repo: str | None, data: Path | None, as_json: bool) -> None:
    """List what NAME uses of this repository, each with where that is defined."""
    _uses(
        "callees", lambda reader, chosen: reader.verbs.callees(chosen, name, limit), name, repo, data, as_json
    )


def _uses(
    verb: str,
    ask: Callable[[Reader, str], Sequence[Caller]],
    name: str,
    repo: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    reader = open_reader(Settings.load(data=data))
    chosen = reader.choose(repo).name
    index = wire.of_freshness(reader.index_of(chosen))
    found = ask(reader, chosen)
    if as_json:
        terminal.print_json({"name": name, verb: [wire.of_caller(use) for use in found], "index": index})
        return
    for use in found:
        symbol = f"  {click.style(use.symbol, bold=True)}" if use.symbol else ""
        doubt = "" if use.resolved else click.style("  (only the name agrees)", dim=True)
        click.echo(f"{click.style(f'{use.path}:{use.line}', fg='cyan')}{symbol}{doubt}")
    if not found:
        terminal.say(f"no {verb} of {name} are known")
