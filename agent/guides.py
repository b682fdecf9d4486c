"""A working copy and the files of a plan -> what its people wrote for agents: AGENTS.md, or CLAUDE.md.

Read from the commit the run starts from, so an agent cannot rewrite what it is told. What a reader of the
rendered page does not see is taken out. See https://agents.md: the nearest file counts most.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from agent.intake.hidden import visible
from agent.observation import clipped
from agent.workspace import Workspace

_NAMES = ("AGENTS.md", "CLAUDE.md")  # the first that is there; a second most often repeats it
_LETTERS = 6000  # of all together, about 1,500 tokens: long rule files make agents worse
_BYTES = 1 << 16  # of one that are read
_SHORTEST = 500  # letters that a further file gets at least


def guides_for(workspace: Workspace, paths: Iterable[str] = ()) -> str:
    """The texts for these paths, the root's first, each under its name; "" where there is none."""
    folders = {PurePosixPath()}
    for path in paths:
        folders.update(PurePosixPath(path).parents)
    texts: list[str] = []
    room = _LETTERS
    for folder in sorted(folders, key=lambda folder: (len(folder.parts), folder)):
        name, text = _guide(workspace, folder)
        if text and room >= _SHORTEST:
            texts.append(f"{name}:\n\n{clipped(text, room)}")
            room -= len(text)
    return "\n\n".join(texts)


def _guide(workspace: Workspace, folder: PurePosixPath) -> tuple[str, str]:
    for name in _NAMES:
        path = (folder / name).as_posix()
        if (data := workspace.at(workspace.base, path)) is not None:
            return path, visible(data[:_BYTES].decode("utf-8", "replace")).text.strip()
    return "", ""
