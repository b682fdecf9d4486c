"""The commands of `cairn`, one file per noun, and the options they share."""

from __future__ import annotations

from pathlib import Path

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document on stdout.")
data_option = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Data directory. Default: CAIRN_DATA, else ~/.local/share/cairn.",
)
wait_option = click.option(
    "--wait", is_flag=True, help="Answer when everything on the disk is indexed, or after 30 seconds."
)
repo_option = click.option(
    "--repo",
    metavar="REPO",
    help="Name or path of a repository. Default: the one around this folder, else the only one.",
)
