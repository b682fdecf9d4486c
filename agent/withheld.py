"""A working copy -> the values of its secret files, which no event, prompt or commit may hold.

Keys with a shape are masked wherever they appear. A password in a committed `.env` has none, and a
command that prints the file does not say where its text comes from; so the values themselves are known.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from agent.workspace import SECRET_VALUES, Workspace
from indexer.skip import Place, SkipReason, by_name

_FILE_BYTES = 1 << 20
_SHORTEST = 8  # letters; a shorter value is a word that code holds as well
_VALUE = re.compile(r"^\s*(?:export\s+)?([\w.-]{1,100})\s*[=:]\s*(.{1,1000}?)\s*$", re.M)
_SAYS_SO = re.compile(r"pass|pwd|secret|token|key|cred|private|auth|salt|dsn", re.I)


def values_withheld(workspace: Workspace) -> tuple[str, ...]:
    """Values of keys that sound secret, in tracked files that hold secrets by their name."""
    found: dict[str, None] = {}
    for path in workspace.tracked():
        name = PurePosixPath(path).name
        if not SECRET_VALUES.fullmatch(name) and by_name(name, Place()) is not SkipReason.SECRET_FILE:
            continue
        data = workspace.at(workspace.base, path) or b""
        for key, value in _VALUE.findall(data[:_FILE_BYTES].decode("utf-8", "replace")):
            bare = value.strip("\"'")
            if _SAYS_SO.search(key) and len(bare) >= _SHORTEST:
                found[bare] = None
    return tuple(found)
