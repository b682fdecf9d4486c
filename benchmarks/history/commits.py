"""commits.json -> the repositories whose fixes are replayed, and what each needs to be tested."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import NotFound

LIST = Path(__file__).parent / "commits.json"


@dataclass(frozen=True, slots=True)
class Repository:
    """A public repository and fixes from its history.

    `repository` is `owner/name` on GitHub. `setup` are pip requirements with versions, for `python`
    (`3.11`). `source` are folders that come first on the import path. `commits` are full ids.
    """

    repository: str
    python: str
    setup: tuple[str, ...]
    source: tuple[str, ...]
    commits: tuple[str, ...]

    @property
    def folder(self) -> str:
        """The name of the repository as one folder: `owner+name`."""
        return self.repository.replace("/", "+")


def repositories(path: Path = LIST) -> list[Repository]:
    return [
        Repository(
            entry["repository"],
            entry["python"],
            tuple(entry["setup"]),
            tuple(entry["source"]),
            tuple(entry["commits"]),
        )
        for entry in json.loads(path.read_text())
    ]


def repository(name: str, path: Path = LIST) -> Repository:
    """The entry of one repository, by `owner/name`. Raises NotFound."""
    for entry in repositories(path):
        if entry.repository == name:
            return entry
    raise NotFound(f"{name} is not in {path}; add it with its setup first")


def write(entries: list[Repository], path: Path = LIST) -> None:
    """Write the list, one commit a line, so that a change of it can be reviewed."""
    listed = [
        {
            "repository": entry.repository,
            "python": entry.python,
            "setup": list(entry.setup),
            "source": list(entry.source),
            "commits": list(entry.commits),
        }
        for entry in sorted(entries, key=lambda entry: entry.repository)
    ]
    path.write_text(json.dumps(listed, indent=2) + "\n")
