"""`cairn verify`: repositories -> proof that each index equals its files, or what does not; mends it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.errors import BadInput
from retriever.client import KnownRepo

from .. import terminal, wire
from ..reader import choose
from ..settings import Settings
from . import data_option, json_option
from .index import local
from .status import choose_rows

if TYPE_CHECKING:
    from indexer.store.catalog import RepoRow
    from indexer.verify.ledger import Ledger

    from ..service import Service
    from ..verify import Verdict

_SHOWN = 10  # sentences of each kind; --json has them all
_LINE_EVERY = 2.0  # seconds between lines of progress
_EVERYTHING = "."


@click.command(short_help="Prove that the index equals the files.")
@click.argument("repository", metavar="[REPO]", required=False)
@click.option("--repo", metavar="REPO", help="Only this repository (name or path). Default: all.")
@click.option("--sample", type=click.IntRange(0), metavar="N", help="Rebuild this many files. Default: 50.")
@click.option("--full", is_flag=True, help="Rebuild everything, and compare answers as well.")
@click.option("--fix", is_flag=True, help="Mend what is wrong, and prove it again.")
@click.option(
    "--ledger",
    is_flag=False,
    flag_value=_EVERYTHING,
    metavar="[PATH]",
    help="Instead, say what became of every byte, or of PATH: indexed, or left out and why.",
)
@data_option
@json_option
def verify(
    repository: str | None,
    repo: str | None,
    sample: int | None,
    full: bool,
    fix: bool,
    ledger: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """Compare each index with its files and with a clean rebuild of a sample of them, or of all (--full).

    The rebuild is made beside the index and removed; the index is only changed with --fix. Exit code 1
    when something is wrong and was not mended.
    """
    if full and sample is not None:
        raise BadInput("--full rebuilds every file, --sample some; give one of them")
    settings = local(Settings.load(data=data))
    from ..service import Service

    service = Service(settings)
    wanted = repo or repository
    if ledger is None:
        _prove(service, choose_rows(service, wanted), sample, full, fix, as_json)
    elif ledger == _EVERYTHING:
        _print_ledgers(service, choose_rows(service, wanted), as_json)
    else:
        _print_fate(service, ledger, wanted, as_json)


def _prove(
    service: Service, rows: list[RepoRow], sample: int | None, full: bool, fix: bool, as_json: bool
) -> None:
    from ..verify import SAMPLE_FILES, Scope
    from ..verify import verify as compare

    scope = Scope(SAMPLE_FILES if sample is None else sample, full, fix)
    verdicts = []
    for row in rows:
        verdict = compare(service, row, scope, _Lines(row.name).show)
        verdicts.append(verdict)
        if not as_json:
            _print(verdict)
    wrong = [verdict for verdict in verdicts if not verdict.ok]
    if as_json:
        terminal.print_json({"ok": not wrong, "repos": [wire.of_verdict(v) for v in verdicts]})
    elif not verdicts:
        click.echo("nothing is indexed yet; index a repository with: cairn index PATH")
    service.close()
    if wrong:
        if not fix and any(verdict.damaged for verdict in wrong):
            terminal.say("mend a damaged index with: cairn verify --fix")
        elif not fix:
            terminal.say("files changed since they were indexed; run: cairn index PATH")
        raise click.exceptions.Exit(1)


def _print(verdict: Verdict) -> None:
    state = "equals its files" if verdict.ok else "DIFFERS from its files"
    click.echo(
        f"{click.style(verdict.repo, bold=True)}: {verdict.files} files, {verdict.chunks} chunks, "
        f"generation {verdict.generation}; the index {state} ({verdict.seconds:.1f} s)"
    )
    _print_some("found", verdict.found)
    _print_some("mended", verdict.mended)
    _print_some("damaged", verdict.damaged)
    _print_some("changed", verdict.stale)
    _print_some("proven", verdict.proven)
    _print_some("note", verdict.notes)


def _print_some(what: str, sentences: tuple[str, ...]) -> None:
    for sentence in sentences[:_SHOWN]:
        click.echo(f"     {what}: {sentence}")
    if len(sentences) > _SHOWN:
        click.echo(f"     {what}: and {len(sentences) - _SHOWN} more (--json has them all)")


class _Lines:
    """A line of progress now and then, on stderr."""

    def __init__(self, repo: str) -> None:
        self._repo = repo
        self._next = time.monotonic() + _LINE_EVERY

    def show(self, what: str, done: int, total: int) -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _LINE_EVERY
            terminal.say(f"{self._repo}: {what}, {done} of {total}")


def _print_ledgers(service: Service, rows: list[RepoRow], as_json: bool) -> None:
    from indexer.verify.ledger import balance

    documents = []
    for row in rows:
        ledger = balance(service.catalog, row)
        documents.append({"repo": row.name, **wire.of_ledger(ledger)})
        if not as_json:
            _print_ledger(row, ledger)
    if as_json:
        terminal.print_json({"repos": documents})
    service.close()


def _print_ledger(row: RepoRow, ledger: Ledger) -> None:
    click.echo(f"{click.style(row.name, bold=True)}  {row.root}")
    parts: list[tuple[str, Any]] = sorted(ledger.parts.items(), key=lambda part: -part[1].bytes)
    for fate, share in [*parts, ("all", ledger.whole)]:
        lines = "" if share.lines is None else f"{share.lines:>10} lines"
        click.echo(f"     {fate:<24}{share.files:>8} files{share.bytes:>14} bytes{lines}")
    if ledger.redactions:
        click.echo(f"     secrets not stored: {ledger.redactions}, in {ledger.redacted_lines} indexed lines")
    for path in ledger.unaccounted[:_SHOWN]:
        click.echo(f"     unaccounted: {path} (changed since the last sync; cairn index takes it up)")
    for path in ledger.unreadable[:_SHOWN]:
        click.echo(f"     unreadable folder, nobody knows what is in it: {path}")


def _print_fate(service: Service, asked: str, wanted: str | None, as_json: bool) -> None:
    from indexer.verify.fate import fate_of

    row, path = _place(service, asked, wanted)
    fate = fate_of(service.catalog, row, path, service.settings.file_options)
    if as_json:
        terminal.print_json({"repo": row.name, **wire.of_fate(fate)})
    else:
        click.echo(f"{fate.path}: {fate.said}")
    service.close()


def _place(service: Service, asked: str, wanted: str | None) -> tuple[RepoRow, str]:
    """The repository that is meant, and the path in it: from its root, or from the folder one stands in."""
    rows = service.repos()
    absolute = os.path.normpath(os.path.join(os.getcwd(), asked))
    holding = [row for row in rows if wanted is None and os.path.commonpath([row.root, absolute]) == row.root]
    if holding and (os.path.isabs(asked) or os.path.lexists(absolute)):
        row = max(holding, key=lambda row: len(row.root))
        return row, os.path.relpath(absolute, row.root)
    name = choose([KnownRepo(row.name, row.root) for row in rows], wanted).name
    row = next(row for row in rows if row.name == name)
    path = os.path.normpath(os.path.relpath(asked, row.root) if os.path.isabs(asked) else asked)
    if path.split(os.sep)[0] == "..":
        raise BadInput(f"{asked} lies outside {row.root}; give a path below it")
    return row, path
