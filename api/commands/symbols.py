"""`cairn symbols`, `callers`, `callees`, `hierarchy`: a name -> its places in the graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from retriever.types import Caller, Relative

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
        of_kind = f" of the kind {kind}" if kind else ""
        terminal.say(f"nothing called {name}{of_kind} is defined here; search for it in words instead")


@click.command(short_help="List where a definition is used.")
@click.argument("name")
@click.option("--tests", "only_tests", is_flag=True, help="The tests that exercise it instead.")
@limit_option
@repo_option
@data_option
@json_option
def callers(
    name: str, only_tests: bool, limit: int, repo: str | None, data: Path | None, as_json: bool
) -> None:
    """List the uses of NAME, proven ones first.

    With --tests: the tests that call it, that call what calls it, or that are named after it.
    """
    verb = "tests" if only_tests else "callers"

    def ask(reader: Reader, chosen: str) -> Sequence[Caller]:
        verbs = reader.verbs
        return verbs.tests(chosen, name, limit) if only_tests else verbs.callers(chosen, name, limit)

    _uses(verb, ask, name, repo, data, as_json)


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
        via = f"  through {use.via}" if use.via else ""
        click.echo(f"{click.style(f'{use.path}:{use.line}', fg='cyan')}{symbol}{via}{_doubt(use.resolved)}")
    if not found:
        terminal.say(f"no {verb} of {name} are known")


@click.command(short_help="List what a class or method inherits from, and its heirs.")
@click.argument("name")
@repo_option
@data_option
@json_option
def hierarchy(name: str, repo: str | None, data: Path | None, as_json: bool) -> None:
    """List what stands above and below NAME: bases and heirs, overridden and overriding methods."""
    reader = open_reader(Settings.load(data=data))
    found = reader.verbs.hierarchy(reader.choose(repo).name, name)
    if as_json:
        terminal.print_json({"name": name, "hierarchy": [wire.of_hierarchy(one) for one in found]})
        return
    for one in found:
        place = click.style(f"{one.of.path}:{one.of.start_line}", fg="cyan")
        click.echo(f"{place}  {one.of.symbol}  {one.of.kind}")
        for side in ("ancestors", "descendants", "overridden", "overriding", "implementations"):
            relatives: Sequence[Relative] = getattr(one, side)
            if relatives:
                click.echo(f"  {side}")
            for other in relatives:
                place = click.style(f"{other.path}:{other.start_line}", fg="cyan")
                indent = "  " * (1 + other.steps)
                click.echo(f"{indent}{place}  {click.style(other.symbol, bold=True)}{_doubt(other.resolved)}")
    if not any(one.ancestors or one.descendants or one.overridden or one.overriding for one in found):
        terminal.say(f"nothing stands above or below {name} here")


def _doubt(resolved: bool) -> str:
    return "" if resolved else click.style("  (only the name agrees)", dim=True)
