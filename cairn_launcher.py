"""Where the `cairn` command begins: an import path on which no folder of the user can stand before ours.

Our packages have common names. A repository may hold an `api/` of its own, stand on PYTHONPATH, or be
the folder somebody is in. This module has a name of its own, and puts things in order before any of
our packages is imported. Worker processes inherit the path from here.
"""

from __future__ import annotations

import os
import sys


def main() -> int:
    set_import_path()
    # numpy's OpenBLAS keeps a thread for each core, which spins for 20 ms after it is started and after each
    # product; ours are small, and workers have a core each.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from api.cli import main as run

    return run()


def set_import_path() -> None:
    """Search the standard library and the installed packages first, then our own folder, then PYTHONPATH.

    The working directory is not searched at all, here and in every Python started from here.
    """
    unwanted = _real("")
    given = {_real(entry) for entry in os.environ.pop("PYTHONPATH", "").split(os.pathsep) if entry}
    own = os.path.dirname(os.path.abspath(__file__))
    first, last = [], []
    for entry in sys.path:
        place = _real(entry)
        if entry and place != unwanted:
            (last if place in given else first).append(entry)
    sys.path[:] = list(dict.fromkeys([*first, own, *last]))
    os.environ["PYTHONSAFEPATH"] = "1"


def _real(entry: str) -> str:
    """Where an entry of the path leads; "" is the working directory."""
    try:
        return os.path.realpath(entry)
    except FileNotFoundError:  # a relative one, in a working directory that was removed
        return entry
