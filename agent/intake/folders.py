"""A folder of specifications inside the repository -> the texts of its Markdown files.

A repository is not trusted: what leads out of it through a link is refused, and sizes are bounded.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from agent.beneath import Beneath
from indexer.errors import BadInput, Forbidden, NotFound

_BYTES = 512 << 10  # a specification has some 10 kB
_FILES = 300


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder `path`, relative to `root`, with forward slashes."""

    root: Path
    path: str

    def text(self, name: str) -> str | None:
        """The text of a file, None without one. Raises BadInput, Forbidden."""
        try:
            return read_text_file(self.root, f"{self.path}/{name}")
        except NotFound:
            return None

    def markdown(self, below: str = "") -> list[str]:
        """The Markdown files below a folder of this one, sorted, relative to this one; no hidden ones."""
        top = self.root / self.path
        start = top / below
        if not os.path.realpath(start).startswith(os.path.realpath(self.root) + os.sep):
            raise Forbidden(f"{self.path}/{below} leads out of the repository through a link")
        found: list[str] = []
        for folder, folders, files in os.walk(start):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                if name.lower().endswith(".md") and not name.startswith("."):
                    found.append((Path(folder) / name).relative_to(top).as_posix())
            if len(found) > _FILES:
                raise BadInput(
                    f"{self.path} holds more than {_FILES} Markdown files; give one change or feature"
                )
        return sorted(found)


def read_text_file(root: Path, path: str) -> str:
    """A UTF-8 file, its line ends as they are. Raises BadInput, NotFound, Forbidden."""
    data = Beneath(root).read(path, _BYTES)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput(f"{path} is UTF-16 text; save it as UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
