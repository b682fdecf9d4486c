"""`cairn migrate`: another model or version -> its index, built beside the present one, then in its place."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from indexer.errors import CairnError

from .. import terminal
from ..settings import Settings
from . import data_option, json_option
from .index import local

if TYPE_CHECKING:
    from ..estimate import Estimate
    from ..migration import Migrated
    from ..opened import Opened
    from ..service import Service


@click.command(short_help="Build the index of another model beside this one, then swap.")
@click.option(
    "--to", "model", metavar="MODEL", help="The model, as in CAIRN_EMBEDDER. Default: the settings'."
)
@click.option(
    "--estimate", "only", flag_value="estimate", help="Only say how long it takes and how much room."
)
@click.option("--rollback", "only", flag_value="rollback", help="Go back to the index before.")
@click.option("--cancel", "only", flag_value="cancel", help="Give up what is being built, and remove it.")
@click.option("--clean", "only", flag_value="clean", help="Remove every index but the one that answers.")
@data_option
@json_option
def migrate(model: str | None, only: str | None, data: Path | None, as_json: bool) -> None:
    """Build an index with the model and version that the settings ask for, while the present one goes on
    answering and following its files; then let the new one answer.

    Stopped or killed, it goes on where it was. The index before is kept for --rollback until the next
    migration or --clean. A running server needs no restart, and does all this by itself at its start.
    """
    settings = local(Settings.load(data=data))
    if model is not None:
        settings = replace(settings, embedder=model)
    from ..service import Service

    # The model that is asked for must not matter for what answers meanwhile.
    service = Service(settings)
    try:
        document = _ACTIONS[only](service, as_json)
    finally:
        service.close()
    if as_json:
        terminal.print_json(document)


def _migrate(service: Service, quiet: bool) -> dict[str, Any]:
    from ..migration import migrate as build

    to = _wanted(service)
    if to is None:
        return _tell_nothing_to_do(service, quiet)
    expected = _estimate(to, service, quiet)
    if not expected.fits:
        raise CairnError(
            f"the index of {expected.embedder} takes about {_size(expected.bytes)}, and "
            f"{_size(expected.free)} are free in {service.data.root}; make room, or choose another --data"
        )
    with terminal.progress(f"building the index of {to.edition.embedder}") as show:
        from indexer.sync import Hooks

        done = build(service, to, Hooks(progress=show))
    return _tell(service, done, quiet, estimate=asdict(expected))


def _only_estimate(service: Service, quiet: bool) -> dict[str, Any]:
    to = _wanted(service)
    return _tell_nothing_to_do(service, quiet) if to is None else asdict(_estimate(to, service, quiet))


def _roll_back(service: Service, quiet: bool) -> dict[str, Any]:
    from indexer.sync import Hooks

    from ..migration import roll_back

    with terminal.progress("bringing the index before up to date") as show:
        done = roll_back(service, Hooks(progress=show))
    return _tell(service, done, quiet)


def _cancel(service: Service, quiet: bool) -> dict[str, Any]:
    from ..migration import cancel

    building = cancel(service)
    if not quiet:
        click.echo(f"the index of {building.embedder} is no longer built; {_answering(service)}")
    return {"cancelled": building.fingerprint, "current": service.fingerprint}


def _clean(service: Service, quiet: bool) -> dict[str, Any]:
    from ..migration import clean

    removed, notes = clean(service)
    if not quiet:
        click.echo(f"removed: {', '.join(removed) or 'nothing, there was none'}; {_answering(service)}")
        for note in notes:
            terminal.say(note)
    return {"removed": list(removed), "notes": list(notes), "current": service.fingerprint}


_ACTIONS = {
    None: _migrate,
    "estimate": _only_estimate,
    "rollback": _roll_back,
    "cancel": _cancel,
    "clean": _clean,
}


def _wanted(service: Service) -> Opened | None:
    from ..migration import wanted

    return wanted(service)


def _estimate(to: Opened, service: Service, quiet: bool) -> Estimate:
    from ..estimate import estimate

    found = estimate(service, to)
    if not quiet:
        say = click.echo
        say(f"from  {service.fingerprint}")
        say(f"to    {found.fingerprint}")
        say(f"      {found.files} files, {found.chunks} chunks")
        say(
            f"about {_time(found.seconds)} and {_size(found.bytes)} of disk "
            f"(by {found.sampled} chunks; {_size(found.free)} are free)"
        )
    return found


def _tell(service: Service, done: Migrated, quiet: bool, **more: Any) -> dict[str, Any]:
    if not quiet:
        click.echo(f"{_answering(service)} (after {_time(done.seconds)})")
        if done.previous is not None:
            kept = f"kept for cairn migrate --rollback: the index of {done.previous.embedder}"
            click.echo(f"{kept}; cairn migrate --clean removes it")
        for fingerprint in done.removed:
            click.echo(f"removed: {fingerprint}")
        for note in done.notes:
            terminal.say(note)
    asked = Settings.load(data=service.data.root).embedder
    if asked not in (None, done.edition.embedder):
        terminal.say(f"CAIRN_EMBEDDER is {asked!r} here: a server that starts with that builds it again")
    return {
        "current": done.edition.fingerprint,
        "previous": done.previous.fingerprint if done.previous else None,
        "seconds": round(done.seconds, 3),
        "removed": list(done.removed),
        "notes": list(done.notes),
        **more,
    }


def _tell_nothing_to_do(service: Service, quiet: bool) -> dict[str, Any]:
    if not quiet:
        click.echo(f"{_answering(service)}, which is what the settings and this version ask for")
    return {"current": service.fingerprint, "previous": None, "seconds": 0.0, "removed": [], "notes": []}


def _answering(service: Service) -> str:
    return f"the index of {service.current.edition.embedder} answers"


def _time(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _size(number: int) -> str:
    return f"{number / 1e6:.0f} MB" if number < 10e9 else f"{number / 1e9:.1f} GB"
