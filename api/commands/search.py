"""`cairn search`: a question -> places in the code, made for reading."""

from __future__ import annotations

import re
from pathlib import Path

import click

from retriever.types import Filters, Hit, Query, SearchResult

from .. import terminal, wire
from ..excerpt import excerpt, pattern_of
from ..reader import open_reader
from ..settings import Settings
from . import data_option, json_option, wait_option


@click.command(short_help="Find code by meaning, words or name.")
@click.argument("query", nargs=-1, required=True)
@click.option("--repo", "repos", multiple=True, metavar="REPO", help="Name or path; may be repeated.")
@click.option("--all", "everywhere", is_flag=True, help="Search every indexed repository.")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True, help="How many hits.")
@click.option("--path", "paths", multiple=True, help="Only this folder, file or glob; may be repeated.")
@click.option("--language", "languages", multiple=True, help="Only this language; may be repeated.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice(["code", "docs", "config"]))
@wait_option
@data_option
@json_option
def search(
    query: tuple[str, ...],
    repos: tuple[str, ...],
    everywhere: bool,
    limit: int,
    paths: tuple[str, ...],
    languages: tuple[str, ...],
    kinds: tuple[str, ...],
    wait: bool,
    data: Path | None,
    as_json: bool,
) -> None:
    """Find the places that answer QUERY: a question in words, or the name of a definition."""
    reader = open_reader(Settings.load(data=data))
    if everywhere:
        names = tuple(repo.name for repo in reader.repos)
    else:
        names = tuple(reader.choose(given).name for given in repos or [None])
    if wait:
        reader.catch_up(names)
    text = " ".join(query)
    result = reader.verbs.search(Query(text, names, limit, Filters(paths, languages, kinds)))
    if as_json:
        terminal.print_json(wire.of_search(result))
        return
    _print(result, several=len(names) > 1)


def _print(result: SearchResult, several: bool) -> None:
    pattern = pattern_of(result.query)
    for number, hit in enumerate(result.hits, 1):
        click.echo(_headline(number, hit, several))
        for line in excerpt(hit, pattern):
            click.echo(f"     {_marked(line, pattern)}")
        click.echo(click.style(f"     why: {'; '.join(hit.reasons)}", dim=True))
        for place in hit.also:
            name = f"  {place.symbol}" if place.symbol else ""
            click.echo(
                click.style(f"     also: {hit.path}:{place.start_line}-{place.end_line}{name}", dim=True)
            )
        click.echo()
    if not result.hits:
        click.echo("nothing found; use other words, or widen the filters")
    for note in result.notes:
        terminal.say(note)
    for index in result.index:
        if index.partial and not index.generation:
            terminal.say(f"{index.repo} is not indexed yet by this model and version; run: cairn index PATH")
        elif index.partial:
            terminal.say(f"{index.repo} is being indexed; this answer is from what is there so far")
        elif index.pending:
            terminal.say(f"{index.repo}: {index.pending} changed files are not in this answer yet")


def _headline(number: int, hit: Hit, several: bool) -> str:
    place = f"{hit.path}:{hit.start_line}-{hit.end_line}"
    repo = f"{hit.repo}: " if several else ""
    symbol = f"  {click.style(hit.symbol, bold=True)}  {hit.symbol_kind}" if hit.symbol else ""
    return f"{number:>3}  {repo}{click.style(place, fg='cyan')}{symbol}"


def _marked(line: str, pattern: re.Pattern[str] | None) -> str:
    if pattern is None:
        return line
    return pattern.sub(lambda found: click.style(found.group(), fg="yellow", bold=True), line)
