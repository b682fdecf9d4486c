"""`cairn doctor`: a machine -> whether Cairn has what it needs on it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from .. import terminal
from ..settings import Settings
from . import data_option, json_option
from .index import local

_COLORS = {"ok": "green", "note": "yellow", "bad": "red"}


@click.command(short_help="Check what Cairn needs on this machine.")
@data_option
@json_option
def doctor(data: Path | None, as_json: bool) -> None:
    """Try everything Cairn needs, for real, and say what is missing. Exit code 1 when something fails."""
    settings = local(Settings.load(data=data))
    from ..doctor import examine
    from ..service import Service

    findings = []
    for finding in examine(Service(settings)):
        findings.append(finding)
        if not as_json:
            state = click.style(f"{finding.state:<4}", fg=_COLORS[finding.state])
            click.echo(f"{state} {finding.what}: {finding.said}")
            if finding.remedy:
                click.echo(f"     remedy: {finding.remedy}")
    bad = any(finding.state == "bad" for finding in findings)
    if as_json:
        document = {"ok": not bad, "findings": [asdict(f) for f in findings], "settings": settings.shown()}
        terminal.print_json(document)
    if bad:
        raise click.exceptions.Exit(1)
