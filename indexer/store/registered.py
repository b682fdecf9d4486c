"""The names and roots of the registered repositories <-> a small file beside the catalog.

The catalog can be made again from the files of each repository, but only this knows which they are.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

_FILE = "registered.json"


def write_registered(folder: Path, repos: Sequence[tuple[str, str]]) -> None:
    """Replace the list. The caller holds the catalog's write lock, so that no two write at once."""
    unfinished = folder / f"{_FILE}.new"
    with open(unfinished, "w", encoding="utf-8") as file:
        json.dump([{"name": name, "root": root} for name, root in repos], file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, folder / _FILE)


def read_registered(folder: Path) -> list[tuple[str, str]]:
    """The list; empty when there is none or it is no list of ours."""
    try:
        found = json.loads((folder / _FILE).read_bytes())
        return [(str(one["name"]), str(one["root"])) for one in found]
    except (OSError, ValueError, LookupError, TypeError):
        return []
