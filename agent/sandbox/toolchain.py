"""A Python interpreter -> the folders a sandbox must show so that it runs inside."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import BadInput

_VISIBLE = Path("/usr")  # every room shows it
_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Toolchain:
    """Programs for a room: `folders` are shown read-only, `path` come first on PATH."""

    python: str
    folders: tuple[Path, ...]
    path: tuple[str, ...]


def python_toolchain(python: Path | None = None, further: tuple[Path, ...] = ()) -> Toolchain:
    """The interpreter `python`, by default the one that runs Cairn, and `further` folders of tools.

    Only what somebody configured is shown: an interpreter found inside a repository could be a link
    to anything.
    """
    executable = Path(sys.executable) if python is None else python
    prefixes = (sys.prefix, sys.base_prefix) if python is None else _prefixes(executable)
    folders = list(dict.fromkeys(Path(prefix) for prefix in prefixes))
    shown = [folder for folder in folders if not folder.is_relative_to(_VISIBLE)]
    bins = [folder / "bin" for folder in further if (folder / "bin").is_dir()]
    return Toolchain(
        str(executable), (*shown, *further), (str(executable.parent), *(str(folder) for folder in bins))
    )


def _prefixes(executable: Path) -> tuple[str, str]:
    try:
        done = subprocess.run(
            [str(executable), "-c", "import sys; print(sys.prefix); print(sys.base_prefix)"],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        )
        prefix, base = done.stdout.splitlines()
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise BadInput(f"{executable} is no Python interpreter that runs here: {error}") from error
    return prefix, base
